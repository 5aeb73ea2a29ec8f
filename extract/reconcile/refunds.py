"""Refunds with their lines, which bulk operations cannot return: by pages, by order id.

What is to do follows from the warehouse alone: the refunds that orders list against
those that are held, so that the next run completes one that was killed in between.
"""

from __future__ import annotations

from datetime import datetime

from cartwheel.core.sql import SqlFiles, set_variables
from extract.land.run_log import Connection, Run

sql = SqlFiles(__file__)

PART = 1000  # orders whose refunds are landed together


def orders_to_read(connection: Connection, run: Run, since: datetime | None) -> list[str]:
    """The ids of orders whose refunds differ from the stored ones.

    Considers the orders landed at or after since (UTC), None for all of them.
    """
    set_variables(connection, shop=run.shop)
    connection.execute("set variable since = ?::timestamp", [since])
    return [row[0] for row in connection.execute(sql("refunds_to_do")).fetchall()]
