"""Refunds with their lines, which no bulk operation can give: by pages, by order id.

What is to do follows from the warehouse alone: the refunds that orders list against
those that are held, so that a run that was killed in between is made good by the next.
"""

from __future__ import annotations

from datetime import datetime

from extract.manifest import Connection, Run
from extract.statements import set_variables, statement

PART = 1000  # orders whose refunds are landed together


def orders_to_read(connection: Connection, run: Run, since: datetime | None) -> list[str]:
    """The ids of orders whose refunds are not those held.

    Considers the orders landed at or after since (UTC), None for all of them.
    """
    set_variables(connection, shop=run.shop)
    connection.execute("set variable since = ?::timestamp", [since])
    return [row[0] for row in connection.execute(statement("refunds_to_do")).fetchall()]
