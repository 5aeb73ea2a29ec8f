"""Shopify's and HubSpot's APIs on this machine, for trying and testing."""

from __future__ import annotations

from pathlib import Path

import click

from cartwheel.core.errors import CartwheelError


@click.command()
@click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    help="Serve this store folder; with --orders, write the generated store there first.",
)
@click.option(
    "--orders", type=click.IntRange(min=1), help="Generate a store with this many orders."
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed generates the same store.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 for a free one. Default: 8765, or a free one if it is in use.",
)
@click.option(
    "--write-env",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the settings for reaching the sandbox to this file once it listens; the "
    "warehouse is placed beside it, under the same name.",
)
@click.option(
    "--portal",
    type=click.IntRange(min=1),
    default=62515,
    show_default=True,
    help="The id of the HubSpot account.",
)
def sandbox(
    store: Path | None,
    orders: int | None,
    seed: int,
    port: int | None,
    write_env: Path | None,
    portal: int,
) -> None:
    """Serve Shopify's and HubSpot's APIs on this machine."""
    if store is None and orders is None:
        raise click.UsageError("Give a store folder (--store) or a size (--orders).")
    # imported here: the two APIs' schemas take as long to load as all the other commands
    from sandbox.run import run_sandbox

    try:
        run_sandbox(
            store,
            orders=orders,
            seed=seed,
            port=port,
            write_env=write_env,
            portal=portal,
            say=click.echo,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        raise CartwheelError(f"The sandbox stopped: {what}{error.strerror or error}") from None
