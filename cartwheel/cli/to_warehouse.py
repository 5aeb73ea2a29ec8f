"""The steps up to the quality gate: Shopify to raw, raw to the marts, the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cartwheel.cli.command_line import (
    full_option,
    json_option,
    screen_of,
    settings_of,
    shop_option,
    show_also_failed,
    since_option,
)
from cartwheel.cli.printing import print_done
from cartwheel.core.progress import labelled
from cartwheel.extract_shops import extract_all, replay
from cartwheel.gated import pass_gate
from cartwheel.transform import transform as run_transform


@click.command()
@json_option
@shop_option
@since_option
@click.option(
    "--via",
    type=click.Choice(["auto", "bulk", "pages"]),
    default="auto",
    show_default=True,
    help="Read with bulk operations or page by page; auto chooses by size.",
)
@click.option("--sweep", is_flag=True, help="Compare all ids, even if it is not due.")
@click.option(
    "--allow-deletes",
    is_flag=True,
    help="Mark records that Shopify no longer lists as deleted, even beyond the guard's limit.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the landed files in this folder.",
)
@click.option(
    "--from-jsonl", is_flag=True, help="Land saved bulk operation files; calls no API."
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def extract(
    ctx: click.Context,
    /,
    as_data: bool,
    shop: str,
    from_jsonl: bool,
    files: tuple[Path, ...],
    **options: Any,
) -> None:
    """Land what changed in Shopify in the warehouse, as raw JSON."""
    if bool(files) != from_jsonl:
        raise click.UsageError("Use --from-jsonl together with the files to land.")
    screen = screen_of(ctx, as_data)
    say = labelled(screen.say, "extract")

    def run() -> Any:
        settings = settings_of(ctx, while_at_work=True)
        if from_jsonl:
            return replay(settings, files, say, shop=shop)
        return extract_all(settings, say, shop=shop, watch=screen.watch, **options)

    show_also_failed(run, lambda report: print_done(report, as_data, lambda: None))


@click.command()
@json_option
@full_option
@click.option("--full-refresh", is_flag=True, help="Parse all JSON, not only new records.")
@click.pass_context
def transform(ctx: click.Context, as_data: bool, full: bool, full_refresh: bool) -> None:
    """Build and test the dbt models that can have changed (dbt build of those)."""
    screen = screen_of(ctx, as_data)
    say = labelled(screen.say, "transform")
    settings = settings_of(ctx)
    show_also_failed(
        lambda: run_transform(
            settings, say, full=full, full_refresh=full_refresh, watch=screen.watch
        ),
        lambda report: print_done(report, as_data, lambda: None),
    )


@click.command()
@json_option
@click.pass_context
def check(ctx: click.Context, as_data: bool) -> None:
    """Run the quality gate; exit code 4 if it is closed."""
    settings, screen = settings_of(ctx), screen_of(ctx, as_data)
    show_also_failed(
        lambda: pass_gate(settings, screen.say, screen.watch),
        lambda report: print_done(report, as_data, lambda: None),
    )
