"""The marketing e-mails of an account: drafts, automated ones that flows send, regular ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.content.files import Files
from sandbox.hubspot.content.language import read_script
from sandbox.hubspot.content.templates import read_template
from sandbox.hubspot.core.problems import Problem, bad_request, not_found
from sandbox.hubspot.marketing.members import (
    PUBLISHED_STATES,
    Members,
    check_state,
    draft_state,
    email_type,
    merged,
    read_members,
)
from sandbox.hubspot.records.crm import Crm

NO_SUBCATEGORY_UPDATES = "Cannot perform subcategory updates for this email type"
NO_STATE_UPDATES = (
    "Cannot schedule or publish an email via the update API. Use the publish API instead."
)
NO_SUCH_SUBCATEGORY = "Creating an email with invalid subcategory is not allowed"
TICK = timedelta(milliseconds=1)


class Email:
    """One e-mail: what is sent of it, and the draft of what shall be, if there is one."""

    def __init__(self, email_id: str, subcategory: str, state: str, members: Members) -> None:
        self.id = email_id
        self.subcategory = subcategory
        self.state = state
        self.members = members
        self.draft: Members | None = None
        self.times: dict[str, str] = {}
        self.archived = False
        self.cloned_from: str | None = None

    @property
    def is_automated(self) -> bool:
        """Whether it is of the kind that a flow sends."""
        return self.subcategory.startswith("automated")

    @property
    def is_published(self) -> bool:
        """Whether it is sent as it is; an automated one, whether flows may send it."""
        return self.state in PUBLISHED_STATES

    @property
    def template_path(self) -> str | None:
        """Where its coded template lies, None if it was made with the editor's blocks."""
        path = self.members["content"].get("templatePath")
        return path if isinstance(path, str) and path else None

    def wire(self, *, draft: bool = False) -> dict[str, Any]:
        """The e-mail as HubSpot shows it, or its draft; flexible areas are never shown."""
        members = deepcopy(self.draft if draft and self.draft is not None else self.members)
        members["content"].pop("flexAreas", None)
        shown: dict[str, Any] = {
            **members,
            **self.times,
            "id": self.id,
            "state": self.state,
            "subcategory": self.subcategory,
            "type": email_type(self.subcategory),
            "emailTemplateMode": "DESIGN_MANAGER" if self.template_path else "DRAG_AND_DROP",
            "isPublished": self.is_published,
            "isTransactional": False,
            "isAb": False,
            "archived": self.archived,
        }
        if self.cloned_from:
            shown["clonedFrom"] = self.cloned_from
        if self.is_published and self.is_automated:
            shown["primaryEmailCampaignId"] = f"9{self.id}"
        return shown


