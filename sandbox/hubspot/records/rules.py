"""What HubSpot demands of a record as a whole, and what it works out by itself.

Each rule takes the values before (None on creation) and the cleaned changes, and gives
the changes to store; it raises Problem 400 (docs/reference/hubspot.md#line-items,
docs/reference/hubspot.md#currencies).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from sandbox.core.clock import stamp
from sandbox.hubspot.core.problems import Fault, bad_request, invalid_values, lacking_values
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import ADDITIONAL_EMAILS, additional_emails, joined
from sandbox.hubspot.schema.pipelines import Stage

Values = Mapping[str, str]
Rule = Callable[[Crm, Values | None, dict[str, str]], dict[str, str]]

LIFECYCLE = (
    "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity",
    "customer", "evangelist", "other",
)  # fmt: skip
FROM_STAGE = ("hs_deal_stage_probability", "hs_is_closed", "hs_is_closed_won")
INHERITED = ("name", "price", "hs_sku", "description")


def contact(crm: Crm, before: Values | None, changes: dict[str, str]) -> dict[str, str]:
    """A new contact needs a name or an e-mail; the lifecycle stage only moves forward.

    A secondary e-mail that is made the e-mail changes places with it, as it does in
    HubSpot's own pages; what the API does is unknown.
    """
    del crm
    if before is None and not any(
        changes.get(name) for name in ("email", "firstname", "lastname")
    ):
        raise bad_request("A contact needs one of email, firstname, lastname")
    stage, wanted = (before or {}).get("lifecyclestage"), changes.get("lifecyclestage")
    if stage and wanted and LIFECYCLE.index(wanted) < LIFECYCLE.index(stage):
        del changes["lifecyclestage"]
    secondary = additional_emails(before or {})
    if before and changes.get("email") in secondary:
        addresses = [before.get("email", ""), *secondary]
        changes[ADDITIONAL_EMAILS] = joined(addresses, changes["email"])
    return changes


def deal(crm: Crm, before: Values | None, changes: dict[str, str]) -> dict[str, str]:
    """Pipeline, stage and currency must exist; closedness follows from the stage.

    A stage may demand properties of the deals that enter it, and a deal that enters a closed
    one may be closed as of now (core/behaviours.py). The account's exchange rates are all 1
    (api/settings.py).
    """
    if before is None:
        changes.setdefault("pipeline", "default")
        changes.setdefault("deal_currency_code", crm.currencies[0])
    after = {**(before or {}), **changes}
    if changes.get("deal_currency_code"):
        _check_currency(crm, "deal_currency_code", changes["deal_currency_code"])
    if "pipeline" in changes or "dealstage" in changes:
        stages = crm.pipelines.stages(after.get("pipeline", ""))
        if stages is None:
            raise _not_an_option(
                "pipeline", after.get("pipeline", ""), "the account's pipelines"
            )
        if stage_id := after.get("dealstage"):
            if stage_id not in stages:
                where = f'the stages of pipeline "{after["pipeline"]}"'
                raise _not_an_option("dealstage", stage_id, where)
            _enter(crm, before or {}, changes, stages[stage_id])
            stage = stages[stage_id]["metadata"]
            won = Decimal(stage["probability"]) == 1
            changes["hs_deal_stage_probability"] = stage["probability"]
            changes["hs_is_closed"] = stage["isClosed"]
            changes["hs_is_closed_won"] = "true" if won else "false"
        else:
            changes |= dict.fromkeys(FROM_STAGE, "")
    changes["amount_in_home_currency"] = after.get("amount", "")
    return changes


def line_item(crm: Crm, before: Values | None, changes: dict[str, str]) -> dict[str, str]:
    """The price is not negative, the product exists; what is not given comes from it."""
    price = changes.get("price", "")
    if price and Decimal(price) < 0:
        raise invalid_values([Fault("price", "INVALID_PRICE", f"{price} is a negative price")])
    if changes.get("hs_line_item_currency_code"):
        name = "hs_line_item_currency_code"
        _check_currency(crm, name, changes[name])
    if product_id := changes.get("hs_product_id"):
        product = crm.records["products"].get(product_id)
        if product is None:
            message = f"Product {product_id} does not exist"
            raise invalid_values([Fault("hs_product_id", "PRODUCT_NOT_FOUND", message)])
        if before is None:
            for name in INHERITED:
                if name in product.properties:
                    changes.setdefault(name, product.properties[name])
    after = {**(before or {}), **changes}
    if after.get("price") and after.get("quantity"):
        unit = Decimal(after["price"]) - Decimal(after.get("discount") or 0)
        changes["amount"] = f"{unit * Decimal(after['quantity']):f}"
    else:
        changes["amount"] = ""
    return changes


def nothing_more(crm: Crm, before: Values | None, changes: dict[str, str]) -> dict[str, str]:
    """No rule beyond the property types."""
    del crm, before
    return changes


RULES: dict[str, Rule] = {
    "contacts": contact,
    "companies": nothing_more,
    "deals": deal,
    "products": nothing_more,
    "line_items": line_item,
}


def _enter(crm: Crm, before: Values, changes: dict[str, str], stage: Stage) -> None:
    """What happens to a deal whose stage changes."""
    if before.get("dealstage") == stage["id"]:
        return
    behaviours = crm.behaviours
    after = {**before, **changes}
    demanded = behaviours.required_by_stage.get(stage["id"], [])
    if absent := [name for name in demanded if not after.get(name)]:
        raise lacking_values(absent, f'dealstage "{stage["id"]}"')
    closed = stage["metadata"]["isClosed"] == "true"
    if behaviours.closedate_automation and closed and "closedate" not in changes:
        changes["closedate"] = stamp(crm.clock.now())


def _check_currency(crm: Crm, name: str, code: str) -> None:
    if code not in crm.currencies:
        message = (
            f'"{code}" is not a part of the current effective currency codes for portal '
            f"{crm.portal_id}"
        )
        raise invalid_values([Fault(name, "INVALID_OPTION", message)])


def _not_an_option(name: str, value: str, where: str) -> Exception:
    return invalid_values([Fault(name, "INVALID_OPTION", f'"{value}" is not one of {where}')])
