"""The only place that opens the warehouse file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import duckdb

from cartwheel.core.errors import WarehouseError
from cartwheel.core.file_errors import chain, locked_told, of_warehouse
from cartwheel.core.instances import Opening, attached
from cartwheel.core.privacy import clear_spilled, close_warehouse, private_files
from cartwheel.core.settings import MEMORY_LIMIT
from cartwheel.core.waiting import in_turn


@contextmanager
def open_warehouse(
    path: Path,
    *,
    read_only: bool = False,
    memory_limit: str = MEMORY_LIMIT,
    spill: Path | None = None,
    keep_modes: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the DuckDB file, in UTC, and close it at the end.

    What it creates, the files beside it included, is readable by its owner alone; a file that
    others could read is closed to them. DuckDB lets one process write: whoever holds it open,
    even to read, keeps the others out, so hold it briefly. memory_limit is DuckDB's, like 4GB;
    it uses one thread per core, but no more than one per 250 MB, since each needs memory of its
    own. spill is the folder for what does not fit into memory, None for one beside the file.
    With keep_modes, the file modes stay as they are, for who only looks.
    Where this process has it open already, it is open as there; nobody may call duckdb.connect
    on it in this process meanwhile, since that would give up the lock (instances.is_open).

    Raises WarehouseLocked if another program has it open, after the wait that waiting()
    allows; WarehouseError if it is damaged, not a DuckDB file or not ours to write, or with
    read_only does not exist; also if the memory limit is too low for the work within, or the
    disk is full.
    """
    if read_only and not path.exists():
        raise WarehouseError(f"There is no warehouse at {path} yet. Run: cartwheel sync")
    path = path.absolute()
    opening = Opening(path, read_only, memory_limit, spill or Path(f"{path}.tmp"))
    with private_files(), _errors_told(path, memory_limit), ExitStack() as stack:
        if not keep_modes:
            close_warehouse(path)
        connection = in_turn(lambda: _attached(stack, opening))
        if not read_only:
            clear_spilled(path)
        yield connection


@contextmanager
def _errors_told(path: Path, memory_limit: str) -> Iterator[None]:
    """Say what to do about DuckDB's errors."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise WarehouseError(
            f"DuckDB needs more than the {memory_limit} that it may take "
            f"({_first_line(error)}). Allow more with CARTWHEEL_MEMORY_LIMIT; an extract takes "
            "less with a smaller CARTWHEEL_BATCH_SIZE. Then repeat the command."
        ) from error
    except duckdb.Error as error:
        told = of_warehouse(path, *chain(error))
        if told is None and isinstance(error, duckdb.IOException):
            told = WarehouseError(
                f"DuckDB could not read or write a file ({_first_line(error)}). What was "
                "committed before is kept. Check the file that it names, then repeat the "
                "command."
            )
        if told is None:
            raise
        raise told from error


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Every existing table and view, as schema.name."""
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
    )
    return {row[0] for row in found.fetchall()}


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run the block in one transaction: all of it is committed, or nothing.

    Either way none is open afterwards, though an interruption came while it began or ended.
    """
    try:
        connection.execute("begin transaction")
        yield
        connection.execute("commit")
    except BaseException:
        # there is nothing to roll back after a full disk, or once it was committed
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise


def _attached(stack: ExitStack, opening: Opening) -> duckdb.DuckDBPyConnection:
    try:
        return stack.enter_context(attached(opening))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise _refusal(opening.path, error) from error


def _refusal(path: Path, error: Exception) -> WarehouseError:
    told = locked_told(path, str(error)) or of_warehouse(path, str(error))
    return told or WarehouseError(
        f"The warehouse {path} cannot be opened: {_first_line(error)}. Check the file, or move "
        "it away and run: cartwheel sync"
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
