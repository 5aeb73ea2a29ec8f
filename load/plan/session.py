"""A plan on one connection: what a load would do, from the marts and the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from cartwheel.core.progress import Progress
from cartwheel.core.sql import SqlFiles
from load.objects.catalogue import ASSOCIATIONS, CATALOGUE
from load.objects.serialization import check_keys
from load.plan import diff
from load.plan.held_back import FATES, HeldBack, Reason, find_held_back, held_back, reasons
from load.plan.omitted_properties import omitted_properties
from load.plan.plan import Counts, Plan
from load.plan.rows import Pair, Row
from load.plan.state import open_plan
from load.plan.values import PlannedValues

sql = SqlFiles(__file__)

_CHANGED_PROPERTIES = """
select object, unnest(names) as name, count(*)
from load_changed
join load_plan using (n)
where action = 'update'
group by object, name
order by count(*) desc, name
"""

# another contact has the new e-mail: that one takes over (left_contacts.sql)
_LEAVE_TAKEN = """
delete from load_renamed as renamed
using load_looked_up as looked_up
where looked_up.object = 'contacts' and looked_up.key = renamed.key
    and looked_up.hubspot_id <> renamed.hubspot_id
"""

_IN_RECYCLE_BIN = """
select planned.n, planned.key, planned.fingerprint, max(archived.hubspot_id)
from load_plan as planned
join ops.hubspot_archived as archived
    on archived.object = planned.object and archived.key = planned.key
