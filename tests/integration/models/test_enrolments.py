"""Nobody is enrolled twice for the same cause, whatever happens to it later.

The rule: docs/reference/rules.md#audiences
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from cartwheel.build.dbt import dbt, parse
from cartwheel.core.warehouse import open_warehouse
from tests.integration.models.compiled import succeeded
from tests.integration.models.conftest import OTHER_VARS, Raw
from tests.integration.models.orders_by_hand import LONDON, TOKYO, Order, Sale

SEEDS = 100 if os.environ.get("CARTWHEEL_TORTURE") == "all" else 1
BUILT = ("seeds", "staging", "intermediate", "core", "hubspot", "reports", "workflows")
MARCH, APRIL, MAY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 5, 8))
LAPSED = "2025-11-15T00:00:00Z"
SINCE = datetime(2026, 2, 13)


class History:
    """A warehouse that is built again and again, with a copy of each build by its name."""

    def __init__(self, folder, models, only=None):
        self.warehouse = folder / "warehouse.duckdb"
        self._models, self._only = models, only

    def build(self, name, now, happen=None):
        """Let something happen in Shopify, by a function of Raw, and build at that moment.

        Every model is made anew, beside what ops remembers.
        """
        with open_warehouse(self.warehouse) as connection:
            raw = Raw(connection)
            if happen:
                happen(raw)
            raw.write()
            for schema in BUILT:
                connection.execute(f"drop schema if exists {schema} cascade")
            self._models.create(connection, now=now.replace(tzinfo=None), only=self._only)
        shutil.copy(self.warehouse, self._copy(name))

    def ask(self, name, query, *values):
        """What a query finds in a build."""
        with open_warehouse(self._copy(name), read_only=True) as connection:
            return connection.execute(query, values).fetchall()

    def _copy(self, name):
        return self.warehouse.with_name(f"{name}.duckdb")


def of(customer):
    """The customer of an order or a checkout."""
    return {"customer": {"id": f"gid://shopify/Customer/{customer}"}}


def buy(raw, number, at, customer, **fields):
    """An order of ten pounds."""
    Order(number, at, Sale("PRODUCT", "10.00"), **of(customer), **fields).land(raw)


def change(raw, number, **fields):
    """Fields of an order change in Shopify."""
    raw.connection.execute(
        "update raw.orders set payload = json_merge_patch(payload, ?), run_id = 'later' "
        "where id = ?",
        [json.dumps(fields), f"gid://shopify/Order/{number}"],
    )


def delete(raw, number):
    """An order is deleted in Shopify."""
    raw.connection.execute(
        "update raw.orders set deleted_at = '2026-03-20' where id = ?",
        [f"gid://shopify/Order/{number}"],
    )


def edit(raw, customer, **fields):
    """Fields of a customer's e-mail address change in Shopify."""
    raw.connection.execute(
        "update raw.customers set payload = json_merge_patch(payload, ?), run_id = 'later' "
        "where id = ?",
        [
            json.dumps({"defaultEmailAddress": fields}),
            f"gid://shopify/Customer/{customer}",
        ],
    )


def _begin(raw):
    raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
    raw.shop(TOKYO, "Asia/Tokyo", "JPY", "2025-06-01T00:00:00Z")
    for number in range(1, 25):
        consent = {"marketingState": "UNSUBSCRIBED" if number == 13 else "SUBSCRIBED"}
        raw.customer(number, f"{number}@example.com", consent=consent)
    for number in (1, 2, 3, 5, 6, 8):
        buy(raw, 10 * number + 1, "2026-02-01T10:00:00Z", number)
    for number in (11, 12, 13, 14):
        buy(raw, 10 * number + 1, LAPSED, number)
    buy(raw, 150, "2025-08-01T00:00:00Z", 15)
    buy(raw, 151, LAPSED, 15)
    for number in (20, 21, 22, 23):
        raw.checkout(number, "2026-02-20T10:00:00Z", **of(number))
    buy(raw, 231, "2026-02-20T20:00:00Z", 23)


