"""The page of the exit codes: which error ends a command with which."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from cartwheel.cli.app import main
from cartwheel.core import errors
from cartwheel.core.errors import CartwheelError
from docs_reference.markdown import escaped, page, table

PATH = "reference/exit-codes.md"


def exit_codes_page() -> str:
    """Each code with its meaning, and the errors that end with it."""
    return page(
        "Exit codes",
        "the command's help and the errors of the code",
        table(["code", "means"], ((f"`{code}`", text) for code, text in meanings().items())),
        "[How a command ended](../operations.md#how-a-command-ended) says when exactly a "
        "command ends with 3 or 4, and how to have it judge more strictly.",
        "## The errors",
        "The names stand in the code, `cartwheel/core/errors.py`; a command prints the message "
        "alone.",
        table(["code", "error", "when"], _errors()),
    )


def meanings() -> dict[int, str]:
    """What `cartwheel --help` says of each code."""
    told = re.findall(r"^ *(\d+) +(\S.*)$", main.help or "", re.MULTILINE)
    return {int(code): escaped(text) for code, text in told}


def _errors() -> Iterator[tuple[str, str, str]]:
    classes = [
        each
        for _, each in inspect.getmembers(errors, inspect.isclass)
        if issubclass(each, CartwheelError) and each is not CartwheelError
    ]
    # stable: those of one code stay in the order of the module
    classes.sort(key=lambda each: (each.exit_code, inspect.getsourcelines(each)[1]))
    for each in classes:
        first = inspect.getdoc(each) or ""
        yield f"`{each.exit_code}`", f"`{each.__name__}`", escaped(first.partition("\n\n")[0])
