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
_NO_FILE = '"no file of cartwheel"'  # the catalog of an instance that has none attached


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
        self.users: set[object] = set()
        self._catalog, self._spill = "", Path()
        self._connection = duckdb.connect()
        # a file memory.duckdb would have the name of what DuckDB attaches first
        self._connection.execute(f"attach ':memory:' as {_NO_FILE}")
        self._connection.execute(f"use {_NO_FILE}")
        self._connection.execute("detach memory")
        self._connection.execute("set checkpoint_threshold = '2GB'")
        self._connection.execute("set preserve_insertion_order = false")
        threads = self._connection.execute("select current_setting('threads')")
        ((self._cores,),) = threads.fetchall()

    def configure(self, opening: Opening) -> None:
        """Set what an opening asks for."""
        connection, limit = self._connection, opening.memory_limit
        self._spill = opening.spill
        connection.execute("set temp_directory = ?", [str(opening.spill)])
        connection.execute("set memory_limit = ?", [limit])
        threads = min(self._cores, max(in_bytes(limit) // BYTES_A_THREAD, 1))
        connection.execute("set threads = ?", [threads])

    def attach(self, opening: Opening) -> None:
        """Open a file, under the name that DuckDB gives it everywhere."""
        path = str(opening.path).replace("'", "''")
        mode = "read_only" if opening.read_only else "read_write"
        self._connection.execute(f"attach '{path}' (type duckdb, {mode})")
        (self._catalog,) = self._catalogs()

    def _catalogs(self) -> list[str]:
        """The names of what is attached, as statements write them."""
        found = self._connection.execute(
            "select database_name from duckdb_databases() where not internal"
        )
        return [name for (each,) in found.fetchall() if (name := _quoted(each)) != _NO_FILE]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection to the attached file, in UTC."""
        return _connect(self._connection, self._catalog)

    def leave(self) -> bool:
        """Write the log into the file, and let others open it; whether nothing is left here.

        An instance cannot leave the folder that it spilled into, nor what a caller attached.
        """
        self._connection.execute(f"detach {self._catalog}")
        # the allocator gives memory back when threads end
        self._connection.execute("set threads = 1")
        return not self._spill.is_dir() and not self._catalogs()

    def close(self) -> None:
        """End the instance, and whatever it has attached."""
        self._connection.close()


_changing = threading.RLock()  # an opening that was forgotten ends where garbage is collected
_in_use: dict[str, Instance] = {}
_idle: list[Instance] = []  # the one used last; one made before a fork is never used


@contextmanager
def attached(opening: Opening) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file; where this process has it open already, it is open as there.

    Raises what DuckDB raises. An instance in which something failed is not used again. What a
    caller sets globally, creates as a function or keeps as a secret may outlive its block.
    """
    # whatever way leads to a file, it is opened once; an interruption may come at any point
    file, user, failed = os.path.realpath(opening.path), object(), True
    try:
        connection = _begin_use(file, opening, user).connect()
        try:
            yield connection
        finally:
            connection.close()
        failed = False
    finally:
        _end_use(file, user, failed=failed)


def is_open(path: Path) -> bool:
    """Whether this process has the file open.

    Nothing else in the process may open it then, not even to be refused: as that closes its
    handle, the system gives up this process's lock on the file.
    """
    return os.path.realpath(path) in _in_use


def _begin_use(file: str, opening: Opening, user: object) -> Instance:
    with _changing:
        if file not in _in_use:
            instance = _configured_instance(opening)
            try:
                instance.attach(opening)
            except BaseException:
                instance.close()
                raise
            _in_use[file] = instance
        _in_use[file].users.add(user)
        return _in_use[file]


def _configured_instance(opening: Opening) -> Instance:
    """The idle instance, if it can be what is asked for, or a new one."""
    while True:
        is_idle = bool(_idle) and _idle[-1].process == os.getpid()
        instance = _idle.pop() if is_idle else Instance()
        try:
            instance.configure(opening)
        except duckdb.Error:
            instance.close()
            if not is_idle:
                raise
        else:
            return instance


def _end_use(file: str, user: object, *, failed: bool) -> None:
    with _changing:
        instance = _in_use.get(file)
        if instance is None:
            return
        instance.users.discard(user)
        if instance.users:
            return
        del _in_use[file]
        is_kept = False
        try:
            # what does not fit into the file now stays in the log, for whoever opens it next
            with suppress(duckdb.Error):
                if not failed and instance.leave() and not _idle:
                    _idle.append(instance)
                    is_kept = True
        finally:
            if not is_kept:
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
