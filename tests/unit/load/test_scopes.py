"""Which scopes a request needs, as a message about a missing one names them."""

from __future__ import annotations

import pytest

from load.hubspot.scopes import scopes_of


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        ("POST", "/crm/objects/2026-03/contacts/batch/read", "crm.objects.contacts.read"),
        ("POST", "/crm/objects/2026-03/deals/batch/archive", "crm.objects.deals.write"),
        ("POST", "/crm/objects/2026-03/products/batch/update", "e-commerce"),
        ("GET", "/crm/properties/2026-03/deals", "crm.schemas.deals.read"),
        ("POST", "/crm/pipelines/2026-03/deals", "crm.schemas.deals.write"),
        ("GET", "/crm/lists/2026-03/5", "crm.lists.read"),
        ("GET", "/automation/v4/flows", "automation"),
        ("POST", "/marketing/emails/2026-03/5/publish", "marketing-email"),
        ("POST", "/marketing/emails/2026-03", "content"),
        ("GET", "/account-info/2026-03/details", ""),
    ],
)
def test_a_request_needs_the_scope_of_its_object_and_of_what_it_does(method, path, scopes):
    """Definitions are schemas, products e-commerce, and workflows have scopes of their own."""
    assert scopes_of(method, path) == scopes


def test_an_association_needs_the_scopes_of_both_ends():
    """Deals with contacts take the right to write either."""
    path = "/crm/associations/2026-03/deals/contacts/batch/create"

    assert scopes_of("POST", path) == "crm.objects.contacts.write, crm.objects.deals.write"
