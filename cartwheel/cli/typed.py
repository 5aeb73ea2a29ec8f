"""What to type next, in the form in which the user typed this command."""

from __future__ import annotations

import logging
import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from shutil import which

import cartwheel

NAME = "cartwheel"

# before a command that our texts tell to type: "Run: ", "see which: ", ", then ", "&& ", …
_BEFORE = r"(?P<before>\b[Rr]un |: (?:[A-Z_]+=\S+ )?|; |,? or |,? and (?:then )?|, then |&& )"


class Hints(logging.Filter):
    """Puts the command as it was typed in the place of its name, where texts say what to type.

    Only where such a text of ours is recognised by what stands around the command; details
    (DEBUG) are left as they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self._command = self._program = NAME
        self._hint: re.Pattern[str] | None = None

    def repeat(self, command: str, commands: Iterable[str], program: str = NAME) -> None:
        """From now on, name the program like this, before one of these commands.

        program is the same without the settings file, for texts that name one themselves.
        """
        self._command, self._program = command, program
        names = "|".join(map(re.escape, commands))
        self._hint = re.compile(rf"{_BEFORE}{NAME}(?= (?:(?P<env>--env )|(?:{names})\b))")

    def told(self, text: str) -> str:
        """A text of ours with the command as it was typed."""
        if self._hint is None or self._command == NAME:
            return text
        return self._hint.sub(
            lambda match: match["before"] + (self._program if match["env"] else self._command),
            text,
        )

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if record.levelno > logging.DEBUG:
            record.msg, record.args = self.told(record.getMessage()), ()
        return True


def typed(program: str, started: Sequence[str], env_file: Path | None) -> str:
    """The command as the user typed it, up to the name of what it is to do.

    program is sys.argv[0] and started sys.orig_argv. Where the shell finds the command by its
    name, that is enough; another program that calls ours, such as a test, typed nothing.
    """
    words = _words(program, started)
    if not words:
        return NAME
    if env_file is not None:
        words += ["--env", str(env_file)]
    return shlex.join(words)


def _words(program: str, started: Sequence[str]) -> list[str]:
    if Path(program).name == NAME:
        return [NAME if _is_on_path(program) else program]
    as_module = ["-m", NAME]
    for number in range(1, len(started) - 1):
        if [*started[number : number + 2]] == as_module and _is_our_main(program):
            return [*started[:number], *as_module]
    return []


def _is_our_main(program: str) -> bool:
    return Path(program) == Path(cartwheel.__file__).with_name("__main__.py")


def _is_on_path(program: str) -> bool:
    if program == NAME:
        return True
    found = which(NAME)
    try:
        return found is not None and Path(found).samefile(program)
    except OSError:  # the program has moved since
        return False
