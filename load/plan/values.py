"""The values of planned rows, as JSON: put together for load_window, a window of rows."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from cartwheel.core.sql import SqlFiles
from load.objects.catalogue import CATALOGUE, ONLY_CREATED
from load.objects.serialization import columns, desired_properties
from load.plan.state import adapted_properties

sql = SqlFiles(__file__)

ACTIONS = ("create", "update", "adopt", "clear", "delete")
_BASED_ON_CREATE = ("update", "adopt")


class Written(NamedTuple):
    """An object's columns with the types they are sent as, and those the account refuses."""

    types: dict[str, str]
    without: set[str]


class PlannedValues:
    """The views of load_window's rows with their values.

    There is one for each object and action, made when it is first asked for: to make one takes
    longer than to ask it about a few rows. written says what of each object is written, and
    how.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._made: set[tuple[str, str]] = set()
        self.written: dict[str, Written] = {}

    def read(self) -> None:
        """Look up what is written, and how; open_plan() comes before."""
        dates, without = adapted_properties(self._connection)
        written = {
            name: Written(
                columns(self._connection, object_type) | dict.fromkeys(dates[name], "DATE"),
                without[name],
            )
            for name, object_type in CATALOGUE.items()
        }
        if written != self.written:
            self.written = written
            self._made.clear()

    def view(self, name: str, action: str) -> str:
        """The view of an object's rows with an action, load_<name>_to_<action>, by its name.

        Its columns are n, key, action, hubspot_id, fingerprint, parent_id, desired, kept and
        answered.
        """
        if (name, action) not in self._made:
            if action in _BASED_ON_CREATE:
                self.view(name, "create")
            self._connection.execute(self._statement(name, action))
            self._made.add((name, action))
        return f"load_{name}_to_{action}"

    def _statement(self, name: str, action: str) -> str:
        object_type, (types, without) = CATALOGUE[name], self.written[name]
        resolved = dict.fromkeys(object_type.resolved, "planned.product_id")
        return sql(
            f"values_to_{action}",
            object=name,
            key=object_type.key,
            desired=desired_properties(types, resolved, without),
            only_created=[f"{each}={value}" for each, value in ONLY_CREATED.items()],
        )
