"""Refunds with their lines, which no bulk operation can give: by pages, by order id.

What is to do follows from the warehouse alone: the refunds that orders list against
those that are held, so that a run that was killed in between is made good by the next.
"""

from __future__ import annotations

from datetime import datetime

from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run

sql = SqlFiles(__file__)

PART = 1000  # orders whose refunds are landed together


def orders_to_read(connection: Connection, run: Run, since: datetime | None) -> list[str]:
    """The ids of orders whose refunds are not those held.

    Considers the orders landed at or after since (UTC), None for all of them.
    """
    set_variables(connection, shop=run.shop)
    connection.execute("set variable since = ?::timestamp", [since])
    return [row[0] for row in connection.execute(sql("refunds_to_do")).fetchall()]