def _in_march(raw):
    for number in (1, 2, 3, 6):
        buy(raw, 10 * number + 2, "2026-03-10T10:00:00Z", number)
    buy(raw, 71, "2026-03-10T10:00:00Z", 7)
    delete(raw, 11)
    change(raw, 21, cancelledAt="2026-03-05T00:00:00Z")
    delete(raw, 31)
    edit(raw, 3, emailAddress="three@example.com")
    buy(raw, 50, "2024-05-01T10:00:00Z", 5)
    change(raw, 61, **of(16))
    edit(raw, 8, emailAddress="eight@example.com")
    buy(raw, 112, "2026-03-10T00:00:00Z", 11)
    edit(raw, 12, emailAddress="twelve@example.com")
    edit(raw, 13, marketingState="SUBSCRIBED", marketingUpdatedAt="2026-03-02T00:00:00Z")
    delete(raw, 151)
    raw.connection.execute(
        "update raw.abandoned_checkouts set run_id = 'later', payload = "
        """json_merge_patch(payload, '{"completedAt": "2026-03-05T00:00:00Z"}') """
        "where id like '%/20'"
    )
    for number in (21, 22):
        buy(raw, 10 * number + 1, "2026-02-24T00:00:00Z", number)


def _in_april(raw):
    change(raw, 112, cancelledAt="2026-04-05T00:00:00Z")
    change(raw, 221, cancelledAt="2026-04-05T00:00:00Z")
    buy(raw, 113, "2026-04-28T00:00:00Z", 11)


@pytest.fixture(scope="module")
def history(tmp_path_factory, models):
    """People who enter and leave from February on, built in March, April, May and August."""
    history = History(tmp_path_factory.mktemp("history"), models)
    history.build("march", MARCH, _begin)
    history.build("april", APRIL, _in_march)
    history.build("april again", APRIL)
    history.build("may", MAY, _in_april)
    history.build("august", AUGUST)
    return history


def enrolled(history, build, *orders):
    """Which of some orders' deals say that they enrolled a new customer."""
    return [
        order
        for (order,) in history.ask(
            build,
            "select shopify_order_id from hubspot.deals "
            "where shopify_new_customer and shopify_order_id in (select unnest(?)) order by 1",
            list(orders),
        )
    ]


def lapses(history, build, person):
    """When a person's lapses began and ended, whether the last still lasts."""
    return history.ask(
        build,
        "select entered_at, left_at, is_enrolled from workflows.re_engagement "
        "where person_key = ? order by 1",
        person,
    )


def since(history, build, email):
    """The properties by which HubSpot enrols a contact that lapsed."""
    return history.ask(
        build,
        "select shopify_re_engagement, shopify_re_engagement_since from hubspot.contacts "
        "where email = ?",
        email,
    )


def checkout(history, build, number):
    """When a checkout entered and left, why, and what its deal says, where it has one."""
    return history.ask(
        build,
        "select entered_at, left_at, is_enrolled, reason, shopify_abandoned_since, "
        "shopify_recovered_elsewhere from workflows.abandoned_checkout "
        "left join hubspot.deals on shopify_checkout_id = checkout_id where checkout_id = ?",
        str(number),
    )


def test_the_first_build_takes_the_history_at_its_times(history):
    """Each cause entered when it happened; a lapse that had ended by then is one too."""
    assert history.ask(
        "march",
        "select workflow, count(*), count(distinct noted_at), min(entered_at), max(entered_at) "
        "from ops.enrolments group by all order by 1",
    ) == [
        ("abandoned_checkout", 3, 1, *[datetime(2026, 2, 21, 10)] * 2),
        ("new_customer", 12, 1, datetime(2025, 8, 1), datetime(2026, 2, 20, 20)),
        ("re_engagement", 6, 1, datetime(2025, 10, 30), SINCE),
    ]


def test_a_second_build_changes_nothing(history):
    """Neither what is remembered, nor an audience, nor a property."""
    for table in (
        "ops.enrolments",
        *(f"workflows.{each}" for each in ("new_customer", "abandoned_checkout")),
        *("workflows.re_engagement", "hubspot.deals", "hubspot.contacts"),
    ):
        query = f"from {table} order by all"
        assert history.ask("april again", query) == history.ask("april", query)


def test_what_is_remembered_only_grows(history):
    """No row of a build is changed or missing in a later one."""
    builds = [
        set(history.ask(build, "from ops.enrolments"))
        for build in ("march", "april", "may", "august")
    ]

    assert builds[0] < builds[1] < builds[3]
    assert builds[1] <= builds[2] <= builds[3]


@pytest.mark.parametrize(
    ("orders", "enrolled_by"),
    [
        pytest.param(("11", "12"), [], id="deleted, then another"),
        pytest.param(("21", "22"), ["21"], id="cancelled, then another"),
        pytest.param(("31", "32"), [], id="deleted, e-mail changed, then another"),
        pytest.param(("50", "51"), ["51"], id="an older one is imported"),
        pytest.param(("61", "62"), ["61"], id="moved to somebody else, then another"),
        pytest.param(("71",), ["71"], id="somebody new"),
        pytest.param(("81",), ["81"], id="e-mail changed"),
    ],
)
@pytest.mark.parametrize("build", ["april", "august"])
def test_a_person_is_welcomed_once(history, build, orders, enrolled_by):
    """By the deal that was the first one then; no other deal takes its place."""
    assert enrolled(history, build, *orders) == enrolled_by


