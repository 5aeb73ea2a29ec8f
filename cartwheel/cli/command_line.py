"""What the commands share: errors without a traceback, options, progress, reports."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import click

from cartwheel.core.errors import INTERRUPTED, CartwheelError
from cartwheel.core.file_errors import disk_told
from cartwheel.core.progress import Say, labelled
from cartwheel.core.settings import Settings

json_option = click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
shop_option = click.option(
    "--shop", default="", metavar="NAME", help="Read only this store of shops.toml."
)
strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Exit with 3 if any record is held back, not only newly held back ones.",
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing to HubSpot.")

Report = TypeVar("Report")


class Group(click.Group):
    """Commands in the order of the pipeline, and errors without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order they were added, which is the order of the steps."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a CartwheelError becomes one line on stderr and its exit code.

        Several failed stores get a line each. Ctrl-C and SIGTERM end with 130 and a
        sentence.
        """
        try:
            with _terminated_as_interrupted(), disk_told():
                return super().invoke(ctx)
        except CartwheelError as error:
            for text in (str(error), *getattr(error, "__notes__", ())):
                click.echo(f"Error: {text}", err=True)
            ctx.exit(error.exit_code)
        except click.exceptions.Exit:
            raise
        except (KeyboardInterrupt, click.Abort, RuntimeError) as error:
            # DuckDB raises its own error for an interruption within a query
            if type(error) is RuntimeError and str(error) != "Query interrupted":
                raise
            click.echo(
                "Interrupted. Completed work is kept; the same command resumes from there.",
                err=True,
            )
            ctx.exit(INTERRUPTED)


def settings_of(ctx: click.Context) -> Settings:
    """The settings that the --env option names."""
    return Settings.read(ctx.obj)


def typed() -> str:
    """The command as the user typed it, so that suggestions can repeat its form."""
    program = Path(sys.argv[0])
    return str(program) if program.name == "cartwheel" else "cartwheel"


def say_to(as_data: bool, step: str = "") -> Say:
    """Progress lines go to stdout, or to stderr where stdout carries JSON."""

    def say(line: str) -> None:
        click.echo(line, err=as_data)

    return labelled(say, step) if step else say


def show_also_failed(run: Callable[[], Report], show: Callable[[Report], None]) -> None:
    """Show a run's report, even if a part of the run failed; then raise that failure."""
    try:
        report = run()
    except CartwheelError as failed:
        if failed.report is not None:
            show(failed.report)
        raise
    show(report)


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end a command like Ctrl-C: connections are closed, the run is recorded."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
