"""The members of a marketing e-mail that a request may set, and what HubSpot makes of them.

Members that it does not know, such as a fromName at the top or the html of a content, are
dropped without a word; so is a type, which follows from the subcategory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from sandbox.hubspot.core.problems import bad_request

Members = dict[str, Any]

# subcategory -> type, of those that the API creates
TYPES = {
    "automated": "AUTOMATED_EMAIL",
    "automated_for_crm": "AUTOMATED_EMAIL",
    "automated_for_deal": "AUTOMATED_EMAIL",
    "automated_for_ticket": "TICKET_EMAIL",
    "batch": "BATCH_EMAIL",
    "localtime": "LOCALTIME_EMAIL",
}
DRAFT_STATES = {"automated": "AUTOMATED_DRAFT", "batch": "DRAFT", "localtime": "DRAFT"}
PUBLISHED_STATES = {"AUTOMATED", "PUBLISHED", "SCHEDULED"}
STATES = {
    "AGENT_GENERATED", "AUTOMATED", "AUTOMATED_AB", "AUTOMATED_AB_VARIANT", "AUTOMATED_DRAFT",
    "AUTOMATED_DRAFT_AB", "AUTOMATED_DRAFT_ABVARIANT", "AUTOMATED_FOR_FORM",
    "AUTOMATED_FOR_FORM_BUFFER", "AUTOMATED_FOR_FORM_DRAFT", "AUTOMATED_FOR_FORM_LEGACY",
    "AUTOMATED_LOSER_ABVARIANT", "AUTOMATED_SENDING", "BLOG_EMAIL_DRAFT",
    "BLOG_EMAIL_PUBLISHED", "DRAFT", "DRAFT_AB", "DRAFT_AB_VARIANT", "ERROR",
    "LOSER_AB_VARIANT", "PAGE_STUB", "PRE_PROCESSING", "PROCESSING", "PUBLISHED",
    "PUBLISHED_AB", "PUBLISHED_AB_VARIANT", "PUBLISHED_OR_SCHEDULED", "RSS_TO_EMAIL_DRAFT",
    "RSS_TO_EMAIL_PUBLISHED", "SCHEDULED", "SCHEDULED_AB", "SCHEDULED_OR_PUBLISHED",
}  # fmt: skip
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,4})?")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def text(value: Any) -> bool:
    """Whether it is text."""
    return isinstance(value, str)


def switch(value: Any) -> bool:
    """Whether it is true or false."""
    return isinstance(value, bool)


def number(value: Any) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def anything(value: Any) -> bool:
    """Whether it is an object, whatever is in it."""
    return isinstance(value, dict)


def objects(value: Any) -> bool:
    """Whether it is an object of objects."""
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


Shape = Mapping[str, Any]  # member -> what its value must pass, or the shape of an object
MEMBERS: Shape = {
    "activeDomain": text,
    "businessUnitId": number,
    "campaign": text,
    "content": {
        "flexAreas": objects,
        "plainTextVersion": text,
        "smartFields": objects,
        "styleSettings": anything,
        "templatePath": text,
        "themeSettingsValues": objects,
        "widgetContainers": objects,
        "widgets": objects,
    },
    "feedbackSurveyId": text,
    "folderIdV2": number,
    "from": {"fromName": text, "replyTo": text, "customReplyTo": text},
    "jitterSendTime": switch,
    "language": text,
    "name": text,
    "publishDate": text,
    "rssData": anything,
    "sendOnPublish": switch,
    "subject": text,
    "subscriptionDetails": {
        "officeLocationId": text,
        "preferencesGroupId": text,
        "subscriptionId": text,
    },
    "testing": anything,
    "to": anything,
    "webversion": anything,
}


def read_members(body: Mapping[str, Any]) -> Members:
    """The members of a body that HubSpot keeps. Raises Problem 400 for a wrong value."""
    members = _read(MEMBERS, body, "")
    if not LANGUAGE.fullmatch(members.get("language", "en")):
        raise bad_request(f"language cannot be {members['language']!r}")
    for name in ("replyTo", "customReplyTo"):
        address = members.get("from", {}).get(name)
        if address and not ADDRESS.fullmatch(address):
            raise bad_request(f"from.{name} is not a valid e-mail address: {address}")
    for name, widget in members.get("content", {}).get("widgets", {}).items():
        if not isinstance(widget.get("body"), dict):
            raise bad_request(f"content.widgets.{name} holds its fields in an object body")
    return members


def merged(before: Members, changes: Members) -> Members:
    """The members after a change: objects keep what the change does not name."""
    after = deepcopy(before)
    for name, value in changes.items():
        kept = after.get(name)
        both = isinstance(kept, dict) and isinstance(value, dict)
        after[name] = {**kept, **deepcopy(value)} if both and kept else deepcopy(value)
    return after


def email_type(subcategory: object) -> str | None:
    """The type of e-mails of a subcategory, None if the API creates none of them."""
    return TYPES.get(subcategory) if isinstance(subcategory, str) else None


def draft_state(subcategory: str) -> str:
    """The state in which an e-mail of a subcategory begins."""
    return DRAFT_STATES[subcategory.partition("_")[0]]


def check_state(state: object, subcategory: str) -> None:
    """Raise Problem 400 for a state in which such an e-mail cannot be created."""
    if not isinstance(state, str) or state not in STATES:
        raise bad_request(f"There is no state {state!r}")
    wanted = draft_state(subcategory)
    if state in PUBLISHED_STATES:
        raise bad_request(
            f"Creating an email in the published state {state} is not allowed. "
            f"Consider using the DRAFT state {wanted}."
        )
    if state != wanted:
        raise bad_request(f"An email of subcategory {subcategory} cannot be {state}")


def _read(shape: Shape, given: Mapping[str, Any], where: str) -> Members:
    read: Members = {}
    for name, expected in shape.items():
        value = given.get(name)
        if value is None:
            continue
        fits: Callable[[Any], bool] = anything if isinstance(expected, dict) else expected
        if not fits(value):
            raise bad_request(f"Invalid input JSON: {where}{name} cannot be {value!r}")
        inside = isinstance(expected, dict)
        read[name] = _read(expected, value, f"{name}.") if inside else deepcopy(value)
    return read
