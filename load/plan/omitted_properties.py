"""Omitted properties of records in HubSpot, counted."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from load.objects.account_values import ADOPTED, SHORTENED

_SUMMARY = """
select object, property, category, min(reason), count(*)
from {table}
where category <> ? and {of_run}
group by all
order by all
"""


class OmittedProperty(NamedTuple):
    """A property that is omitted or shortened in a number of an object's records."""

    object: str
    property: str
    category: str
    reason: str
    records: int

    def alarm(self) -> str:
        """The alarm about it, "" if no value was refused and only a text was shortened."""
        if self.category == SHORTENED:
            return ""
        return f"{self.object}: {self.records:,} without {self.property} ({self.category})"

    def in_words(self) -> str:
        """The omission for a person; holds no values of records."""
        return (
            f"{self.object}: {self.records:,} without {self.property} or with it shortened "
            f"({self.category}). See: select * from ops.hubspot_omitted_properties. "
            "To try again: cartwheel load --retry-rejected"
        )


def omitted_properties(connection: duckdb.DuckDBPyConnection) -> list[OmittedProperty]:
    """The omitted properties of records in HubSpot, counted; open_plan() comes before."""
    query = _SUMMARY.format(table="load_omitted", of_run="true")
    return [OmittedProperty(*row) for row in connection.execute(query, [ADOPTED]).fetchall()]


def omitted_in_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> list[OmittedProperty]:
    """What a run omitted; omissions by the rule for adopted records are expected."""
    query = _SUMMARY.format(table="ops.hubspot_omitted_properties", of_run="run_id = ?")
    found = connection.execute(query, [ADOPTED, run_id]).fetchall()
    return [OmittedProperty(*row) for row in found]
