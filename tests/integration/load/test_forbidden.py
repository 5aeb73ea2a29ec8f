"""A 403: about the token, or about something that no token changes."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import AccessDenied
from cartwheel.core.progress import silent
from load.run import load


def test_a_refusal_that_is_not_about_scopes_says_hubspots_words(shop, ready, account):
    """A limit of the plan is told as HubSpot tells it, without advice about the token."""
    account.faults.order("plan_limit", where="deals/batch/upsert")

    with pytest.raises(AccessDenied) as refused:
        load(ready, silent)

    assert "limit" in str(refused.value)
    assert "scopes are not the cause" in str(refused.value)
    assert "HUBSPOT_ACCESS_TOKEN" not in str(refused.value)


def test_a_refusal_for_want_of_a_scope_names_the_scope(shop, ready, account):
    """The path's scopes are named, and where the token is set."""
    account.faults.order("forbidden", where="deals/batch/upsert")

    with pytest.raises(
        AccessDenied, match=r"HUBSPOT_ACCESS_TOKEN.*crm\.objects\.deals"
    ) as refused:
        load(ready, silent)

    assert str(refused.value).partition(" (request")[0].endswith("Then run: cartwheel doctor")
