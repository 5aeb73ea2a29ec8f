"""/marketing/emails: e-mails made, changed, published, cloned and deleted."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call
from sandbox.hubspot.api.routing import both_versions
from sandbox.hubspot.core.problems import bad_request
from sandbox.hubspot.marketing.emails import Email, Emails
from sandbox.hubspot.marketing.members import email_type

LARGEST_PAGE = 300
SORTED_BY = ("createdAt", "id", "name", "publishedAt", "updatedAt")


def routes(account: Account) -> list[Route]:
    """The routes of an account's e-mails."""
    made: list[Route] = []
    for tail, handlers in (
        ("", {"get": list_emails, "post": create_email}),
        ("/clone", {"post": clone_email}),
        ("/{email_id}", {"get": get_email, "patch": update_email, "delete": delete_email}),
        ("/{email_id}/draft", {"get": get_draft, "patch": update_draft}),
        ("/{email_id}/draft/reset", {"post": reset_draft}),
        ("/{email_id}/publish", {"post": publish_email}),
        ("/{email_id}/unpublish", {"post": unpublish_email}),
    ):
        made += both_versions(account, "marketing/emails", tail, handlers)
    return made


def list_emails(call: Call) -> Answer:
    """A page of the e-mails that the query asks for, in order of id unless it sorts them."""
    limit, after = call.number("limit", 10, LARGEST_PAGE), call.query.get("after", "0")
    if not after.isdecimal():
        raise bad_request(f"after must be the cursor of a page, not {after}")
    shown = [
        each.wire()
        for each in _emails(call).all(archived=call.flag("archived"))
        if _is_asked_for(call, each)
    ]
    for order in reversed(call.query.getlist("sort")):
        name = order.removeprefix("-")
        if name not in SORTED_BY:
            raise bad_request(f"sort takes {', '.join(SORTED_BY)}, not {name}")
        shown.sort(key=lambda each: str(each.get(name, "")), reverse=order.startswith("-"))
    start = int(after)
    body: dict[str, Any] = {"total": len(shown), "results": shown[start : start + limit]}
    if start + limit < len(shown):
        body["paging"] = {"next": {"after": str(start + limit)}}
    return 200, body


def create_email(call: Call) -> Answer:
    """Make a draft."""
    return 201, _emails(call).create(call.body).wire()


def clone_email(call: Call) -> Answer:
    """Make a draft like another e-mail."""
    texts = [call.body.get(name) for name in ("cloneName", "language")]
    if not all(each is None or isinstance(each, str) for each in texts):
        raise bad_request("cloneName and language are text")
    made = _emails(call).clone(str(call.body.get("id")), *texts)
    return 200, made.wire()


def get_email(call: Call) -> Answer:
    """One e-mail; with workflowNames also the flows that send it."""
    email = _emails(call).get(call.path["email_id"], archived=call.flag("archived"))
    shown = email.wire()
    included = call.query.getlist("includedProperties")
    if call.flag("workflowNames") or "workflowNames" in included:
        shown["workflowNames"] = _emails(call).used_by(email.id)
    return 200, shown


def update_email(call: Call) -> Answer:
    """Change an e-mail at once."""
    return 200, _emails(call).update(call.path["email_id"], call.body).wire()


def delete_email(call: Call) -> Answer:
    """Move an e-mail to the bin."""
    _emails(call).delete(call.path["email_id"])
    return 204, None


def get_draft(call: Call) -> Answer:
    """The draft of an e-mail, or the e-mail if it has none."""
    return 200, _emails(call).get(call.path["email_id"]).wire(draft=True)


def update_draft(call: Call) -> Answer:
    """Change the draft of an e-mail, not what is sent."""
    email = _emails(call).update(call.path["email_id"], call.body, draft=True)
    return 200, email.wire(draft=True)


def reset_draft(call: Call) -> Answer:
    """Forget the draft of an e-mail."""
    _emails(call).reset_draft(call.path["email_id"])
    return 204, None


def publish_email(call: Call) -> Answer:
    """Put an e-mail in force."""
    _emails(call).publish(call.path["email_id"])
    return 204, None


def unpublish_email(call: Call) -> Answer:
    """Make a draft of an e-mail again."""
    _emails(call).unpublish(call.path["email_id"])
    return 204, None


def _emails(call: Call) -> Emails:
    return call.account.emails


def _is_asked_for(call: Call, email: Email) -> bool:
    kind = email_type(email.subcategory)
    if "isPublished" in call.query and call.flag("isPublished") is not email.is_published:
        return False
    return call.query.get("type", kind) == kind
