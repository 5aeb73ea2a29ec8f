"""A small warehouse with audiences, written row by row as the models would."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from shutil import copy

from cartwheel.core.warehouse import open_warehouse
from tests.integration.load.conftest import SHOP, Build, Marts

AUDIENCES = {
    "new_customer": "shop varchar, shopify_deal_key varchar,",
    "abandoned_checkout": "shop varchar, shopify_deal_key varchar,",
    "re_engagement": "",
}


def order(number: int) -> str:
    """The key of a deal."""
    return f"{SHOP}/order:{number}"


def make_audiences(empty_marts: Path, path: Path) -> Marts:
    """Empty audiences beside empty tables of hubspot.*."""
    marts = Marts(Path(copy(empty_marts, path)))
    with open_warehouse(path) as connection:
        connection.execute("create schema workflows")
        for name, keys in AUDIENCES.items():
            connection.execute(
                f"create table workflows.{name} ({keys} person_key varchar, email varchar, "
                "entered_at timestamp, left_at timestamp, is_enrolled boolean, "
                "can_be_mailed boolean, why_not_mailable varchar, reason varchar)"
            )
        # columns that a warehouse of an older version lacks
        for column in ("shopify_image_url", "shopify_variant_title"):
            connection.execute(
                f"alter table hubspot.line_items add column if not exists {column} varchar"
            )
    return marts


def enrol(marts: Marts, workflow: str, number: int, day: int, **changes: object) -> None:
    """Put person and deal of a number into an audience."""
    row: dict[str, object] = {
        "person_key": f"person{number}@example.com",
        "email": f"person{number}@example.com",
        "entered_at": datetime(2026, 5, day),
        "is_enrolled": True,
        "can_be_mailed": True,
    }
    if AUDIENCES[workflow]:
        row |= {"shop": SHOP, "shopify_deal_key": order(number)}
    row |= changes
    marks = ", ".join("?" for _ in row)
    marts.run(
        f"insert into workflows.{workflow} ({', '.join(row)}) values ({marks})", *row.values()
    )


def fill_audiences(marts: Marts) -> None:
    """Deals 1 to 5, each of its own person, with two lines; 4 has none, 5 may not be mailed."""
    numbers = range(1, 6)
    stages = dict(zip(numbers, ["checkout_abandoned"] * 5, strict=True))
    marts.insert("contacts", [Build.contact(each) for each in numbers])
    marts.insert(
        "deals",
        [
            {
                **Build.deal(each),
                "dealstage": stages[each],
                "amount": Decimal(10 * each),
                "shopify_store": SHOP,
                "shopify_new_customer": True,
                "shopify_abandoned_since": datetime(2026, 5, each),
                "shopify_abandoned_checkout_url": f"https://{SHOP}/carts/{each}",
            }
            for each in numbers
        ],
    )
    for each in numbers:
        lines = [] if each == 4 else [2 * each, 2 * each + 1]
        rows = [
            {
                **Build.line_item(line, each, each),
                "shopify_image_url": f"https://cdn.example.com/{line}.png",
            }
            for line in lines
        ]
        marts.insert("line_items", rows)
        marts.insert("associations", Build.associations(each, each, lines))
    for workflow in AUDIENCES:
        for each in (1, 3, 2, 4):
            enrol(marts, workflow, each, day=each)
        enrol(marts, workflow, 5, day=5, can_be_mailed=False, why_not_mailable="no consent")
