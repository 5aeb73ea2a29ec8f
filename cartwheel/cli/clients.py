"""A command over many clients' settings, and the table of how it ended for each."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import click

from cartwheel.cli.app import COMMANDS
from cartwheel.cli.command_line import json_option, screen_of
from cartwheel.cli.json_text import as_json
from cartwheel.cli.tables import print_table
from cartwheel.cli.terminal import show
from cartwheel.cli.typed import Hints, typed
from cartwheel.clients import find_clients
from cartwheel.core.sentences import first_sentence
from cartwheel.each_client import CLIENT, EachClient, Outcome, worst
from cartwheel.last_runs import STEPS

# these read no client's settings, or run until somebody ends them
_NOT_FOR_CLIENTS = {"demo", "sandbox", "each"}
# options that name a file or a folder to write, which clients must not share
_WRITTEN = ("--output", "--out", "--html", "--keep", "--log-file")

STEP_FAILED = "a step failed"  # the outcome of status where it says so of a last run

logger = logging.getLogger(__name__)


class OnBothSides(click.Command):
    """A command whose options stand before its first argument or after it.

    What follows from the second argument on is another command's, options included.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move the options that follow the first argument in front of it."""
        rest = self._after_options(ctx, args)
        if rest:
            after = self._after_options(ctx, rest[1:])
            before, between = args[: len(args) - len(rest)], rest[1 : len(rest) - len(after)]
            args = [*before, *between, rest[0], *after]
        return super().parse_args(ctx, args)

    def _after_options(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments from the first that is not an option on."""
        options = [each for each in self.params if each.param_type_name == "option"]
        parser = click.Command(self.name, params=options).make_parser(ctx)
        return parser.parse_args([*args])[1]


@click.command(cls=OnBothSides, context_settings={"allow_interspersed_args": False})
@json_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Run it for this many clients at once.",
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def each(
    ctx: click.Context, as_data: bool, jobs: int, folder: Path, command: tuple[str, ...]
) -> None:
    """Run a command for each client whose settings are in FOLDER.

    A client is a folder with a .env in it, or a NAME.env. Each runs in a process of its own,
    whatever happens to the others; {client} in the command stands for its name. A file .paused
    in its folder keeps a client out. The exit code is the worst: 130, 1, 4, 2, 3, 0.
    """
    if ctx.obj is not None:
        raise click.UsageError("--env names one settings file, but each client has its own.")
    if command[0] not in COMMANDS or command[0] in _NOT_FOR_CLIENTS:
        raise click.UsageError(f"{command[0]!r} is not a command that is run for a client.")
    screen = screen_of(ctx, as_data or "--json" in command)
    clients = find_clients(folder, os.environ)
    for client in clients:
        if client.settings:
            screen.redactor.hide(client.settings.secret_values())
    if len(clients) > 1:
        active = sum(client.paused is None for client in clients)
        _refuse_shared(command, jobs, active)
    if command[0] != "dbt":  # whose options have other meanings
        _refuse_wrong(ctx, command)
        quiet = screen.quiet or "--quiet" in command
        command = (*command, "--quiet") if screen.quiet else command
    else:
        quiet = screen.quiet
    counts = command[0] == "status"
    if counts and "--json" not in command:
        command = (*command, "--json")
    program = typed(sys.argv[0], sys.orig_argv, None)
    lock = Lock()

    def tell(name: str, line: str, aside: bool) -> None:
        with lock:
            show((f"{name:<{width}}", "cyan"), f"  {line}", err=aside or screen.as_data)

    width = max(len(client.name) for client in clients)
    running = EachClient(command, tell, reports="--json" in command, program=program)
    outcomes = running.run(clients, jobs)
    if counts:
        outcomes = [with_last_run(one, program) for one in outcomes]
    for outcome in outcomes:
        logger.debug("%s: %s. %s", outcome.client, outcome.outcome, outcome.message)
    if screen.as_data:
        click.echo(as_json({"clients": [_as_data(outcome) for outcome in outcomes]}))
    elif shown := [one for one in outcomes if not (quiet and one.in_order)]:
        print_outcomes(shown, counts=counts)
    ctx.exit(worst(outcomes))


def print_outcomes(outcomes: Sequence[Outcome], *, counts: bool) -> None:
    """Print a line for each client; with counts, also what its HubSpot account holds."""
    states = [outcome.report or {} for outcome in outcomes] if counts else []
    objects = sorted({name for state in states for name in state.get("synced", ())})
    header = ["client", "outcome", "seconds", *objects]
    header += ["held back"] if counts else []
    rows: list[list[Any]] = []
    for place, outcome in enumerate(outcomes):
        row: list[Any] = [outcome.client, outcome.outcome, outcome.seconds]
        if counts:
            state = states[place]
            row += [state.get("synced", {}).get(name) for name in objects]
            held = state.get("held_back")
            row.append(None if held is None else sum(each["records"] for each in held))
        rows.append([*row, outcome.message])
    click.echo()
    print_table([*header, ""], rows)


def with_last_run(outcome: Outcome, program: str) -> Outcome:
    """An outcome of status with the runs that failed, or else the step that was run last."""
    runs = (outcome.report or {}).get("runs", [])
    failed = [run for run in runs if run["status"] not in ("succeeded", "running")]
    if failed:
        told = Hints()
        env = shlex.join(["--env", outcome.env_file])
        told.repeat(f"{program} {env}", COMMANDS, program)
        said = [f"{run['step']}: {first_sentence(told.told(run['detail']))}" for run in failed]
        remark = "" if outcome.exit_code else STEP_FAILED
        return replace(outcome, message=outcome.message or "; ".join(said), remark=remark)
    if outcome.message or outcome.report is None:
        return outcome
    if not runs:
        return replace(outcome, message="nothing was run yet")
    # of several that ended together, as where nothing was new, the last step
    steps = [run for run in runs if run["step"] in STEPS] or runs  # as --fail-if-older-than
    last = max(reversed(steps), key=lambda run: str(run["finished_at"] or run["started_at"]))
    at = str(last["finished_at"] or last["started_at"])[:19]
    return replace(outcome, message=f"{last['step']} {last['status']}, {at} UTC")


def _as_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON has it."""
    return {
        "client": outcome.client,
        "env_file": outcome.env_file,
        "exit_code": outcome.exit_code,
        "outcome": outcome.outcome,
        "seconds": outcome.seconds,
        "message": outcome.message,
        **({} if outcome.report is None else {"report": outcome.report}),
    }


def _refuse_shared(command: Sequence[str], jobs: int, clients: int) -> None:
    """Raise UsageError where clients would write one file, or the first would never end."""
    if any(part.split("=")[0] == "--watch" for part in command) and jobs < clients:
        raise click.UsageError(
            f"A command with --watch does not end, so only {jobs} of {clients} clients would "
            f"be served. Give all of them a process with --jobs {clients}, or use cron."
        )
    if command[0] == "dbt":  # whose options have other meanings
        return
    for option, value in zip(command, (*command[1:], ""), strict=True):
        name, equals, joined = option.partition("=")
        if name in _WRITTEN and CLIENT not in (joined if equals else value):
            raise click.UsageError(
                f"Each client would write the same {name}. Put {CLIENT} into it, for which the "
                f"client's name is set: {name} '{CLIENT}-{Path(joined or value).name}'"
            )
    pages = command[0] == "dashboard" and not {"--list", "--help", "-h"} & {*command}
    if pages and not any(CLIENT in part for part in command):
        raise click.UsageError(
            "Each client's page would replace the one before. Give each a file of its own, "
            f"such as: dashboard --output '{CLIENT}.html'"
        )
    if command[0] == "workflows" and "preview" in command and not _has_own("--out", command):
        raise click.UsageError(
            "Each client's preview would replace the one before. Give each a folder of its "
            f"own, such as: {' '.join(command)} --out '{CLIENT}-preview'"
        )


def _has_own(option: str, command: Sequence[str]) -> bool:
    """Whether a command has an option, or only asks for help."""
    return any(part.split("=")[0] in (option, "--help", "-h") for part in command)


def _is_of_client(value: Any) -> bool:
    """Whether an option's value is another one for each client."""
    return CLIENT in str(value)


def _refuse_wrong(ctx: click.Context, command: Sequence[str]) -> None:
    """Raise UsageError for what the command would refuse for every client, told once.

    Options that show or write something are left to the command itself.
    """
    outer, words = ctx.find_root(), [*command]
    group = outer.command
    while isinstance(group, click.Group):
        name, found, words = group.resolve_command(outer, words)
        if found is None:
            return
        outer = click.Context(found, parent=outer, info_name=name)
        given, words, order = found.make_parser(outer).parse_args(words)
        if "help" in given:
            return
        for option in click.core.iter_params_for_processing(order, found.get_params(outer)):
            if option.expose_value and not _is_of_client(given.get(option.name)):
                _, words = option.handle_parse_result(outer, given, words)
        if isinstance(found, click.Group) and not words:
            return
        group = found
    if words:
        raise click.UsageError(f"Got unexpected extra arguments ({' '.join(words)})", outer)
