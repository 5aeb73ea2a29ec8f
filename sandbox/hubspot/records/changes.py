"""What was written since somebody last looked, kept only while somebody watches."""

from __future__ import annotations

from collections.abc import Iterable

Key = tuple[str, str]


class Changes:
    """The records that changed, by object type and id, each with the properties that did.

    A record of which no property changed was created, archived, restored, associated with
    another or parted from it.
    """

    def __init__(self) -> None:
        self.watched = False
        self._names: dict[Key, set[str]] = {}

    def note(self, object_type: str, record_id: str, names: Iterable[str] = ()) -> None:
        """Remember that a record changed."""
        if self.watched:
            self._names.setdefault((object_type, record_id), set()).update(names)

    def take(self) -> dict[Key, set[str]]:
        """Give what is remembered, and forget it."""
        taken, self._names = self._names, {}
        return taken

    def forget(self, object_type: str, record_id: str) -> None:
        """Forget that a record changed."""
        self._names.pop((object_type, record_id), None)
