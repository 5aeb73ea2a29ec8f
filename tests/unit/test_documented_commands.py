"""What the documents tell to type exists; a test types it, or the page says why none does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from cartwheel.cli.app import main
from tests.end_to_end.documents import (
    ALONE,
    NOT_RUN,
    ON_THE_STORE,
    blocks,
)
from tests.unit.repository import ROOT, text_files

PAGES = [str(path) for path in text_files() if path.suffix == ".md"]
# what stands for something else, in a line that shows the form of a command
PLACEHOLDERS = re.compile(r"…|\b[A-Z]{3,}\b|<|\{")
INLINE = re.compile(r"`((?:\.venv/bin/)?cartwheel [^`]+)`")


def mentioned(page: str) -> Iterator[str]:
    """Every command of ours in a page: lines of its blocks, and code within its sentences."""
    for block in blocks(page):
        for line in block.text.splitlines():
            at = re.search(r"(?:^|[ =])((?:\.venv/bin/)?cartwheel .*)", line)
            if at:
                yield re.split(r" >>? | 2>| &$|; ", at[1])[0]
    if not page.endswith(("CHANGELOG.md", "DECISIONS.md")):  # they tell of earlier ones too
        for line in (ROOT / page).read_text().splitlines():
            yield from INLINE.findall(line)


def wrong(typed: str) -> str | None:
    """What is wrong with a command: a name or an option that there is not; None if nothing."""
    return _wrong(main, click.Context(main), shlex.split(typed)[1:])


def _wrong(command: click.Command, context: click.Context, words: list[str]) -> str | None:
    """Judge the words after a command's name."""
    if command.name == "dbt":
        return None  # all of them are dbt's
    has_folder = False  # each takes a folder, then another command
    while words:
        word, *words = words
        if word.startswith("-"):
            name, _, value = word.partition("=")
            option = _option(command, context, name)
            if option is None:
                return f"{command.name or 'cartwheel'} has no option {name}"
            takes_value = isinstance(option, click.Option) and not option.is_flag
            if takes_value and not value and words and not words[0].startswith("-"):
                words = words[1:]
        elif isinstance(command, click.Group):
            below = command.get_command(context, word)
            if below is None:
                return f"there is no command {word}"
            return _wrong(below, click.Context(below, parent=context), words)
        elif command.name == "each" and has_folder:
            return _wrong(main, click.Context(main), [word, *words])
        else:
            has_folder = True
    return None


def _option(
    command: click.Command, context: click.Context, name: str
) -> click.Parameter | None:
    for each in command.get_params(context):
        if name in (*each.opts, *each.secondary_opts):
            return each
    return None


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_options_exist(page):
    """A command that a page names exists, and so does each option of it."""
    offenders = [
        f"{typed}: {problem}"
        for typed in mentioned(page)
        if not PLACEHOLDERS.search(typed)
        if (problem := wrong(typed))
    ]

    assert offenders == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("cartwheel sync --dry-run", None),
        ("cartwheel --env s.env load --verify all", None),
        ("cartwheel each clients/ --jobs 2 sync --dry-run", None),
        ("cartwheel dbt show --inline 'select 1'", None),
        ("cartwheel sink", "there is no command sink"),
        ("cartwheel sync --dry", "sync has no option --dry"),
        (
            "cartwheel --env s.env workflows clone re_engagement --ass x",
            "clone has no option --ass",
        ),
        ("cartwheel each clients/ sync --jobs 2", "sync has no option --jobs"),
    ],
)
def test_a_command_that_does_not_exist_is_found(typed, problem):
    """The check tells a good command from each kind of bad one."""
    assert wrong(typed) == problem


def test_every_page_with_commands_is_run():
    """A page that tells to type something is run by test_documents.py or test_readme.py."""
    run = {*ON_THE_STORE, *ALONE, *NOT_RUN}

    assert {page for page in PAGES if any(blocks(page))} == run