class Emails:
    """The e-mails by id. An account may refuse subcategories that others let in.

    subscriptions are the kinds of mail that a contact may leave, by id, the one first that
    an e-mail gets if it names none.
    """

    def __init__(self, crm: Crm, files: Files, used_by: Callable[[str], list[str]]) -> None:
        self.used_by = used_by
        self.refused_subcategories: set[str] = set()
        self.subscriptions = {"1001": "Marketing Information", "1002": "One to One"}
        self._crm = crm
        self._files = files
        self._next_id = count(50_001).__next__
        self._emails: dict[str, Email] = {}

    def create(self, body: Mapping[str, Any]) -> Email:
        """Make a draft. Raises Problem 400."""
        members = read_members(body)
        if not members.get("name"):
            raise bad_request("Some required fields were not set: [name]")
        subcategory = body.get("subcategory") or "batch"
        if email_type(subcategory) is None or subcategory in self.refused_subcategories:
            raise bad_request(NO_SUCH_SUBCATEGORY)
        if subcategory.startswith("automated"):
            self._files.check_plan()
        state = body.get("state") or draft_state(subcategory)
        check_state(state, subcategory)
        content = members.setdefault("content", {})
        content.pop("flexAreas", None)
        members = merged({"subject": "", "language": "en", "from": {}}, members)
        self._check(members)
        email = Email(str(self._next_id()), subcategory, state, members)
        now = stamp(self._crm.clock.now())
        email.times = {"createdAt": now, "updatedAt": now}
        self._emails[email.id] = email
        return email

    def get(self, email_id: str, *, archived: bool = False) -> Email:
        """One e-mail; raises Problem 404."""
        found = self._emails.get(email_id)
        if found is None or found.archived is not archived:
            raise not_found(f"There is no email with the id {email_id}")
        return found

    def all(self, *, archived: bool = False) -> list[Email]:
        """The e-mails in the order of their ids, or those in the bin."""
        return [each for each in self._emails.values() if each.archived is archived]

    def update(self, email_id: str, body: Mapping[str, Any], *, draft: bool = False) -> Email:
        """Change an e-mail at once, or its draft. Raises Problem 400, 404."""
        email = self.get(email_id)
        if body.get("subcategory") is not None:
            raise bad_request(NO_SUBCATEGORY_UPDATES)
        if body.get("state") is not None:
            raise bad_request(NO_STATE_UPDATES)
        changes = read_members(body)
        changes.get("content", {}).pop("flexAreas", None)
        before = email.draft if draft and email.draft is not None else email.members
        after = merged(before, changes)
        self._check(after)
        if draft:
            email.draft = after
        else:
            email.members = after
        self._touch(email)
        return email

    def reset_draft(self, email_id: str) -> None:
        """Forget what the draft changes. Raises Problem 404."""
        self.get(email_id).draft = None

    def publish(self, email_id: str) -> Email:
        """Put the draft in force, and let flows send it. Raises Problem 400, 404."""
        email = self.get(email_id)
        members = email.draft if email.draft is not None else email.members
        sender = members["from"]
        for name, value in (
            ("subject", members.get("subject")),
            ("from.fromName", sender.get("fromName")),
            ("from.replyTo", sender.get("replyTo")),
        ):
            if not value:
                raise bad_request(f"An email cannot be published without {name}")
        self._check(members)
        for text in (members["subject"], members["content"].get("plainTextVersion") or ""):
            read_script(text)
        email.members, email.draft = members, None
        email.state = "AUTOMATED" if email.is_automated else "PUBLISHED"
        self._touch(email, "publishedAt", "publishDate")
        return email

    def unpublish(self, email_id: str) -> Email:
        """Make a draft of it again. Raises Problem 400, 404."""
        email = self.get(email_id)
        if not email.is_published:
            raise bad_request(f"Email {email_id} is not published")
        email.state = draft_state(email.subcategory)
        self._touch(email, "unpublishedAt")
        return email

    def clone(self, email_id: str, name: str | None, language: str | None) -> Email:
        """A draft of the same members, with another name. Raises Problem 400, 404."""
        original = self.get(email_id)
        body = deepcopy(original.members)
        body["name"] = name or f"{body['name']} (clone)"
        body["language"] = language or body["language"]
        made = self.create({**body, "subcategory": original.subcategory})
        made.cloned_from = email_id
        return made

    def delete(self, email_id: str, *, by_person: bool = False) -> None:
        """Move an e-mail to the bin. Raises Problem 404, or 400 for one that a flow uses.

        A person may delete that one too, having been warned.
        """
        email = self.get(email_id)
        flows = self.used_by(email_id)
        if flows and not by_person:
            raise Problem(
                400,
                "VALIDATION_ERROR",
                f"Email {email_id} is used by workflows: {', '.join(flows)}",
                context={"flowIds": flows},
            )
        self._touch(email, "deletedAt")
        email.archived = True

    def _check(self, members: Members) -> None:
        """Fill in the subscription, and check what the members name. Raises Problem 400."""
        details = members.setdefault("subscriptionDetails", {})
        subscription = str(details.get("subscriptionId") or next(iter(self.subscriptions)))
        if subscription not in self.subscriptions:
            raise bad_request(f"There is no subscription with the id {subscription}")
        details["subscriptionId"] = subscription
        details["subscriptionName"] = self.subscriptions[subscription]
        path = members["content"].get("templatePath")
        if path is None:
            return
        source = self._files.text(path) if path.endswith(".html") else None
        template = source and read_template(source)
        if not template or template.kind != "email":
            raise bad_request(f"There is no published email template at {path}")

    def _touch(self, email: Email, *names: str) -> None:
        now = stamp(self._crm.clock.now())
        if now <= email.times["updatedAt"]:
            # the clock may stand still, and every change is later than the one before
            now = _later(email.times["updatedAt"])
        email.times |= dict.fromkeys(("updatedAt", *names), now)


def _later(moment: str) -> str:
    return stamp(datetime.fromisoformat(moment) + TICK)
