"""Bodies of flows, and an account that has what they name, for the tests of flows."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.hubspot.account.account import Account

FLOWS = "/automation/v4/flows"
STAGES = (
    "checkout_pending", "checkout_abandoned", "checkout_completed", "processed", "shipped",
    "cancelled",
)  # fmt: skip
PROPERTIES = {
    "deals": {
        "shopify_new_customer": "bool",
        "shopify_recovered_by_workflow": "bool",
        "shopify_abandoned_since": "datetime",
    },
    "contacts": {
        "shopify_accepts_marketing": "bool",
        "shopify_re_engagement": "bool",
        "shopify_re_engagement_since": "datetime",
        "shopify_last_order_at": "datetime",
    },
}
FIELD_TYPES = {"bool": "booleancheckbox", "datetime": "date"}


class Mails:
    """What the flows of an account have sent."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The outbox."""
        return self.account.outbox.sent

    def log(self) -> list[tuple[str, str, datetime]]:
        """What was sent to whom, and when."""
        return [
            (each["emailId"], each["contactId"], datetime.fromisoformat(each["sentAt"]))
            for each in self.sent
        ]


def furnish(account: Account) -> Mails:
    """Give an account the pipeline, the properties and the e-mails that the flows name.

    The e-mails have the ids 50001 to 50009.
    """
    stages = [
        {"stageId": name, "label": name, "displayOrder": n, "metadata": {"probability": "0.5"}}
        for n, name in enumerate(STAGES)
    ]
    pipeline = {"pipelineId": "ecommerce", "label": "Shop", "displayOrder": 1}
    account.pipelines.create({**pipeline, "stages": stages})
    for object_type, kinds in PROPERTIES.items():
        properties = account.properties[object_type]
        properties.create_group({"name": "shopify", "label": "Shopify"})
        for name, kind in kinds.items():
            options = [{"label": each, "value": each} for each in ("true", "false")]
            definition = {"name": name, "label": name, "type": kind, "groupName": "shopify"}
            definition["fieldType"] = FIELD_TYPES[kind]
            properties.create({**definition, "options": options if kind == "bool" else []})
    sender = {"fromName": "Shop", "replyTo": "hello@shop.example"}
    for number in range(9):
        members = {"name": f"M{number}", "subject": "Hello", "from": sender}
        email = account.emails.create({**members, "subcategory": "automated"})
        account.emails.publish(email.id)
    account.flows.lag = 0
    return Mails(account)


def mail(action_id: str, email_id: str, then: str | None = None) -> dict[str, Any]:
    """An action that sends an e-mail."""
    return single(action_id, "0-4", {"content_id": email_id}, then)


def delay(action_id: str, minutes: int, then: str | None = None) -> dict[str, Any]:
    """An action that waits."""
    return single(action_id, "0-1", {"delta": str(minutes), "time_unit": "MINUTES"}, then)


def single(action_id: str, type_id: str, fields: object, then: str | None = None) -> dict:
    """An action with one connection, or with none if nothing follows."""
    action = {
        "actionId": action_id,
        "type": "SINGLE_CONNECTION",
        "actionTypeId": type_id,
        "actionTypeVersion": 0,
        "fields": fields,
    }
    return {**action, "connection": to(then)} if then else action


def to(action_id: str) -> dict[str, str]:
    """A connection."""
    return {"edgeType": "STANDARD", "nextActionId": action_id}


def prop(name: str, kind: str, operator: str, **more: Any) -> dict[str, Any]:
    """A PROPERTY filter."""
    operation = {"operationType": kind, "operator": operator, **more}
    operation = {"includeObjectsWithNoValueSet": False, **operation}
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def either(*groups: list[dict[str, Any]], branches: tuple = ()) -> dict[str, Any]:
    """An OR of ANDs, each of filters; branches stand in each AND."""
    return {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filters": [],
        "filterBranches": [every(*filters, branches=branches) for filters in groups],
    }


def every(*filters: dict[str, Any], branches: tuple = ()) -> dict[str, Any]:
    """An AND branch."""
    return {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filters": list(filters),
        "filterBranches": list(branches),
    }


def in_stage(*stages: str) -> dict[str, Any]:
    """A filter on dealstage."""
    return prop("dealstage", "ENUMERATION", "IS_ANY_OF", values=list(stages))


def list_based(branch: dict[str, Any], again: tuple = (), **more: bool) -> dict[str, Any]:
    """LIST_BASED enrolment criteria; again are the re-enrolment triggers."""
    return {
        "type": "LIST_BASED",
        "listFilterBranch": branch,
        "shouldReEnroll": bool(again),
        "unEnrollObjectsNotMeetingCriteria": False,
        "reEnrollmentTriggersFilterBranches": list(again),
        **more,
    }


def changed(name: str) -> dict[str, Any]:
    """A re-enrolment trigger: the property gets a value."""
    return every(
        prop("hs_name", "STRING", "IS_EQUAL_TO", value=name),
        prop("hs_value", "ALL_PROPERTY", "IS_KNOWN"),
    )


def flow(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of a deal flow for abandoned checkouts, with what HubSpot's schema requires."""
    body = {
        "name": "F",
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-3",
        "flowType": "WORKFLOW",
        "isEnabled": False,
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {},
        "dataSources": [],
        "actions": list(actions),
        "enrollmentCriteria": list_based(either([in_stage("checkout_abandoned")])),
    }
    if actions:
        body["startActionId"] = actions[0]["actionId"]
    return {**body, **more}


def contact_flow(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of a contact flow for people with consent."""
    consent = prop("shopify_accepts_marketing", "BOOL", "IS_EQUAL_TO", value=True)
    own = {"canEnrollFromSalesforce": False, "suppressionListIds": []}
    return {
        **flow(*actions),
        "type": "CONTACT_FLOW",
        "objectTypeId": "0-1",
        "enrollmentCriteria": list_based(either([consent])),
        **own,
        **more,
    }


def put_of(made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body that replaces a flow by itself, with changes."""
    dropped = {
        "id", "createdAt", "updatedAt", "dataSources", "flowType", "objectTypeId",
        "nextAvailableActionId", "crmObjectCreationStatus",
    }  # fmt: skip
    return {name: each for name, each in made.items() if name not in dropped} | changes


def three_flows(shared: Path) -> dict[str, dict[str, Any]]:
    """The three flows of the shared reference, with the ids of a furnished account."""
    text = (shared / "reference" / "workflows-flows.json").read_text()
    numbers = iter(range(50_001, 50_010))
    parts = text.split('"<email id: ')
    filled = parts[0] + "".join(
        f'"{next(numbers)}"{part.partition(chr(34))[2]}' for part in parts[1:]
    )
    for stage in STAGES:
        filled = filled.replace(f"<{stage}>", stage)
    flows: dict[str, dict[str, Any]] = json.loads(filled.replace("<pipeline id>", "ecommerce"))
    return flows
