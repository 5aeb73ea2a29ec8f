"""What is left of REST: an app's scopes, the shop, and a limit of their own."""

from __future__ import annotations

import requests


def get(client, path, token=None, **query):
    """Ask a REST resource; give the HTTP response."""
    headers = {"X-Shopify-Access-Token": token or client.token}
    return requests.get(f"{client.url}{path}", query, headers=headers, timeout=10)


def test_scopes_are_those_that_were_granted(serve):
    """An app is told the scopes that it has, no others."""
    client = serve(shopify_scopes=("read_products", "read_orders"))

    answer = get(client, "/admin/oauth/access_scopes.json").json()

    assert answer == {"access_scopes": [{"handle": "read_orders"}, {"handle": "read_products"}]}


def test_shop_is_told_in_rests_names(shopify):
    """shop.json names the shop by its number, its domain and its currency."""
    shop = get(shopify, "/admin/api/2026-10/shop.json").json()["shop"]

    assert shop["id"] == 1
    assert shop["myshopify_domain"] == "corner.myshopify.com"
    assert shop["currency"] == "EUR"


def test_fields_narrow_the_answer(shopify):
    """`fields` leaves the named fields only, and passes over one that there is not."""
    answer = get(shopify, "/admin/api/2026-10/shop.json", fields="name,id,nonsense").json()

    assert answer == {"shop": {"id": 1, "name": "Corner shop"}}


def test_served_version_is_told_by_rest_too(shopify):
    """A version that cannot be had falls forward, and the header says to which."""
    answer = get(shopify, "/admin/api/2025-07/shop.json")

    assert answer.headers["X-Shopify-API-Version"] == "2026-01"


def test_wrong_token_gives_401(shopify):
    """REST refuses a wrong token as GraphQL does."""
    answer = get(shopify, "/admin/oauth/access_scopes.json", token="shpat_wrong")

    assert answer.status_code == 401
    assert "Invalid API key or access token" in answer.json()["errors"]


def test_other_resources_are_not_found(shopify):
    """A resource that the sandbox does not serve is Shopify's 404."""
    answer = get(shopify, "/admin/api/2026-10/orders.json")

    assert (answer.status_code, answer.json()) == (404, {"errors": "Not Found"})


def test_too_many_requests_are_held_off(serve):
    """A Standard plan takes 40 requests at once; the next is told to wait."""
    client = serve(shopify_rate=100)

    answers = [get(client, "/admin/api/2026-10/shop.json") for _ in range(60)]

    assert answers[0].headers["X-Shopify-Shop-Api-Call-Limit"] == "1/40"
    held = [answer for answer in answers if answer.status_code == 429]
    assert held
    assert held[0].headers["Retry-After"] == "2.0"
    assert all(answer.status_code == 200 for answer in answers[:40])
