"""Which account answers: its portal id, set at the start and over HTTP."""

from __future__ import annotations

import pytest
import requests

from sandbox.hubspot.core.behaviours import PORTAL_ID
from sandbox.server import Sandbox


@pytest.mark.parametrize("version", ["2026-03", "2026-09", "v3"])
def test_an_account_says_which_portal_it_is(hubspot, version):
    """The account's details hold its portal id, in every version."""
    details = hubspot.send("GET", f"/account-info/{version}/details").json()

    assert details["portalId"] == PORTAL_ID


def test_the_portal_can_be_another(hubspot):
    """An order over HTTP makes it the account of another portal."""
    hubspot.control("POST", "behaviours", {"portal_id": 4711})

    assert hubspot.send("GET", "/account-info/v3/details").json()["portalId"] == 4711


def test_a_sandbox_starts_as_the_portal_that_it_is_told(empty_store):
    """Two sandboxes can be two accounts."""
    with Sandbox(empty_store, hubspot_portal=99) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.env['HUBSPOT_ACCESS_TOKEN']}"}
        url = f"{sandbox.url}/account-info/2026-03/details"

        assert requests.get(url, headers=headers, timeout=10).json()["portalId"] == 99