where planned.object = 'contacts' and planned.action = 'create'
group by all
"""

_ADOPT = """
update load_plan set action = 'adopt', hubspot_id = matched.hubspot_id
from (select unnest(?::bigint[]) as n, unnest(?::varchar[]) as hubspot_id) as matched
where load_plan.n = matched.n
"""

ASSOCIATED = "associations"

_NOT_UNCHANGED = ("create", "update", "adopt", *FATES)


class PlanSession:
    """The temporary tables of a plan, which no module outside load/plan names.

    It needs hubspot.* of a build, and reads of ops what earlier loads left, if there were
    any. It writes neither; its tables live as long as the connection, and hold the numbers
    of rows rather than values, so that memory stays flat. refresh() computes the plan, and
    everything else answers as of the last refresh. While a load sends, `send/` takes out of
    it what is sent and lets it plan again what depends on ids that HubSpot gave meanwhile.

    The constants name what queries of others on the same connection may read.
    """

    # object, key, hubspot_id, fingerprint, properties, answered, status of each record that
    # HubSpot acknowledged
    ACKNOWLEDGED = "load_acknowledged"
    # object, fate, id, key, record, reason, detail, is_ordinary of what is held back
    HELD_BACK = "load_held_back"
    # object, key of the planned rows that are not sent
    NOT_SENT = """(
        select object, key from load_plan
        where action in ('quarantined', 'rejected', 'skipped')
    )"""
    # object, key, fingerprint, problem of those that HubSpot would refuse
    QUARANTINED = """(
        select object, key, fingerprint, problem from load_plan where action = 'quarantined'
    )"""
    # object, key, fingerprint of those whose values turned out to be unchanged
    UNCHANGED = "(select object, key, fingerprint from load_plan where action = 'same')"
    # key, sent_key of the deals that keep the key they were sent under
    SENT_KEYS = "load_sent_keys"
    # n, action, association_type, from_object, from_key, from_id, to_object, to_key, to_id
    PLANNED_ASSOCIATIONS = "load_association_plan"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._plan: Plan | None = None
        self.values = PlannedValues(connection)

    @staticmethod
    def mart(name: str) -> str:
        """The rows of hubspot.<name>, deals under the key that they were sent under."""
        return f"load_{name}"

    @property
    def counts(self) -> Plan:
        """What the plan says. Raises RuntimeError before the first refresh."""
        if self._plan is None:
            raise RuntimeError("the plan was not computed: call refresh() first")
        return self._plan

    def open(self) -> None:
        """Make the tables, empty, and the views of the marts.

        Raises WarehouseError if hubspot.* is missing or malformed, or if the ledger is that
        of another version.
        """
        open_plan(self.connection)
        self.values.read()

    def refresh(self, progress: Progress | None = None) -> Plan:
        """Compute the plan again; nothing is sent and no table of the warehouse is touched.

        progress is told how many rows are compared.

        Raises WarehouseError if hubspot.* is missing, malformed or has a key twice.
        """
        self.open()
        connection, compared = self.connection, 0
        if progress:
            progress.begin("rows", sum(map(self._rows, (*CATALOGUE, ASSOCIATED))))
        for name, object_type in CATALOGUE.items():
            diff.prepare(connection, object_type, self.values)
            check_keys(connection, object_type)
            diff.prepare_deletes(connection, object_type)
            if name == "contacts":
                diff.prepare_adopted(connection)
                diff.prepare_cleared_contacts(connection)
            if progress:
                compared += self._rows(name)
                progress.advance("rows", compared)
        diff.prepare_associations(connection)
        actions = self._actions()
        adopted = actions["contacts"].get("adopt", 0)
        properties: dict[str, dict[str, int]] = {name: {} for name in CATALOGUE}
        for name, changed, records in connection.execute(_CHANGED_PROPERTIES).fetchall():
            properties[name][changed] = records
        find_held_back(connection, self._held_back(actions))
        why = reasons(connection)
        planned = {name: self._counted(name, found) for name, found in actions.items()}
        planned["associations"] = self._actions_of_associations()
        objects = {
            name: Counts(**found, **{fate: _sum(why, name, fate) for fate in FATES})
            for name, found in planned.items()
        }
        self._plan = Plan(objects, properties, why, adopted, omitted_properties(connection))
        return self._plan

    def _rows(self, name: str) -> int:
        """How many rows hubspot.<name> has."""
        row = self.connection.execute(f"select count(*) from hubspot.{name}").fetchone()
        return int(row[0]) if row else 0

    def living(self) -> dict[str, int]:
        """How many living records of each object HubSpot has acknowledged."""
        found = self.connection.execute(
            f"select object, count(*) from {self.ACKNOWLEDGED} where status = 'living' "
            "group by object"
        )
        return dict(found.fetchall())

    def changes(self, object_name: str) -> Iterator[Row]:
        """Each record, or association, of an object that a load would write."""
        if object_name == "associations":
            yield from self._planned_pairs()
            return
        for action in ("create", "update", "delete"):
            yield from self.window(object_name, action)
            if action == "update":
                yield from diff.adoptions(self.connection, self.values, object_name)
                for row in self.window(object_name, "clear"):
                    yield row._replace(action=action)

    def held_back(self, object_name: str) -> Iterator[HeldBack]:
        """Each record of an object that is held back, and why."""
        return held_back(self.connection, object_name)

    def window(self, object_name: str, action: str) -> Iterator[Row]:
        """The planned rows of an object with an action, a window of them in memory."""
        return diff.rows(self.connection, self.values, object_name, action)

    def pairs(self, kind: str, action: str, size: int) -> Iterator[list[Pair]]:
        """The planned associations of a kind with an action, at most size at a time."""
        return diff.pairs(self.connection, kind, action, size)

    def plans(self, object_name: str, action: str) -> bool:
        """Whether the plan has rows of an object with an action."""
        query = "select 1 from load_plan where object = ? and action = ? limit 1"
        return self.connection.execute(query, [object_name, action]).fetchone() is not None

    def plan_writes(self, *names: str) -> None:
        """Plan again what is to be created and updated of these objects."""
        for name in names:
            diff.drop(self.connection, CATALOGUE[name])
            diff.prepare(self.connection, CATALOGUE[name], self.values)

    def plan_deletes(self, name: str) -> None:
        """Plan what is to be archived of an object; contacts never are."""
        diff.prepare_deletes(self.connection, CATALOGUE[name])

    def plan_cleared_contacts(self) -> None:
        """Plan the contacts to clear: their customers belong to others by now."""
        diff.prepare_cleared_contacts(self.connection)

    def plan_associations(self) -> None:
        """Plan the associations to create and to delete."""
        diff.prepare_associations(self.connection)

    def drop(self, *names: str) -> None:
        """Remove the plan's rows of these objects: the ledger covers what was sent."""
        for name in names:
            diff.drop(self.connection, CATALOGUE[name])

    def discard(self, numbers: Sequence[int]) -> None:
        """Take rows out, by their numbers."""
        if numbers:
            self.connection.execute(
                "delete from load_plan where n in (select unnest(?::bigint[]))", [[*numbers]]
            )

    def adopt(self, matched: Mapping[int, str]) -> None:
        """Turn planned creates, by number, into updates of the records with these ids."""
        self.connection.execute(_ADOPT, [[*matched], [*matched.values()]])

    def look_up_again(self) -> None:
        """Turn contacts to adopt back into creates, to be looked up again by the load."""
        self.connection.execute(
            "update load_plan set action = 'create', hubspot_id = null where action = 'adopt'"
        )

    def in_recycle_bin(self) -> list[tuple[Row, str]]:
        """The contacts to create that a person deleted in HubSpot, with their ids there."""
        found = self.connection.execute(_IN_RECYCLE_BIN).fetchall()
        return [
            (Row(n, "contacts", key, "create", None, hashed), record)
            for n, key, hashed, record in found
        ]

    def quarantine_other_values(self, object_name: str, name: str, allowed: list[str]) -> None:
        """Quarantine planned rows whose property has none of the allowed values."""
        query = sql("quarantine_other_values", object=object_name, property=name)
        self.connection.execute(query, [allowed])

    def changed_emails(self) -> list[str]:
        """The new e-mails of customers whose contact HubSpot has under a former one."""
        found = self.connection.execute("select key from load_renamed order by key")
        return [row[0] for row in found.fetchall()]

    def follow_changed_emails(self) -> None:
        """Let the ledger know these contacts by their new e-mails, unless another has one.

        In a transaction of the caller's.
        """
        self.connection.execute(_LEAVE_TAKEN)
        self.connection.execute(sql.text("follow_changed_emails"))

    def _actions(self) -> dict[str, dict[str, int]]:
        """How many records of each object each action is planned for."""
        query = "select object, action, count(*) from load_plan group by all"
        actions: dict[str, dict[str, int]] = {name: {} for name in CATALOGUE}
        for name, action, records in self.connection.execute(query).fetchall():
            actions[name][action] = records
        return actions

    def _held_back(self, actions: Mapping[str, Mapping[str, int]]) -> set[str]:
        """The objects of which the plan holds something back."""
        found = {name for name, of_it in actions.items() if not of_it.keys().isdisjoint(FATES)}
        query = "select count(*) from load_association_plan where action = 'rejected'"
        return found | {"associations"} if self._one(query) else found

    def _counted(self, name: str, found: Mapping[str, int]) -> dict[str, int]:
        """The planned actions of an object in the plan's words."""
        total = self._one(f"select count(*) from hubspot.{name}")
        return {
            "create": found.get("create", 0),
            "update": sum(found.get(action, 0) for action in ("update", "clear", "adopt")),
            "unchanged": total - sum(found.get(action, 0) for action in _NOT_UNCHANGED),
            "delete": found.get("delete", 0),
        }

    def _actions_of_associations(self) -> dict[str, int]:
        query = "select action, count(*) from load_association_plan group by 1"
        found = dict(self.connection.execute(query).fetchall())
        return {
            "create": found.get("create", 0),
            "unchanged": self._one("select count(*) from load_associations")
            - self._one("select count(*) from load_unassociated"),
            "delete": found.get("delete", 0),
        }

    def _planned_pairs(self) -> Iterator[Row]:
        for kind in ASSOCIATIONS:
            for action in ("create", "delete"):
                for group in self.pairs(kind.name, action, diff.WINDOW):
                    yield from (
                        Row(pair.n, kind.name, pair.key, action, None, None) for pair in group
                    )

    def _one(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def _sum(why: list[Reason], name: str, fate: str) -> int:
    return sum(each.records for each in why if (each.object, each.fate) == (name, fate))
