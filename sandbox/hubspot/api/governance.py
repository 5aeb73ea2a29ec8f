"""/crm/property-validations and /crm/limits: an admin's rules, and how much fits."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call
from sandbox.hubspot.api.routing import both_versions
from sandbox.hubspot.core.object_types import OBJECT_TYPES, resolve
from sandbox.hubspot.schema.validations import Validations

# docs/reference/hubspot.md#limits-of-an-account; the second a guess
MOST_PROPERTIES_IN_ALL, MOST_RECORDS = 10_000, 15_000_000
NEAR = 0.8


def routes(account: Account) -> list[Route]:
    """The routes of validation rules and of limits."""
    made: list[Route] = []
    for tail, handlers in (
        ("/{object_type}", {"get": list_rules}),
        ("/{object_type}/{name}", {"get": list_rules_of_property}),
        ("/{object_type}/{name}/rule-type/{rule_type}", {"get": get_rule, "put": put_rule}),
    ):
        made += both_versions(account, "property-validations", tail, handlers)
    for tail, handler in (
        ("/custom-properties", custom_property_limits),
        ("/pipelines", pipeline_limits),
        ("/records", record_limits),
        ("/associations/records/{from_object}/{to_object}", association_limits),
    ):
        made += both_versions(account, "limits", tail, {"get": handler})
    return made


def list_rules(call: Call) -> Answer:
    """Every property of an object type that has rules."""
    return 200, {"results": _rules(call).all()}


def list_rules_of_property(call: Call) -> Answer:
    """The rules of a property; having none is not an error."""
    return 200, {"results": _rules(call).of(_property(call))}


def get_rule(call: Call) -> Answer:
    """One rule."""
    return 200, _rules(call).get(_property(call), call.path["rule_type"])


def put_rule(call: Call) -> Answer:
    """Set a rule; values that were stored before stay."""
    _rules(call).put(_property(call), call.path["rule_type"], call.body)
    return 204, None


def custom_property_limits(call: Call) -> Answer:
    """Custom properties, per object type and in all."""
    most = call.account.behaviours.most_custom_properties
    used = {
        name: sum(not known["hubspotDefined"] for known in each.definitions.values())
        for name, each in call.account.properties.items()
    }
    total = sum(used.values())
    return 200, {
        "byObjectType": [_usage(name, count, most) for name, count in used.items()],
        "overallLimit": MOST_PROPERTIES_IN_ALL,
        "overallPercentage": _percentage(total, MOST_PROPERTIES_IN_ALL),
        "overallUsage": total,
    }


def pipeline_limits(call: Call) -> Answer:
    """Pipelines of deals, the only objects here that have any."""
    most, used = call.account.behaviours.most_pipelines, len(call.account.pipelines.all())
    return 200, _by_object_type([_usage("deals", used, most)])


def record_limits(call: Call) -> Answer:
    """Living records, per object type."""
    records = call.account.records
    return 200, _by_object_type(
        [_usage(name, len(each.all()), MOST_RECORDS) for name, each in records.items()]
    )


def association_limits(call: Call) -> Answer:
    """The records of one type that have, or nearly have, all the associations allowed."""
    ends = (resolve(call.path["from_object"]), resolve(call.path["to_object"]))
    most = call.account.links.most(*ends)
    counts = call.account.links.counts(*ends)
    at = {each: count for each, count in counts.items() if count >= most}
    near = {each: count for each, count in counts.items() if NEAR * most <= count < most}
    return 200, {
        "limit": most,
        "totalRecordsAtLimit": len(at),
        "totalRecordsNearLimit": len(near),
        "atLimitFromRecordSamples": [{"objectId": int(each), "label": each} for each in at],
        "nearLimitFromRecordSamples": [
            {
                "objectId": int(each),
                "label": each,
                "usage": count,
                "percentage": _percentage(count, most),
            }
            for each, count in near.items()
        ],
    }


def _rules(call: Call) -> Validations:
    return call.account.properties[call.object_type].validations


def _property(call: Call) -> str:
    name = call.path["name"]
    call.account.properties[call.object_type].get(name)
    return name


def _by_object_type(usages: list[dict[str, Any]]) -> dict[str, Any]:
    none = {"byObjectType": [], "overallLimit": 0, "overallPercentage": 0, "overallUsage": 0}
    return {"hubspotDefinedObjectTypes": usages, "customObjectTypes": none}


def _usage(object_type: str, used: int, most: int) -> dict[str, Any]:
    type_id, singular = OBJECT_TYPES[object_type]
    return {
        "objectTypeId": type_id,
        "singularLabel": singular.replace("_", " ").capitalize(),
        "pluralLabel": object_type.replace("_", " ").capitalize(),
        "limit": most,
        "usage": used,
        "percentage": _percentage(used, most),
    }


def _percentage(used: int, most: int) -> float:
    return round(100 * used / most, 2) if most else 100.0
