"""Creates property groups and properties, even if HubSpot's answers are lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from cartwheel.core.counts import counted
from cartwheel.core.errors import SettingsError
from load.account.pipeline import EXISTS
from load.hubspot.client import Answer, Body, HubSpot, raise_for_error
from load.objects.catalogue import GROUP, Property
from load.objects.language import Labels

LARGEST_BATCH = 100  # docs/reference/hubspot.md#properties


def create_group(hubspot: HubSpot, object_name: str, labels: Labels) -> None:
    """Create an object's property group; one that exists by now counts as created.

    Raises ServiceError if HubSpot refuses it.
    """
    path = f"{properties_path(hubspot, object_name)}/groups"
    body = {"name": GROUP, "label": labels.group, "displayOrder": -1}
    answer = hubspot.call("POST", path, body)
    if answer.status != EXISTS or not hubspot.call("GET", f"{path}/{GROUP}").ok:
        raise_for_error(answer, f"create the property group of {object_name}")


def create_properties(
    hubspot: HubSpot, object_name: str, properties: Sequence[Property], labels: Labels
) -> None:
    """Create properties of an object; those that exist by now count as created.

    A batch whose answer was lost is sent again by the HTTP layer and then refused, row by
    row or as a whole: what HubSpot has is looked up, and only the others are sent again.
    Raises ServiceError for a batch, SettingsError for a row that HubSpot refuses.
    """
    path = f"{properties_path(hubspot, object_name)}/batch/create"
    remaining = iter(properties)
    while waiting := list(islice(remaining, LARGEST_BATCH)):
        while waiting:
            inputs = [labels.definition(object_name, each) for each in waiting]
            answer = hubspot.call("POST", path, {"inputs": inputs})
            if answer.status != EXISTS:
                raise_for_error(answer, f"create properties of {object_name}")
                if not answer.body.get("errors"):
                    break
            known = list_properties(hubspot, object_name)
            left = [each for each in waiting if each.name not in known]
            if len(left) == len(waiting) or (left and answer.ok):
                raise _refused(answer, object_name, left)
            waiting = left


def relabel_group(hubspot: HubSpot, object_name: str, label: str) -> Answer:
    """Give an object's property group another label."""
    path = f"{properties_path(hubspot, object_name)}/groups/{GROUP}"
    return hubspot.call("PATCH", path, {"label": label})


def change_property(hubspot: HubSpot, object_name: str, name: str, changes: Body) -> Answer:
    """Change what is given of a property's definition."""
    return hubspot.call("PATCH", f"{properties_path(hubspot, object_name)}/{name}", changes)


def list_properties(
    hubspot: HubSpot, object_name: str, *, archived: bool = False
) -> dict[str, Body]:
    """An object's properties, or the archived ones: name -> HubSpot's definition."""
    params = {"archived": "true"} if archived else None
    answer = hubspot.call("GET", properties_path(hubspot, object_name), params=params)
    raise_for_error(answer, f"list the properties of {object_name}")
    return {each["name"]: each for each in answer.body.get("results", [])}


def properties_path(hubspot: HubSpot, object_name: str) -> str:
    """The path of an object's properties."""
    return f"/crm/properties/{hubspot.version}/{object_name}"


def _refused(answer: Answer, object_name: str, left: Sequence[Property]) -> SettingsError:
    """The error for properties that HubSpot does not have and refuses to create."""
    errors = answer.body.get("errors") or [answer.body]
    reasons = [
        str(error.get("message"))
        for error in errors
        if error.get("category") != "OBJECT_ALREADY_EXISTS"
    ]
    return SettingsError(
        f"HubSpot did not create {counted(len(left), 'property')} of {object_name} "
        f"({', '.join(each.name for each in left[:5])}): "
        f"{(reasons or [str(answer.body.get('message'))])[0]}. Fix that in HubSpot, then run: "
        "cartwheel setup"
    )
