"""Whether a process of this machine is still the one that was noted, and not another since."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process: its id, the name of its machine, and when it began, where that can be told.

    began is in the system's own unit, which tells it from a later process with the same id.
    """

    pid: int
    host: str
    began: str = ""

    def is_here(self) -> bool:
        """Whether it is, or was, a process of this machine."""
        return self.host == platform.node()

    def has_ended(self) -> bool:
        """Whether it surely runs no more; of another machine's nothing can be told."""
        if not self.is_here():
            return False
        try:
            os.kill(self.pid, 0)
        except (ProcessLookupError, OverflowError, ValueError):
            return True
        except PermissionError:
            pass  # another user's, so it lives
        state, began = _told_by_system(self.pid)
        # a process that was killed stays as a zombie until its parent asks how it ended
        return state == "Z" or bool(self.began and began and began != self.began)


def this_process() -> Process:
    """The process that runs this code."""
    return Process(os.getpid(), platform.node(), _told_by_system(os.getpid())[1])


def _told_by_system(pid: int) -> tuple[str, str]:
    """Its state, and when it began, as Linux tells them; empty elsewhere."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", ""
    # the second field is the command's name in parentheses, which may hold any character
    fields = text.rpartition(")")[2].split()
    return (fields[0], fields[19]) if len(fields) > 19 else ("", "")
