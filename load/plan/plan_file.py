"""A plan in a file: written to be read by people, compared before it is executed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from cartwheel.core.errors import LoadFailed, OutputError
from load.plan.diff import prepare_writes
from load.plan.session import PlanSession

_WRITES = "select object, key, action, hubspot_id, changes from planned_writes"

_READ = """
select object, key, action, hubspot_id, changes from read_json(
    ?, format = 'array', maximum_object_size = 67108864, columns = {
        object: 'varchar', key: 'varchar', action: 'varchar', hubspot_id: 'varchar',
        changes: 'struct(name varchar, old varchar, new varchar)[]'
    }
)
"""


def write_plan(session: PlanSession, path: Path) -> None:
    """Write what the plan would send: a JSON array, a line a record.

    A record is {"object", "key", "action", "hubspot_id", "changes": [{"name", "old",
    "new"}]}. It holds customers' data, so the file is readable by its owner alone.
    Raises OutputError if the file cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        prepare_writes(session.connection)
        session.connection.execute(
            f"copy (from ({_WRITES}) order by object, key, action) to '{_quoted(part)}' "
            "(format json, array true, use_tmp_file false)"
        )
        part.replace(path)
    except (OSError, duckdb.IOException) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        reason = str(error).splitlines()[0]
        raise OutputError(
            f"The plan cannot be written to {path} ({reason}). Check the folder and the space "
            "on its disk, or name another file: cartwheel plan --out FILE"
        ) from None


def check_plan(session: PlanSession, path: Path) -> None:
    """Raise LoadFailed unless the file is exactly the plan.

    The message names how many records differ and one of them.
    """
    again = f"Make a new one with: cartwheel plan --out {path}"
    connection = session.connection
    prepare_writes(connection)
    try:
        if not path.stat().st_size:
            raise LoadFailed(f"{path} is empty, so it is not a plan. {again}")
        connection.execute(f"create or replace temp table plan_of_file as {_READ}", [str(path)])
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise LoadFailed(f"{path} is not a valid plan ({reason}). {again}") from None
    differing = connection.execute(
        f"""
        with today as materialized ({_WRITES})
        select object, key, count(*) over () from (
            (from today except all from plan_of_file)
            union all
            (from plan_of_file except all from today)
        )
        group by object, key order by object, key limit 1
        """
    ).fetchone()
    connection.execute("drop table plan_of_file")
    if differing:
        name, key, number = differing
        named = name if "@" in key else f"{name} {key}"  # an e-mail is a person's
        raise LoadFailed(
            f"The plan in {path} is outdated: {number:,} of its records or of today's "
            f"differ, {named} among them. Nothing was sent. {again}"
        )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
