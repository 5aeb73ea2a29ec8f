"""What the commands share: errors without a traceback, options, progress, the log."""

from __future__ import annotations

import logging
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click

from cartwheel.cli.log import LogFile
from cartwheel.cli.option_values import days
from cartwheel.cli.screen import Screen
from cartwheel.core.errors import INTERRUPTED, INTERRUPTED_TOLD, CartwheelError
from cartwheel.core.file_errors import disk_told
from cartwheel.core.interruptions import (
    forget,
    interrupt,
    interrupting_signals,
    is_interruption,
)
from cartwheel.core.settings import Settings
from cartwheel.sync_lock import expect_nobody_at_work

json_option = click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
shop_option = click.option(
    "--shop", default="", metavar="NAME", help="Read only this store of shops.toml."
)
since_option = click.option(
    "--since", callback=days, help="Skip orders created before this period, such as 60d."
)
strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Exit with 3 if any record is held back, not only newly held back ones.",
)
full_option = click.option(
    "--full", is_flag=True, help="Do all of it, even what cannot have changed since last time."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing to HubSpot.")

logger = logging.getLogger(__name__)

Report = TypeVar("Report")


class Group(click.Group):
    """Commands in the order of the pipeline, and errors without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order they were added, which is the order of the steps."""
        del ctx
        return list(self.commands)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, which takes --quiet and the like after its name as well."""
        super().add_command(with_log_options(cmd), name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a CartwheelError becomes one line on stderr and its exit code.

        Several failed stores get a line each. Ctrl-C and SIGTERM end with 130 and a
        sentence.
        """
        Screen.of(ctx)
        with _end_logged(ctx):
            try:
                with _terminated_as_interrupted(), disk_told():
                    return super().invoke(ctx)
            except CartwheelError as error:
                for text in (str(error), *getattr(error, "__notes__", ())):
                    logger.error("%s", text)
                raise click.exceptions.Exit(error.exit_code) from None
            except click.exceptions.Exit:
                raise
            except (KeyboardInterrupt, click.Abort, RuntimeError) as error:
                if type(error) is RuntimeError and not is_interruption(error):
                    raise
                logger.warning(INTERRUPTED_TOLD)
                # Python kills itself at its end where an interruption came in code that was run
                # from text, as dataclasses and templates are made; other such code forgets that
                exec("")  # noqa: S102 - it does nothing else
                raise click.exceptions.Exit(INTERRUPTED) from None


def show_details(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    """What --verbose does."""
    del option
    if wanted:
        Screen.of(ctx).show_details()


def show_less(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    """What --quiet does."""
    del option
    if wanted:
        Screen.of(ctx).show_less()


def log_to(ctx: click.Context, option: click.Parameter, path: Path | None) -> None:
    """What --log-file does."""
    del option
    if path is not None:
        Screen.of(ctx).log_to(LogFile(path))
        logger.debug("cartwheel %s begins", version("cartwheel"))


quiet_option = click.option(
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=show_less,
    help="Show warnings and errors alone, and of what was done only JSON.",
)
verbose_option = click.option(
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=show_details,
    help="Show each request on stderr: its status, time and id.",
)
log_file_option = click.option(
    "--log-file",
    type=click.Path(path_type=Path, dir_okay=False),
    expose_value=False,
    callback=log_to,
    help="Append every line, with its time, and each request to this file.",
)


def with_log_options(command: click.Command) -> click.Command:
    """Give a command, and those below it, --quiet, --verbose and --log-file."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            with_log_options(each)
    return log_file_option(verbose_option(quiet_option(command)))


def settings_of(ctx: click.Context, *, while_at_work: bool = False) -> Settings:
    """The settings that the --env option names; the log leaves their secrets out.

    What a person should know of them is told once, on stderr. With while_at_work, it is a
    command that may run beside a sync or a step of the same warehouse: one that opens no
    warehouse then, or for moments for which it waits.

    Raises AlreadyRunning for others if another process is at work on it.
    """
    settings = Settings.read(ctx.obj)
    screen = Screen.of(ctx)
    screen.redactor.hide(settings.secret_values())
    screen.redactor.show(settings.env_file, settings.warehouse)
    for warning in settings.warnings:
        screen.warn_once(warning)
    if not while_at_work:
        expect_nobody_at_work(settings.warehouse)
    return settings


def screen_of(ctx: click.Context, as_data: bool) -> Screen:
    """Where a command's progress goes; stdout is left to its report if that is JSON."""
    screen = Screen.of(ctx)
    screen.as_data = as_data
    return screen


@contextmanager
def at_work(ctx: click.Context) -> Iterator[Screen]:
    """Show signs of life while a command works; nothing is printed within the block."""
    screen = Screen.of(ctx)
    with screen.at_work(ctx.info_name or ""):
        yield screen


def show_also_failed(run: Callable[[], Report], show: Callable[[Report], None]) -> None:
    """Show a run's report, even if a part of the run failed; then raise that failure."""
    try:
        with at_work(click.get_current_context()):
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
    # not at the end: threads that the command left behind must not take heart again
    forget()
    before = {each: signal.signal(each, interrupt) for each in interrupting_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _end_logged(ctx: click.Context) -> Iterator[None]:
    """Log how a command ended.

    Of an error that nobody thought of, it logs the kind and the place: its words may hold data.
    """
    begun = time.monotonic()
    ended = "0"
    try:
        yield
    except click.exceptions.Exit as error:
        ended = str(error.exit_code)
        raise
    except click.ClickException as error:
        ended = f"{error.exit_code} ({error.format_message()})"
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        ended = f"{type(error).__name__} in {place.name}, line {place.lineno}"
        raise
    finally:
        logger.debug(
            "%s ended with %s after %.1f s",
            ctx.invoked_subcommand,
            ended,
            time.monotonic() - begun,
        )
