"""A loaded small shop with audiences, and what a person does with workflows in HubSpot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware

from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from load.workflows.create import create_workflow
from load.workflows.definition.request import WorkflowRequest
from load.workflows.definition.templates import TEMPLATES
from load.workflows.state.report import CreateReport
from sandbox.control import routes as control_routes
from sandbox.core.listening import running
from sandbox.core.request_log import RequestLog, RequestLogMiddleware
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes

SENDER = {"from_name": "Mugs", "reply_to": "shop@example.com"}
AUDIENCES = """
create schema workflows;
create table workflows.{name} as
select
    'p' || number as person_key,
    timestamp '2026-11-20' as entered_at,
    number < 3 as is_enrolled,
    number < 2 as can_be_mailed
from range(5) as numbers(number)
"""


@dataclass(frozen=True)
class Hand:
    """A person's hand in the account, over HTTP."""

    url: str
    account: Account

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Order something of the sandbox; gives its answer."""
        answer = requests.request(
            method, f"{self.url}/_sandbox/hubspot/{path}", json=body, timeout=10
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def flows(self) -> list[dict[str, Any]]:
        """Every flow, whole."""
        flows = self.account.flows
        return [flows.get(header["id"]) for header in flows.headers()]

    def counts(self) -> dict[str, int]:
        """How many there are of what a creation makes."""
        return {
            "flows": len(self.flows()),
            "emails": len(self.account.emails.all()),
            "lists": len(self.account.lists.search("", [], [])),
            "files": len(self.account.files.paths("published")),
        }


@pytest.fixture
def hubspot_url(account, log: RequestLog):
    """The address of the account's API, and of what a person does in it."""
    app = Starlette(
        routes=[*routes(account), *control_routes(log, account.clock, account)],
        middleware=[Middleware(RequestLogMiddleware, log=log)],
    )
    with running(app) as url:
        yield url


@pytest.fixture
def hand(hubspot_url, account) -> Hand:
    """A person at work in HubSpot."""
    return Hand(hubspot_url, account)


@pytest.fixture
def audiences(loaded: Settings, marts) -> Settings:
    """Settings of an account and a warehouse with audiences of five, three of them now."""
    with marts.open() as connection:
        connection.execute(AUDIENCES.format(name="new_customer"))
        for name in ("abandoned_checkout", "re_engagement"):
            connection.execute(f"create table workflows.{name} as from workflows.new_customer")
    return loaded


@pytest.fixture
def create(audiences, tmp_path):
    """Create a workflow, with answers to a shop's address."""

    def created(
        name: str = "abandoned_checkout",
        *,
        ours: bool = False,
        dry_run: bool = False,
        **order: Any,
    ) -> CreateReport:
        return create_workflow(
            audiences,
            WorkflowRequest(TEMPLATES[name], **{**SENDER, **order}),
            silent,
            dry_run=dry_run,
            ours=ours,
            folder=tmp_path / "workflows",
        )

    return created
