"""HubSpot's routes alone, over real HTTP, and an account to look into."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests
from starlette.applications import Starlette

from sandbox.clock import Clock
from sandbox.hubspot.account import Account
from sandbox.hubspot.app import routes
from sandbox.listening import running


class Client:
    """Sends JSON to the dated paths of one account; `status` and `body` of each answer."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, body: object = None, **options):
        """Send one request; the answer is requests' own."""
        return self.session.request(method, self.url + path, json=body, timeout=10, **options)

    def batch(self, action: str, object_type: str, inputs: list, **more):
        """Send one batch of records."""
        path = f"/crm/objects/2026-03/{object_type}/batch/{action}"
        return self.send("POST", path, {"inputs": inputs, **more})

    def associate(self, from_object: str, to_object: str, inputs: list, action="create"):
        """Send one batch of associations."""
        path = f"/crm/associations/2026-03/{from_object}/{to_object}/batch/{action}"
        return self.send("POST", path, {"inputs": inputs})

    def create(self, object_type: str, **properties: str) -> str:
        """Create one record and give its id."""
        path = f"/crm/objects/2026-03/{object_type}"
        answer = self.send("POST", path, {"properties": properties})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


def upsert(key: str, id_property: str = "email", trace: str | None = None, **properties):
    """One input of a batch upsert."""
    row = {"id": key, "idProperty": id_property, "properties": properties}
    return row if trace is None else {**row, "objectWriteTraceId": trace}


@pytest.fixture
def account() -> Account:
    """An account in pounds and dollars, at noon of a fixed day, without search lag."""
    clock = Clock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    return Account(clock, ["GBP", "USD"], "pat-test", ten_secondly_limit=10_000, search_lag=0)


@pytest.fixture
def hubspot(account):
    """A client of the account, over HTTP."""
    with running(Starlette(routes=routes(account))) as url:
        yield Client(url, account.token)
