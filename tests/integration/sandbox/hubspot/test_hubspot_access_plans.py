"""Scopes that the token lacks, and plans that lack what they are for."""

from __future__ import annotations

import pytest

from sandbox.hubspot.core.problems import Problem
from tests.integration.sandbox.hubspot.flow_bodies import (
    FLOWS,
    contact_flow,
    delay,
    flow,
    furnish,
    mail,
)

LISTS = "/crm/lists/2026-03"
SEARCH = {"additionalProperties": [], "listIds": [], "offset": 0, "processingTypes": []}


@pytest.fixture(autouse=True)
def mails(account):
    """The account has what flows name; its e-mails and outbox."""
    return furnish(account)


@pytest.fixture
def behave(hubspot):
    """Order behaviours, and see that they are taken."""

    def behave(**behaviours):
        answer = hubspot.control("POST", "behaviours", behaviours)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return behave


def required(answer):
    """The scopes that a refusal asks for."""
    assert answer.status_code == 403, answer.text
    assert answer.json()["category"] == "MISSING_SCOPES"
    (error,) = answer.json()["errors"]
    return error["context"]["requiredGranularScopes"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", FLOWS, "automation"),
        ("POST", FLOWS, "automation"),
        ("GET", "/automation/2027-03-beta/action-types", "automation"),
        ("GET", f"{LISTS}/1", "crm.lists.read"),
        ("POST", f"{LISTS}/search", "crm.lists.read"),
        ("POST", LISTS, "crm.lists.write"),
        ("POST", "/crm/v3/lists", "crm.lists.write"),
        ("DELETE", f"{LISTS}/1", "crm.lists.write"),
    ],
)
def test_a_route_needs_its_scope(hubspot, behave, method, path, scope):
    """403 names it; with the scope the request goes through to its own answer."""
    assert hubspot.send(method, path, SEARCH).status_code != 403
    behave(missing_scopes=[scope])

    assert required(hubspot.send(method, path, SEARCH)) == [scope]


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("GET", "/cms/source-code/2026-03/published/metadata/a.html", ["content"]),
        ("PUT", "/cms/v3/source-code/published/content/a.html", ["content"]),
        ("GET", "/marketing/emails/2026-03", ["content", "marketing-email"]),
        ("PATCH", "/marketing/v3/emails/5/draft", ["content", "marketing-email"]),
        (
            "POST",
            "/marketing/emails/2026-03/5/publish",
            ["marketing-email", "transactional-email"],
        ),
    ],
)
def test_one_of_several_scopes_is_enough(account, method, path, scopes):
    """Only without all of them a request is refused, whatever else the token lacks."""
    others = {"automation", "content", "marketing-email", "transactional-email"} - set(scopes)
    account.access.take_away(*others, *scopes[1:])
    account.access.check(method, path)

    account.access.take_away(scopes[0])
    with pytest.raises(Problem, match="hasn't been granted"):
        account.access.check(method, path)


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        ({}, 403),
        ({"marketing": "STARTER", "sales": "STARTER"}, 403),
        ({"sales": "PROFESSIONAL"}, 201),
        ({"data": "ENTERPRISE"}, 201),
        ({"marketing": "PROFESSIONAL"}, 201),
    ],
)
def test_workflows_need_a_professional_hub(hubspot, behave, plan, status):
    """Without one the refusal is like that of a missing scope."""
    behave(plan=plan)
    answer = hubspot.send("POST", FLOWS, flow(delay("1", 5)))

    assert answer.status_code == status
    if status == 403:
        assert required(answer) == ["automation"]


@pytest.mark.parametrize("body", [flow(mail("1", "50001")), contact_flow(mail("1", "50001"))])
def test_emails_need_marketing_professional(hubspot, behave, body):
    """Another hub's Professional makes flows without them."""
    behave(plan={"service": "PROFESSIONAL"})
    answer = hubspot.send("POST", FLOWS, body)

    assert answer.status_code == 400
    assert answer.json()["message"] == "Invalid request to flow creation"


def test_the_plan_says_what_emails_can_do(account, behave):
    """Coded e-mails come with Marketing Professional, programmable ones unless switched off."""
    first = (account.access.has_coded_emails, account.access.has_programmable_emails)
    behave(programmable_email=False)
    second = (account.access.has_coded_emails, account.access.has_programmable_emails)
    behave(programmable_email=True, plan={"content": "PROFESSIONAL"})
    third = (account.access.has_coded_emails, account.access.has_programmable_emails)

    assert (first, second, third) == ((True, True), (True, False), (False, False))


@pytest.mark.parametrize(
    "order",
    [
        {"plan": {"marketing": "GOLD"}},
        {"plan": {"kitchen": "FREE"}},
        {"plan": "PROFESSIONAL"},
        {"missing_scopes": ["everything"]},
        {"missing_scopes": "automation"},
        {"programmable_email": 1},
        {"most_flows": 0},
    ],
)
def test_what_is_not_a_plan_or_a_scope_is_refused(hubspot, order):
    """400, and nothing changes."""
    before = hubspot.control("GET", "behaviours").json()

    assert hubspot.control("POST", "behaviours", order).status_code == 400
    assert hubspot.control("GET", "behaviours").json() == before