def test_a_first_order_that_is_gone_says_so(history):
    """Its row stays in the audience, with the time and the reason; also who it is about."""
    assert history.ask(
        "april",
        "select order_id, person_key, left_at, is_enrolled, reason from workflows.new_customer "
        "where order_id in ('11', '21', '31', '81') order by 1",
    ) == [
        ("11", "1@example.com", datetime(2026, 3, 20), False, "order deleted"),
        ("21", "2@example.com", datetime(2026, 3, 5), False, "cancelled: order #21"),
        ("31", "three@example.com", datetime(2026, 3, 20), False, "order deleted"),
        ("81", "eight@example.com", None, True, "first purchase: order #81"),
    ]


def test_a_checkout_leaves_when_it_is_recovered(history):
    """It entered once and stays to be seen."""
    entered = datetime(2026, 2, 21, 10)

    assert checkout(history, "march", 20) == [
        (entered, None, True, "left for 24 hours", entered, False)
    ]
    assert checkout(history, "april", 20) == [
        (entered, datetime(2026, 3, 5), False, "recovered", None, None)
    ]


def test_a_checkout_leaves_when_its_person_buys_elsewhere(history):
    """Its deal says so as well, since its stage does not change."""
    entered = datetime(2026, 2, 21, 10)

    assert checkout(history, "april", 21) == [
        (entered, datetime(2026, 2, 24), False, "bought since", None, True)
    ]


def test_a_checkout_whose_persons_purchase_is_cancelled_enters_as_before(history):
    """At the time at which it had entered: for HubSpot it is the same enrolment."""
    assert checkout(history, "may", 22) == checkout(history, "march", 22)
    assert history.ask("may", "select count(*) from ops.enrolments where cause_id = '22'") == [
        (1,)
    ]


def test_an_open_checkout_whose_person_bought_within_the_day_tells_it(history):
    """It never entered, and is suppressed where somebody enrols it by other rules."""
    assert checkout(history, "march", 23) == []
    assert history.ask(
        "march",
        "select shopify_recovered_elsewhere, count(*) from hubspot.deals "
        "where shopify_checkout_id in ('20', '21', '22', '23') group by 1 order by 1",
    ) == [(False, 3), (True, 1)]


def test_a_lapse_ends_with_a_purchase_and_is_the_same_if_that_is_cancelled(history):
    """Since when stays through it all, so that HubSpot does not enrol again."""
    lapse, bought = (SINCE, None, True), datetime(2026, 3, 10)

    assert lapses(history, "march", "11@example.com") == [lapse]
    assert since(history, "march", "11@example.com") == [(True, SINCE)]
    assert lapses(history, "april", "11@example.com") == [(SINCE, bought, False)]
    assert since(history, "april", "11@example.com") == [(False, SINCE)]
    assert lapses(history, "may", "11@example.com") == [(SINCE, datetime(2026, 4, 28), False)]


def test_another_lapse_needs_another_purchase(history):
    """Ninety days after it, the person enters again, with another since."""
    again = datetime(2026, 7, 27)

    assert lapses(history, "august", "11@example.com") == [
        (SINCE, datetime(2026, 4, 28), False),
        (again, None, True),
    ]
    assert since(history, "august", "11@example.com") == [(True, again)]


def test_a_lapse_outlives_the_order_that_began_it(history):
    """Its order is deleted, the one before it is older: it is still the same lapse."""
    assert lapses(history, "march", "15@example.com") == [
        (datetime(2025, 10, 30), datetime(2025, 11, 15), False),
        (SINCE, None, True),
    ]
    assert since(history, "august", "15@example.com") == [(True, SINCE)]


def test_a_lapse_goes_with_the_person_who_changes_the_e_mail(history):
    """No lapse begins with another e-mail."""
    assert lapses(history, "april", "twelve@example.com") == [(SINCE, None, True)]
    assert since(history, "april", "twelve@example.com") == [(True, SINCE)]
    assert lapses(history, "april", "12@example.com") == []


