"""What a run did, for whoever called it."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.land.run_log import TableFigures


@dataclass(frozen=True)
class ExtractReport:
    """What a run did, table by table; warnings are sentences for a person.

    points are those of Shopify's cost bucket, bytes what came over the network.
    """

    run_id: str
    shop: str
    tables: tuple[TableFigures, ...]
    requests: int
    points: int
    bytes: int
    seconds: float
    warnings: tuple[str, ...]
    rows_seen: int = field(init=False)
    rows_landed: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows_seen", sum(table.seen for table in self.tables))
        object.__setattr__(self, "rows_landed", sum(table.landed for table in self.tables))
