"""What HubSpot demands of contacts, deals and line items as a whole."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("name", "value"),
    [("pipeline", "nowhere"), ("dealstage", "nowhere"), ("deal_currency_code", "BRL")],
)
def test_a_deal_takes_only_what_the_account_has(hubspot, name, value):
    """An unknown pipeline, stage or currency is an INVALID_OPTION."""
    answer = hubspot.new("deals", **{name: value})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "INVALID_OPTION"
    assert answer.json()["errors"][0]["context"] == {"propertyName": [name]}


def test_a_stage_of_another_pipeline_is_refused(hubspot):
    """A stage must belong to the deal's own pipeline."""
    hubspot.send(
        "POST",
        "/crm/pipelines/2026-03/deals",
        {
            "pipelineId": "shop",
            "label": "Shop",
            "displayOrder": 1,
            "stages": [
                {
                    "stageId": "paid",
                    "label": "Paid",
                    "displayOrder": 0,
                    "metadata": {"probability": "1.0"},
                }
            ],
        },
    )
    wrong = {"pipeline": "shop", "dealstage": "closedwon"}
    right = {"pipeline": "shop", "dealstage": "paid"}

    assert hubspot.new("deals", **wrong).status_code == 400
    assert hubspot.new("deals", **right).status_code == 201


def test_a_deals_closedness_follows_from_its_stage(hubspot, account):
    """A stage of probability 1 makes the deal closed and won."""
    hubspot.create("deals", dealname="D", dealstage="closedwon")

    properties = account.objects("deals")[0]["properties"]
    assert properties["hs_is_closed"] == properties["hs_is_closed_won"] == "true"


def test_a_contact_needs_a_name_or_an_email(hubspot):
    """A contact with a phone number alone is refused."""
    answer = hubspot.new("contacts", phone="1")

    assert answer.status_code == 400
    assert "one of email, firstname, lastname" in answer.json()["message"]


def test_the_lifecycle_stage_only_moves_forward(hubspot, account):
    """A customer does not become a lead again, unless the stage is cleared first."""
    contact_id = hubspot.create("contacts", email="a@x.com", lifecyclestage="customer")
    path = f"/crm/objects/2026-03/contacts/{contact_id}"

    hubspot.send("PATCH", path, {"properties": {"lifecyclestage": "lead"}})

    assert account.objects("contacts")[0]["properties"]["lifecyclestage"] == "customer"


def test_a_negative_price_of_a_line_item_is_refused(hubspot):
    """Line items cannot cost less than nothing."""
    answer = hubspot.new("line_items", name="L", price="-1")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["context"] == {"propertyName": ["price"]}


def test_a_line_item_of_an_unknown_product_is_refused(hubspot):
    """hs_product_id must be the id of a living product."""
    answer = hubspot.new("line_items", name="L", hs_product_id="999")

    assert answer.json()["errors"][0]["context"] == {"propertyName": ["hs_product_id"]}


def test_a_line_item_inherits_from_its_product_what_it_is_not_given(hubspot, account):
    """The price given stays, the name comes from the product, the amount is worked out."""
    product_id = hubspot.create("products", name="Mug", price="9.50")
    hubspot.create(
        "line_items", hs_product_id=product_id, price="8.00", quantity="3", discount="0.50"
    )

    line = account.objects("line_items")[0]["properties"]
    assert (line["name"], line["price"], line["amount"]) == ("Mug", "8.00", "22.50")


def test_what_is_worked_out_goes_with_what_it_came_from(hubspot, account):
    """Without a price a line item has no amount; without a stage a deal is not closed."""
    line = hubspot.create("line_items", name="L", price="2", quantity="3")
    deal = hubspot.create("deals", amount="5", dealstage="closedwon")
    for path, name in ((f"line_items/{line}", "price"), (f"deals/{deal}", "dealstage")):
        hubspot.send("PATCH", f"/crm/objects/2026-03/{path}", {"properties": {name: ""}})

    assert "amount" not in account.objects("line_items")[0]["properties"]
    assert "hs_is_closed_won" not in account.objects("deals")[0]["properties"]


def test_the_amount_in_home_currency_follows_the_currency(hubspot, account):
    """At the account's rates, which are 1, a deal is worth as much in any currency."""
    deal = hubspot.create("deals", amount="5")
    change = {"properties": {"deal_currency_code": "USD", "amount": "7"}}
    hubspot.send("PATCH", f"/crm/objects/2026-03/deals/{deal}", change)

    assert account.objects("deals")[0]["properties"]["amount_in_home_currency"] == "7"


def test_times_come_from_the_accounts_clock(hubspot, account):
    """Records are created when the sandbox's clock says so."""
    hubspot.create("products", name="Mug")

    (product,) = account.objects("products")
    assert product["createdAt"] == product["properties"]["createdate"]
    assert product["createdAt"] == "2026-11-23T12:00:00.000Z"
