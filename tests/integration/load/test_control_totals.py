"""After a load Shopify, the marts and HubSpot's acknowledgements agree.

The rule: docs/reference/rules.md#control-totals
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from cartwheel.cli.json_text import as_json
from cartwheel.cli.printing import print_load
from cartwheel.core.errors import LoadFailed
from cartwheel.core.progress import silent
from load.run import load

# what Shopify has of the small shop, whose six deals add up to 60.15
IN_SHOPIFY = {
    "contacts": ("contacts", None, "distinct e-mails", 5, None),
    "orders": ("deals", "GBP", "orders", 7, Decimal("75.15")),
    "test orders": ("deals", "GBP", "test orders", -1, Decimal("-15.00")),
    "products": ("products", None, "variants", 3, None),
    "line_items": ("line_items", None, "lines of orders", 12, None),
}


def count_shopify(shop, **changed):
    """Say what Shopify has of the small shop, with entries changed, added or left out."""
    entries = {**IN_SHOPIFY, **changed}
    shop.count_shopify(*(entry for entry in entries.values() if entry))


def test_what_shopify_has_is_the_sum_of_its_entries(shop, ready):
    """What is left out on purpose is subtracted, of records and of amounts."""
    count_shopify(shop)

    totals = load(ready, silent).totals

    assert totals.records["deals"].shopify == 6
    assert totals.records["line_items"].shopify == 12
    assert totals.amounts["GBP"].shopify == Decimal("60.15")


def test_what_is_quarantined_is_not_missing(shop, ready):
    """Shopify's orders are those of the warehouse and those that are quarantined."""
    count_shopify(
        shop,
        orders=("deals", "GBP", "orders", 8, Decimal("175.15")),
        apart=("deals", "GBP", "quarantined orders: figures disagree", -1, Decimal(-100)),
    )

    totals = load(ready, silent).totals

    deals, amounts = totals.records["deals"], totals.amounts["GBP"]
    assert (deals.shopify, deals.quarantined, deals.mart) == (7, 1, 6)
    assert (amounts.shopify, amounts.quarantined) == (Decimal("160.15"), Decimal(100))
    assert amounts.complete


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param(
            {"apart": ("deals", "GBP", "quarantined orders: x", -1, Decimal("-1.00"))},
            "deals: 6 in Shopify, 6 in the warehouse and 1 quarantined",
            id="one that is in both",
        ),
        pytest.param(
            {"contacts": ("contacts", None, "distinct e-mails", 6, None)},
            "contacts: 6 in Shopify, 5 in the warehouse",
            id="a contact lost",
        ),
        pytest.param(
            {"products": None},
            "products: 0 in Shopify, 3 in the warehouse",
            id="products from nowhere",
        ),
        pytest.param(
            {"orders": ("deals", "GBP", "orders", 7, Decimal("75.16"))},
            "GBP: 60.1600 in Shopify, 60.1500 in the warehouse",
            id="a penny lost",
        ),
        pytest.param(
            {"dollars": ("deals", "USD", "orders", 1, Decimal("5.00"))},
            "deals: 7 in Shopify, 6 in the warehouse; USD: 5.0000 in Shopify, 0 in",
            id="a currency lost",
        ),
    ],
)
def test_a_mart_that_differs_from_shopify_fails_the_load(shop, ready, changed, told):
    """The message names the object or currency, both figures and what to type."""
    count_shopify(shop, **changed)

    with pytest.raises(LoadFailed) as failure:
        load(ready, silent)

    message = str(failure.value)
    assert message.startswith(f"After the load Shopify and the warehouse disagree ({told}")
    assert message.endswith("Run: cartwheel transform, and repeat: cartwheel load")


def test_a_currency_of_which_all_is_left_out_is_no_difference(shop, ready):
    """Test orders in a currency that no deal has leave nothing to compare."""
    orders = ("deals", "USD", "orders", 1, Decimal("5.00"))
    left_out = ("deals", "USD", "test orders", -1, Decimal("-5.00"))
    count_shopify(shop, dollars=orders, no_dollars=left_out)

    assert list(load(ready, silent).totals.amounts) == ["GBP"]


def test_a_warehouse_of_an_older_version_is_loaded_all_the_same(shop, ready):
    """Without hubspot.control_totals Shopify's side is unknown, and no difference."""
    totals = load(ready, silent).totals

    assert totals.records["deals"].shopify is None
    assert totals.amounts["GBP"].shopify is None


def test_a_person_sees_the_control_totals(shop, ready, capsys):
    """A load's report ends with records per object and amounts per currency."""
    count_shopify(shop)

    print_load(load(ready, silent))

    assert capsys.readouterr().out.partition("control totals")[2].splitlines() == [
        "  in Shopify  quarantined  in the warehouse  acknowledged  held back",
        "products                 3            0                 3             3          0",
        "contacts                 5            0                 5             5          0",
        "deals                    6            0                 6             6          0",
        "line_items              12            0                12            12          0",
        "deals in GBP         60.15         0.00             60.15         60.15       0.00",
    ]


def test_a_dry_run_has_no_control_totals_to_show(shop, ready, capsys):
    """Nothing was acknowledged, so there is nothing to compare."""
    print_load(load(ready, silent, dry_run=True))

    assert "control totals" not in capsys.readouterr().out


def test_a_script_reads_the_control_totals(shop, ready):
    """The JSON of a load's report has all sides."""
    count_shopify(shop)

    totals = json.loads(as_json(load(ready, silent)))["totals"]

    assert totals["records"]["deals"] == {
        "mart": 6,
        "acknowledged": 6,
        "held": 0,
        "shopify": 6,
        "quarantined": 0,
    }
    assert totals["amounts"]["GBP"]["shopify"] == "60.1500"
