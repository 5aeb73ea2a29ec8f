"""A plan in a file: written to be read by people, compared before it is executed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from cartwheel.core.counts import counted
from cartwheel.core.errors import LoadFailed, OutputError
from cartwheel.core.sql import SqlFiles
from load.objects.catalogue import ASSOCIATIONS, CATALOGUE
from load.plan.diff import prepare_writes
from load.plan.held_back import FATES
from load.plan.session import PlanSession

sql = SqlFiles(__file__)

_DIGESTED = """
    object, key, action,
    md5_number(to_json({'id': hubspot_id, 'changes': changes})::varchar) as digest
"""
_KINDS = [kind.name for kind in ASSOCIATIONS]

_WRITES = "select object, key, action, hubspot_id, changes from planned_writes"

_READ = """
select object, key, action, hubspot_id, changes from read_json(
    ?, format = 'array', maximum_object_size = 16777216, columns = {
        object: 'varchar', key: 'varchar', action: 'varchar', hubspot_id: 'varchar',
        changes: 'struct(name varchar, old varchar, new varchar)[]'
    }
)
"""

_DIFFERING = f"""
with today as materialized ({_WRITES})
select 1 from (
    (from today except all from plan_of_file)
    union all
    (from plan_of_file except all from today)
)
limit 1
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
        prepare_writes(session.connection, session.values)
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
    """Raise LoadFailed unless the file is exactly the plan, or what a load of it has left.

    What an interrupted load of the file sent, and HubSpot acknowledged with the file's values,
    is not planned any more, and neither is what is held back since. The message names how many
    records differ and one of them.
    """
    again = f"Make a new one with: cartwheel plan --out {path}"
    connection = session.connection
    prepare_writes(connection, session.values)
    try:
        if not path.stat().st_size:
            raise LoadFailed(f"{path} is empty, so it is not a plan. {again}")
        connection.execute(f"create or replace temp table plan_of_file as {_READ}", [str(path)])
    except duckdb.OutOfMemoryException:
        raise  # the setting to raise is told where the warehouse is opened
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise LoadFailed(f"{path} is not a valid plan ({reason}). {again}") from None
    if connection.execute(_DIFFERING).fetchone() is None:
        connection.execute("drop table plan_of_file")
        return
    # what an interrupted load left differs too; now of values digests alone are kept
    connection.execute(
        f"create or replace temp table plan_of_file as select {_DIGESTED} from plan_of_file"
    )
    connection.execute(sql.text("beside_file"))
    for name in (*CATALOGUE, *_KINDS):
        connection.execute(sql("today_as_in_file", object=name, digested=_DIGESTED))
    connection.execute(
        "create or replace temp table no_longer_planned as "
        "from plan_of_file except all from plan_of_today"
    )
    differing = connection.execute(
        sql("differing_from_file", held_back=_held_back(session), of_file=_READ),
        [str(path), _KINDS, _KINDS],
    ).fetchone()
    for table in ("plan_of_file", "plan_of_today", "no_longer_planned", "created_products"):
        connection.execute(f"drop table {table}")
    if differing:
        name, key, number = differing
        # an e-mail is a person's
        named = "one of the contacts" if "@" in key else f"{name} {key}"
        raise LoadFailed(
            f"The plan in {path} is outdated: it and the plan of now differ in "
            f"{counted(number, 'record')}, {named} among them. Nothing was sent. {again}"
        )


def _held_back(session: PlanSession) -> str:
    """The query of the rows that the plan holds back, with the values of the marts."""
    fates = ", ".join(f"'{fate}'" for fate in FATES)
    return " union all ".join(
        f"select '{name}' as object, key, desired from {session.values.view(name, 'create')} "
        f"where action in ({fates})"
        for name in CATALOGUE
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
