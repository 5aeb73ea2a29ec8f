"""The lake: what Spark reads, and what it gives back."""

from __future__ import annotations

from pathlib import Path

import click

from cartwheel.cli.command_line import json_option, screen_of, settings_of, show_also_failed
from cartwheel.cli.printing import print_done
from cartwheel.cli.screen import hint
from cartwheel.core.progress import labelled
from cartwheel.lake.export import ExportReport, export_to_lake
from cartwheel.lake.marts import ImportReport, import_from_lake


@click.group()
def lake() -> None:
    """Exchange tables with Apache Spark: export raw, import what Spark built.

    For several stores that are too large for one machine, or where data have to stay in a
    lakehouse. Between the two, build the models on Spark (engines/spark/README.md).
    """


@lake.command("export")
@json_option
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="The lake's folder; it is made if it does not exist.",
)
@click.pass_context
def export(ctx: click.Context, as_data: bool, folder: Path) -> None:
    """Write to a lake, as Parquet, what landed since the last export."""
    settings, screen = settings_of(ctx), screen_of(ctx, as_data)

    def tell(report: ExportReport) -> None:
        click.echo(report.in_words())
        hint(
            "To build the models on Spark: .venv-spark/bin/python engines/spark/build.py "
            f"--lake {folder}"
        )

    show_also_failed(
        lambda: export_to_lake(settings, folder, labelled(screen.say, "export"), screen.watch),
        lambda report: print_done(report, as_data, lambda: tell(report)),
    )


@lake.command("import")
@json_option
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    metavar="FOLDER",
    help="The lake's folder.",
)
@click.pass_context
def import_marts(ctx: click.Context, as_data: bool, folder: Path) -> None:
    """Replace the marts of the warehouse by what Spark built last."""
    settings, screen = settings_of(ctx), screen_of(ctx, as_data)

    def tell(report: ImportReport) -> None:
        click.echo(report.in_words())
        if report.enrolments:
            click.echo(f"{report.enrolments:,} enrolments added to ops.enrolments")
        hint("To see what a load would write: cartwheel plan")

    show_also_failed(
        lambda: import_from_lake(
            settings, folder, labelled(screen.say, "import"), screen.watch
        ),
        lambda report: print_done(report, as_data, lambda: tell(report)),
    )