def test_consent_that_is_given_later_counts_from_then_on(history):
    """The audience knows it; what is remembered is how the person entered."""
    query = """
        select can_be_mailed, could_be_mailed from workflows.re_engagement
        join ops.enrolments on cause_id = order_id and workflow = 're_engagement'
        where person_key = '13@example.com'
    """

    assert history.ask("march", query) == [(False, False)]
    assert history.ask("april", query) == [(True, False)]


def test_nothing_that_is_remembered_names_anybody(history):
    """No e-mail, in no column."""
    rows = history.ask("august", "from ops.enrolments")

    assert not any("@" in str(value) for row in rows for value in row)


def test_the_report_counts_entries_and_what_was_bought_after_them(history):
    """Purchases of seven days from entering, each once; those of others are left out."""
    assert history.ask(
        "april",
        "select workflow, could_be_mailed, entered, has_left, observed, bought, purchases, "
        "revenue, purchase_rate from reports.workflow_performance "
        "where period = 'all_time' and comparison = 'none' order by 1, 2",
    ) == [
        ("abandoned_checkout", True, 3, 3, 3, 2, 2, Decimal(20), Decimal("0.666667")),
        ("new_customer", False, 1, 0, 1, 0, 0, Decimal(0), Decimal(0)),
        ("new_customer", True, 14, 3, 14, 0, 0, Decimal(0), Decimal(0)),
        ("re_engagement", False, 1, 0, 1, 0, 0, Decimal(0), Decimal(0)),
        ("re_engagement", True, 6, 3, 6, 0, 0, Decimal(0), Decimal(0)),
    ]


def test_vars_that_are_tried_enrol_nobody(transformed_cases, tmp_path):
    """A build with --vars remembers nobody for good; the next without them remembers all."""
    warehouse = shutil.copy(transformed_cases.warehouse, tmp_path / "warehouse.duckdb")
    settings = replace(transformed_cases, warehouse=warehouse)
    only = ("run", "--select", "enrolments")

    def remembered():
        with open_warehouse(warehouse, read_only=True) as connection:
            query = "select workflow, shop, cause_id from ops.enrolments order by all"
            return connection.execute(query).fetchall()

    before = remembered()
    with open_warehouse(warehouse) as connection:
        connection.execute("delete from ops.enrolments where workflow = 're_engagement'")
    kept = remembered()
    # vars change what a model says, not what there is: nothing is parsed again
    succeeded(dbt(settings, *only, variables=OTHER_VARS, manifest=parse(settings)))
    assert remembered() == kept
    succeeded(dbt(settings, *only))
    assert remembered() == before != kept


def _at_random(random, month):
    """What may happen in a month: purchases, and to each order and person whatever can."""

    def happen(raw):
        orders = raw.connection.execute("select id from raw.orders order by id").fetchall()
        numbers = [int(order.rpartition("/")[2]) for (order,) in orders]
        for number in range(100 * month, 100 * month + 6):
            at = datetime(2026, random.randint(1, month), random.randint(1, 28))
            buy(raw, number, f"{at:%Y-%m-%dT%H:%M:%SZ}", random.randint(1, 5))
        for number in random.sample(numbers, min(6, len(numbers))):
            random.choice(
                [
                    lambda of_order: delete(raw, of_order),
                    lambda of_order: change(raw, of_order, cancelledAt="2026-01-20T00:00:00Z"),
                    lambda of_order: change(raw, of_order, **of(random.randint(1, 5))),
                ]
            )(number)
        if month > 1:
            edit(raw, random.randint(1, 5), emailAddress=f"{random.randint(1, 9)}@x.example")
        else:
            raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
            for number in range(1, 6):
                raw.customer(number, f"{number}@x.example")

    return happen


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nobody_enters_twice_in_a_random_history(tmp_path, models, seed):
    """A cause is there once, a person is welcomed once in a shop, no row is ever changed."""
    history, random = History(tmp_path, models, only="re_engagement"), Random(seed)
    before: set[tuple] = set()
    for month in range(1, 11, 3):
        history.build("now", datetime(2026, month, 28, tzinfo=UTC), _at_random(random, month))
        remembered = set(history.ask("now", "from ops.enrolments"))
        enrolled = history.ask(
            "now", "select person_key from workflows.re_engagement where is_enrolled"
        )

        assert before <= remembered
        assert len({row[:3] for row in remembered}) == len(remembered)
        welcomed = [row[1:5:3] for row in remembered if row[0] == "new_customer"]
        assert len(set(welcomed)) == len(welcomed) > 0
        assert len(set(enrolled)) == len(enrolled)
        before = remembered

    assert {row[0] for row in before} == {"new_customer", "re_engagement"}
