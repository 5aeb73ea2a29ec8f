"""HubSpot's routes and its controls, over real HTTP, and an account to look into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import control
from sandbox.core.clock import Clock
from sandbox.core.listening import running
from sandbox.core.request_log import RequestLog
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes
from tests.integration.sandbox.hubspot.design_files import DesignFiles


class Client:
    """Sends JSON to one account, with its token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, body: Any = None, **options):
        """Send one request; the answer is requests' own."""
        return self.session.request(method, self.url + path, json=body, timeout=10, **options)

    def control(self, method: str, path: str, body: object = None):
        """Send one order to the sandbox's own routes of HubSpot, and give its answer."""
        return self.send(method, "/_sandbox/hubspot/" + path, body)

    def batch(self, action: str, object_type: str, inputs: list, archived="false", **more):
        """Send one batch of records, with the members that HubSpot requires."""
        path = f"/crm/objects/2026-03/{object_type}/batch/{action}"
        if action == "read":
            path += f"?archived={archived}"
            more = {"properties": [], "propertiesWithHistory": [], **more}
        if action == "create":
            inputs = [{"associations": [], **row} for row in inputs]
        return self.send("POST", path, {"inputs": inputs, **more})

    def search(self, object_type: str, **wanted: object):
        """Send one search, with the members that HubSpot requires."""
        every = {"after": "", "filterGroups": [], "limit": 10, "properties": [], "sorts": []}
        path = f"/crm/objects/2026-03/{object_type}/search"
        return self.send("POST", path, {**every, **wanted})

    def new(self, object_type: str, **properties: str):
        """Try to create one record; the answer is requests' own."""
        path = f"/crm/objects/2026-03/{object_type}"
        return self.send("POST", path, {"properties": properties, "associations": []})

    def associate(self, from_object: str, to_object: str, inputs: list, action="create"):
        """Send one batch of associations."""
        path = f"/crm/associations/2026-03/{from_object}/{to_object}/batch/{action}"
        return self.send("POST", path, {"inputs": inputs})

    @staticmethod
    def row(key: str, id_property: str = "email", trace: str = "", **properties: str) -> dict:
        """One input of a batch upsert, with an objectWriteTraceId if one is given."""
        row = {"id": key, "idProperty": id_property, "properties": properties}
        return {**row, "objectWriteTraceId": trace} if trace else row

    def add_property(self, object_type: str, name: str, **more: object):
        """Create a text property (unless more says otherwise) in the group ours."""
        path = f"/crm/properties/2026-03/{object_type}"
        self.send("POST", path + "/groups", {"name": "ours", "label": "Ours"})
        text = {"type": "string", "fieldType": "text", "groupName": "ours", "label": name}
        return self.send("POST", path, {**text, "name": name, **more})

    def create(self, object_type: str, **properties: str) -> str:
        """Create one record and give its id."""
        answer = self.new(object_type, **properties)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


@pytest.fixture
def account() -> Account:
    """An account in pounds and dollars, at noon of a fixed day, without search lag."""
    clock = Clock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    return Account(clock, ["GBP", "USD"], "pat-test", ten_secondly_limit=10_000, search_lag=0)


class Switch:
    """An ASGI app that hands every request to the app of the running test."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Switch, str]]:
    """One server for all tests of HubSpot, and its address."""
    switch = Switch()
    with running(switch) as url:
        yield switch, url


@pytest.fixture
def hubspot(served, account) -> Client:
    """A client of the account, over HTTP."""
    switch, url = served
    controls = control.routes(RequestLog(), account.clock, account)
    switch.app = Starlette(routes=[*controls, *routes(account)])
    return Client(url, account.token)


@pytest.fixture
def design(hubspot) -> DesignFiles:
    """The design manager of the account, over HTTP."""
    return DesignFiles(hubspot)
