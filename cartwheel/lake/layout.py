"""What lies where in a lake, and the two files that say which of it counts.

    <lake>/export.json                             what the last whole export made
    <lake>/<schema>/<table>/export=<number>/…      rows, a folder for each export that added any
    <lake>/marts/_current.json                     which build is the current one
    <lake>/marts/<build>/<schema>/<table>/…        what that build made

Both files are replaced by one rename, when all that they name is whole. What neither names is
of an export or a build that was cut off, or is older; nobody reads it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cartwheel.core.errors import AlreadyRunning, OutputError
from cartwheel.core.privacy import write_whole
from cartwheel.core.working_folders import (
    MARKER,
    close_to_others,
    is_held,
    is_ours,
    locked,
)

EXPORT, CURRENT, MARTS = "export.json", "_current.json", "marts"
BUILDING = ".build.lock"  # engines/spark/build.py holds it
NEWEST, EVERY = "newest", "every"
# a path is a pattern to Spark and to DuckDB, and stands in SQL
_NOT_IN_PATHS = re.compile(r"[*?\[\]{}\\'\"`\n]")
_PART = re.compile(r"\.?export=(\d+)(\.part)?")
_BUILD = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")


@dataclass(frozen=True)
class Exported:
    """A table in the lake: the exports from first to last hold its rows.

    rows says which: every row, or of each id the newest. columns are those of the table;
    the files may have more.
    """

    schema: str
    table: str
    first: int
    last: int
    rows: str
    columns: list[str]

    @property
    def name(self) -> str:
        """Such as raw.orders."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class Export:
    """A whole export. lake is the lake's own id; settings are those that models read."""

    lake: str
    export: int
    exported_at: str
    shops: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    tables: list[Exported] = field(default_factory=list)


@dataclass(frozen=True)
class Built:
    """A table that a build made, and how many rows it has."""

    schema: str
    table: str
    rows: int


@dataclass(frozen=True)
class Build:
    """A whole build: of which lake and export, when (UTC), how many tests warned of it."""

    lake: str
    export: int
    build: str
    built_at: str
    seconds: float
    passed: int
    warned: int
    tables: list[Built]


class Lake:
    """A folder of ours that holds a lake."""

    def __init__(self, folder: Path) -> None:
        """Raises OutputError if the path cannot be one of a lake."""
        text = str(folder)
        if "://" in text or re.match(r"\w+:/\w", text):
            raise OutputError(
                f"{folder} is an address, and a lake is written to a folder. Name a folder, or "
                "one where the bucket is mounted; docs/how-to/spark.md says how a folder is "
                "copied to a bucket."
            )
        self.folder = folder.absolute()
        if found := _NOT_IN_PATHS.search(str(self.folder)):
            raise OutputError(
                f"The path {self.folder} has a {found[0]!r}, which Spark reads as a pattern. "
                "Name another folder."
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make the folder if it is missing, and be the only one to write to it.

        Raises OutputError if it is somebody else's, AlreadyRunning while another export is at
        work on it.
        """
        there = self.folder.is_dir() and any(self.folder.iterdir())
        if there and not is_ours(self.folder):
            raise OutputError(
                f"{self.folder} holds files that are not of a lake. Name a folder that is "
                "empty, or one that does not exist yet."
            )
        close_to_others(self.folder)
        (self.folder / MARKER).touch(0o600)
        try:
            with locked(self.folder / ".lock"):
                yield
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another export to {self.folder} is at work. Repeat the command when it has "
                "ended."
            ) from None

    def last_export(self) -> Export | None:
        """The last whole export; None before the first."""
        found = self._read(self.folder / EXPORT)
        if found is None:
            return None
        tables = [Exported(**each) for each in found.pop("tables")]
        return Export(**found, tables=tables)

    def publish(self, export: Export) -> None:
        """Make an export the one that is read, by one rename."""
        write_whole(self.folder / EXPORT, json.dumps(asdict(export)) + "\n")

    def current_build(self) -> Build | None:
        """The build that is the current one; None before the first."""
        found = self._read(self.folder / MARTS / CURRENT)
        if found is None:
            return None
        tables = [Built(**each) for each in found.pop("tables")]
        build = Build(**found, tables=tables)
        if not _BUILD.fullmatch(build.build):
            raise OutputError(
                f"{self.folder / MARTS / CURRENT} names {build.build!r}, which is not a build. "
                "Build again, as engines/spark/README.md says."
            )
        return build

    def files(self, table: Exported) -> str:
        """The pattern of a table's files; the exports among them are not picked yet."""
        return f"{self.folder / table.schema / table.table}/export=*/*.parquet"

    def files_of_build(self, build: Build, table: Built) -> str:
        """The pattern of the files that a build wrote for a table."""
        return f"{self.folder / MARTS / build.build / table.schema / table.table}/*.parquet"

    @contextmanager
    def part(self, schema: str, table: str, export: int) -> Iterator[Path]:
        """A folder to write a table's rows into, which is renamed at the end of the block."""
        whole = self.folder / schema / table / f"export={export:06}"
        part = whole.with_name(f".{whole.name}.part")
        whole.parent.mkdir(parents=True, exist_ok=True)
        for left in (part, whole):  # of an export that was cut off
            if left.is_dir():
                shutil.rmtree(left)
        yield part
        part.rename(whole)

    def parts(self, table: Exported) -> int:
        """How many exports hold rows of a table."""
        return sum(1 for number, _ in self._parts(table.schema, table.table) if number)

    def clear(self, export: Export) -> bool:
        """Remove what the export does not name: cut off, or written again since.

        Nothing while a build is at work, which may read it; returns whether it was done.
        """
        if is_held(self.folder / BUILDING):
            return False
        wanted = {table.name: table for table in export.tables}
        for folder in self.folder.glob("*/*"):
            schema, name = folder.parts[-2:]
            if schema not in ("raw", "ops"):
                continue
            table = wanted.get(f"{schema}.{name}")
            for number, path in self._parts(schema, name):
                if table is None or not table.first <= number <= table.last:
                    shutil.rmtree(path)
        return True

    def clear_builds(self, current: Build) -> list[str]:
        """Remove the builds before the current one; later ones may be at work.

        Only of a folder that is ours, not of a copy of one.
        """
        if not is_ours(self.folder):
            return []
        old = [
            path
            for path in sorted((self.folder / MARTS).iterdir())
            if _BUILD.fullmatch(path.name) and path.name < current.build and path.is_dir()
        ]
        for path in old:
            shutil.rmtree(path)
        return [path.name for path in old]

    def _parts(self, schema: str, table: str) -> Iterator[tuple[int, Path]]:
        """Each folder of an export, with its number; 0 of one that is not whole."""
        folder = self.folder / schema / table
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if (found := _PART.fullmatch(path.name)) and path.is_dir():
                yield (0 if found[2] else int(found[1])), path

    def _read(self, path: Path) -> dict[str, Any] | None:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise OutputError(
                f"{path} cannot be read ({error}). Remove it, then run: "
                f"cartwheel lake export --to {self.folder}"
            ) from error
        return dict(found)


def new_lake() -> str:
    """An id for a lake, by which a warehouse remembers what it has exported into it."""
    return secrets.token_hex(8)
