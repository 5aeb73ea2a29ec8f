"""The settings file: what its lines say, and whether others can read the secrets in it."""

from __future__ import annotations

import re
import shlex
import stat
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from cartwheel.core.errors import SettingsError

_SECRET = re.compile(r"TOKEN|SECRET|PASSWORD", re.IGNORECASE)


def read_env_file(path: Path) -> dict[str, str]:
    """The settings of a file of NAME=value lines; of a name written twice, the last value.

    Raises SettingsError if the file cannot be read, or naming every line that is neither a
    setting nor a comment nor blank; what such a line holds is not shown, as it may be a secret.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            f"{path}, line {number}: this is not UTF-8 text. Save the file as UTF-8, then "
            "repeat the command."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}. Check the rights of "
            "the file and of its folder, then repeat the command."
        ) from None
    found: dict[str, str] = {}
    wrong = []
    for line in parse_stream(StringIO(text)):
        begin = line.original.string
        blank = begin[: len(begin) - len(begin.lstrip())]
        if line.error or (line.key is not None and line.value is None):
            # a line of the parser's begins with the blank lines before it
            wrong.append(line.original.line + blank.count("\n"))
        elif line.key is not None:
            found[line.key] = line.value or ""
    if wrong:
        lines = ", ".join(map(str, wrong))
        raise SettingsError(
            f"{path}, line{'s' if len(wrong) > 1 else ''} {lines}: this is neither NAME=value "
            "nor a comment (# …) nor blank. Write each setting on a line of its own, like "
            "SHOPIFY_SHOP=name.myshopify.com; a value that begins with a quotation mark ends "
            "with one."
        )
    return found


def readable_secrets(path: Path, settings: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A warning if the file holds a secret and other users of the machine may read it."""
    mode = path.stat().st_mode
    if mode & (stat.S_IRGRP | stat.S_IROTH) and any(
        value and _SECRET.search(name) for name, value in settings
    ):
        yield (
            f"{path} holds secrets, and other users of this machine can read it. Run: "
            f"chmod 600 {shlex.quote(str(path))}"
        )
