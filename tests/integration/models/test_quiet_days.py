"""Days on which nothing happens in Shopify: nearly nothing is new for HubSpot.

The rule: docs/reference/rules.md#quiet-days. By day test_road.py has one day of a store pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from extract.run import extract
from sandbox.generator import generate
from sandbox.server import Sandbox

pytestmark = pytest.mark.nightly

ORDERS, SEED = 320, 5
BUILT = ("seeds", "staging", "intermediate", "core", "hubspot", "reports", "workflows")
KEYS = {
    "contacts": "email",
    "deals": "shopify_deal_key",
    "products": "shopify_product_key",
    "line_items": "shopify_line_item_key",
}
OF_A_LAPSE = {"shopify_re_engagement", "shopify_re_engagement_since"}
OF_AN_ABANDONMENT = {
    "deals": {"dealstage", "shopify_abandoned_since"},
    "contacts": {
        f"shopify_abandoned_checkout_{name}"
        for name in ("url", "at", "value", "items", "items_html")
    },
}
# what happens by the mere passing of time, with its moment
LAPSES = """
    select email, last_order_at + interval 90 days as lapsed_at
    from core.people where email <> ''
"""
NEXT_LAPSE = f"select min(lapsed_at) from ({LAPSES}) where lapsed_at > '{{after}}'"
ABANDONMENTS = """
    select shopify_deal_key, email, abandoned_at from core.checkouts
    join hubspot.deals on shop = shopify_store and checkout_id = shopify_checkout_id
    where checkout_state = 'abandoned'
"""


@dataclass(frozen=True)
class QuietDays:
    """The records of hubspot.* at some moments, and what happened by itself meanwhile."""

    builds: list[tuple[datetime, dict[str, dict]]]
    lapses: list[tuple[str, datetime]]
    abandonments: list[tuple[str, str, datetime]]

    def changed(self, name):
        """Object, key and property of what differs between one build and the next."""
        return {
            (moment, key, column)
            for (_, before), (moment, after) in pairwise(self.builds)
            for key in before[name].keys() | after[name].keys()
            for column, value in after[name].get(key, {"is there": False}).items()
            if before[name].get(key, {}).get(column, "none") != value
        }

    def between(self, happened):
        """Those of what happened by itself that lie between two builds, with the later one."""
        return [
            (after, *what)
            for (before, _), (after, _) in pairwise(self.builds)
            for *what, moment in happened
            if moment is not None and before < moment <= after
        ]


@pytest.fixture(scope="module")
def days(tmp_path_factory, models):
    """A made-up store as it is, early and late on the next day, at the next lapse."""
    folder = tmp_path_factory.mktemp("quiet")
    generate(folder / "store", ORDERS, SEED)
    with Sandbox(folder / "store") as sandbox:
        warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
        settings = Settings.read(environ={**sandbox.env, **warehouse})
        extract(settings)
    builds = [(moment, _build(models, settings, moment)) for moment in _moments(settings)]
    [(lapse,)] = _ask(settings, NEXT_LAPSE.format(after=builds[-1][0]))
    builds.append((lapse, _build(models, settings, lapse)))
    return QuietDays(builds, _ask(settings, LAPSES), _ask(settings, ABANDONMENTS))


def _ask(settings, query):
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()


def _moments(settings):
    [(zone,)] = _ask(settings, "select payload ->> '$.ianaTimezone' from raw.shops")
    zone = ZoneInfo(zone)
    tomorrow = (settings.now.astimezone(zone) + timedelta(days=1)).date()
    clock = [(0, 1), (0, 23)]
    hours = [
        datetime.combine(tomorrow + timedelta(days=day), time(hour), zone)
        for day, hour in clock
    ]
    return [moment.astimezone(UTC).replace(tzinfo=None) for moment in (settings.now, *hours)]


def _build(models, settings, moment):
    """Every property of every record after a build at that moment."""
    found = {}
    with open_warehouse(settings.warehouse) as connection:
        for schema in BUILT:
            connection.execute(f"drop schema if exists {schema} cascade")
        models.create(connection, now=moment)
        for name, key in KEYS.items():
            rows = connection.execute(f"from hubspot.{name}")
            columns = [column[0] for column in rows.description]
            records = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
            found[name] = {record[key]: record for record in records}
    return found


def test_the_days_are_not_empty(days):
    """Time does something to this store: people lapse, checkouts become abandoned."""
    assert days.between(days.lapses)
    assert days.between(days.abandonments)


@pytest.mark.parametrize("name", ["products", "line_items"])
def test_what_is_sold_does_not_change(days, name):
    """No property of a product or a line item changes while nothing happens."""
    assert days.changed(name) == set()


def test_only_abandoned_checkouts_change_among_deals(days):
    """A deal changes where its checkout became abandoned: its stage, and since when it is so.

    Whose person bought something else meanwhile is in no audience, and only changes the stage.
    """
    abandoned = {(moment, key) for moment, key, _ in days.between(days.abandonments)}

    found = days.changed("deals")
    assert {
        (moment, key) for moment, key, column in found if column == "dealstage"
    } == abandoned
    assert {(moment, key) for moment, key, _ in found} == abandoned
    assert {column for _, _, column in found} == OF_AN_ABANDONMENT["deals"]


def test_only_who_lapsed_or_left_a_checkout_changes_among_contacts(days):
    """No other contact changes, at whatever hour and however many days the build comes later.

    Scores and segments least of all: they compare people by the shop's day of their last
    orders, and nobody has bought.
    """
    lapsed = {
        (moment, email, column)
        for moment, email in days.between(days.lapses)
        for column in OF_A_LAPSE
    }
    may_change = {
        (moment, email, column)
        for moment, _, email in days.between(days.abandonments)
        for column in OF_AN_ABANDONMENT["contacts"]
    }

    found = days.changed("contacts")
    assert found - may_change == lapsed
    assert {email for _, email, column in found if column.endswith("checkout_at")} == {
        email for _, _, email in days.between(days.abandonments) if email
    }
