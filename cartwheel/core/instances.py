"""DuckDB instances, kept while they are of use: to make one costs more than to open a file."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cartwheel.core.setting_values import in_bytes

BYTES_A_THREAD = 250_000_000  # with two threads in 300 MB, reading JSON runs out of memory
_NO_FILE = "no_file"  # the catalog of an instance that has no file attached


@dataclass(frozen=True)
class Opening:
    """How a DuckDB file is opened; spill is the folder for what does not fit into memory."""

    path: Path
    read_only: bool
    memory_limit: str
    spill: Path


class Instance:
    """A DuckDB that has a file attached while somebody uses it.

    To make one takes some 15 ms of the processor, more than most of what is asked between two
    waits for Shopify or HubSpot; to attach and detach a file takes 2.
    """

    def __init__(self) -> None:
        self.process = os.getpid()
        self.users = 0
        self._catalog, self._spill = "", Path()
        self._connection = duckdb.connect()
        # a file memory.duckdb would have the name of what DuckDB attaches first
        self._connection.execute(f"attach ':memory:' as {_NO_FILE}")
        self._connection.execute(f"use {_NO_FILE}")
        self._connection.execute("detach memory")
        self._connection.execute("set checkpoint_threshold = '2GB'")
        self._connection.execute("set preserve_insertion_order = false")
        self._cores = self._connection.execute("select current_setting('threads')").fetchall()

    def attach(self, opening: Opening) -> None:
        """Open a file, under the name that DuckDB gives it everywhere."""
        connection, limit = self._connection, opening.memory_limit
        self._spill = opening.spill
        connection.execute("set temp_directory = ?", [str(opening.spill)])
        connection.execute("set memory_limit = ?", [limit])
        ((cores,),) = self._cores
        threads = min(cores, max(in_bytes(limit) // BYTES_A_THREAD, 1))
        connection.execute("set threads = ?", [threads])
        path = str(opening.path).replace("'", "''")
        mode = "read_only" if opening.read_only else "read_write"
        connection.execute(f"attach '{path}' (type duckdb, {mode})")
        ((catalog,),) = connection.execute(
            "select database_name from duckdb_databases() "
            f"where not internal and database_name <> '{_NO_FILE}'"
        ).fetchall()
        self._catalog = _quoted(catalog)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection to the attached file, in UTC."""
        return _connect(self._connection, self._catalog)

    def detach(self) -> None:
        """Write the log into the file, and let others open it."""
        self._connection.execute(f"detach {self._catalog}")

    def has_spilled(self) -> bool:
        """Whether it holds files for what did not fit into memory; it cannot leave them."""
        return Path(self._spill).is_dir()

    def close(self) -> None:
        """End the instance, and whatever it has attached."""
        self._connection.close()


_changing = threading.Lock()
_in_use: dict[Path, Instance] = {}
_idle: list[Instance] = []  # the one used last; one made before a fork is never used


@contextmanager
def attached(opening: Opening) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file; where this process has it open already, it is open as there.

    Raises what DuckDB raises. An instance in which something failed is not used again.
    """
    instance, failed = _begin_use(opening), True
    try:
        connection = instance.connect()
        try:
            yield connection
        finally:
            connection.close()
        failed = False
    finally:
        _end_use(opening.path, failed=failed)


def _begin_use(opening: Opening) -> Instance:
    with _changing:
        if opening.path not in _in_use:
            instance = _idle_instance() or Instance()
            try:
                instance.attach(opening)
            except BaseException:
                instance.close()
                raise
            _in_use[opening.path] = instance
        _in_use[opening.path].users += 1
        return _in_use[opening.path]


def _idle_instance() -> Instance | None:
    return _idle.pop() if _idle and _idle[-1].process == os.getpid() else None


def _end_use(path: Path, *, failed: bool) -> None:
    with _changing:
        instance = _in_use[path]
        instance.users -= 1
        if instance.users:
            return
        del _in_use[path]
        if not (failed or _idle or instance.has_spilled()):
            # what does not fit into the file now stays in the log, for whoever opens it next
            with suppress(duckdb.Error):
                instance.detach()
                _idle.append(instance)
                return
        instance.close()


def connect_again(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A second connection to the file that one is connected to, for another thread.

    A bare cursor() would look for tables outside the file.
    """
    ((catalog,),) = connection.execute("select current_database()").fetchall()
    return _connect(connection, _quoted(catalog))


def _connect(beside: duckdb.DuckDBPyConnection, catalog: str) -> duckdb.DuckDBPyConnection:
    connection = beside.cursor()
    connection.execute("set timezone = 'UTC'")
    _hide_progress_bar(connection)
    connection.execute(f"use {catalog}")
    return connection


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _hide_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep DuckDB's progress bar out of the output and of what --json prints.

    If it is off, it is not touched: in a notebook without ipywidgets, DuckDB refuses even to
    turn it off.
    """
    setting = connection.execute("select current_setting('enable_progress_bar')").fetchone()
    if setting == (True,):
        connection.execute("set enable_progress_bar = false")
