"""What a stream can show: colour on a terminal, plain text elsewhere and with NO_COLOR."""

from __future__ import annotations

import os
import re
import sys
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

Part = str | tuple[str, str]  # of a line: a text, or a text and its style

# all but tab and line feed: text from Shopify must not steer a terminal
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WIDE = 100_000  # columns, so that nothing is cut or wrapped in a file


def draws(stream: IO[str]) -> bool:
    """Whether colour and bars may go to a stream."""
    return (
        stream.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "dumb") != "dumb"
    )


def console_of(stream: IO[str]) -> Console:
    """rich's console for a stream; where it may not draw, it gives plain text."""
    # imported here: --help, and every command that is redirected, does without
    from rich.console import Console

    if not draws(stream):
        return Console(file=stream, color_system=None, width=_WIDE, highlight=False)
    return Console(file=stream, force_terminal=True, highlight=False)


def visible(text: str) -> str:
    """A text in which control characters, such as a terminal's commands, are marks."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def show(*parts: Part, err: bool = False) -> None:
    """Print a line, its parts in their styles where the stream can show them."""
    stream = sys.stderr if err else sys.stdout
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    texts = [(visible(text), style) for text, style in pairs]
    if not draws(stream):
        click.echo("".join(text for text, _ in texts), err=err)
        return
    from rich.text import Text

    console_of(stream).print(Text.assemble(*texts), soft_wrap=True)
