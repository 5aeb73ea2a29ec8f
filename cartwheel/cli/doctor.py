"""What is wrong with the set-up, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from cartwheel.cli.command_line import at_work, json_option, screen_of, settings_of
from cartwheel.cli.printing import as_json
from cartwheel.cli.screen import as_typed
from cartwheel.cli.terminal import show
from cartwheel.core.errors import FAILED
from cartwheel.doctor.checks import Check, Report
from cartwheel.doctor.examination import examine

_STYLES = {"ok": "green", "warning": "yellow", "wrong": "bold red", "not checked": "dim"}
_WIDTH = 13  # of a state, with the space behind it


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_data: bool) -> None:
    """Check the set-up, and access on both sides; say what to fix. Writes nothing."""
    env_file = ctx.obj or Path(".env")
    screen = screen_of(ctx, as_data)
    with at_work(ctx):
        report = examine(lambda: settings_of(ctx, while_at_work=True), env_file, screen.say)
    if as_data:
        click.echo(as_json(report))
    elif screen.quiet:
        print_checks(each for each in report.checks if each.state in ("warning", "wrong"))
    else:
        print_checks(report.checks)
        click.echo(f"\n{summary(report)}")
    if report.wrong:
        ctx.exit(FAILED)


def print_checks(checks: Iterable[Check]) -> None:
    """Print a line for each check, and below it what to do."""
    subject = ""
    for check in checks:
        if check.subject != subject:
            if subject:
                click.echo()
            subject = check.subject
            show((subject, "bold"))
        state = (f"{check.state:<{_WIDTH}}", _STYLES[check.state])
        show(state, f"{check.name}: {as_typed(check.said)}")
        if check.fix:
            show(" " * _WIDTH, (f"-> {as_typed(check.fix)}", "bold"))


def summary(report: Report) -> str:
    """How many checks ended how."""
    return (
        f"{report.wrong} wrong, {report.warnings} to look at, {report.number('ok')} ok, "
        f"{report.number('not checked')} not checked"
    )
