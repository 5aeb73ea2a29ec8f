"""Changes that come when a request does: what the requests before and after it see."""

from __future__ import annotations

import pytest

NAMES = "query OrdersPage { orders(first: 50, sortKey: ID) { nodes { name updatedAt note } } }"
SHOP = "query Shop { shop { name } }"
COUNT = "query Counts { ordersCount { count } }"
LATE = {"id": "gid://shopify/Order/900", "name": "#900", "updatedAt": "2026-11-01T00:00:00Z"}
EDIT = {"id": "gid://shopify/Order/102", "note": "edited"}


def plan(shopify, *do, **when):
    """Let changes come."""
    answer = shopify.control("schedule", {"do": list(do), **when})
    assert answer.status_code == 200, answer.text


def put(node, resource="orders"):
    """The change that puts a node."""
    return {"put": {"resource": resource, "node": node}}


def listed(shopify):
    """The orders that a page shows, by name."""
    return {node["name"]: node for node in shopify.data(NAMES)["orders"]["nodes"]}


def test_change_comes_before_the_request_that_it_waits_for(shopify):
    """Two requests see the store as it was, the third sees the change."""
    plan(shopify, put(EDIT), after=2)

    assert [listed(shopify)["#102"]["note"] for _ in range(3)] == [None, None, "edited"]


def test_only_matching_requests_count(shopify):
    """Requests without the text neither count nor bring the change."""
    plan(shopify, put(EDIT), after=1, where="OrdersPage")
    first = listed(shopify)
    for _ in range(3):
        shopify.data(SHOP)

    assert first["#102"]["note"] is None
    assert shopify.data('{ order(id: "gid://shopify/Order/102") { note } }') == {
        "order": {"note": None}
    }
    assert listed(shopify)["#102"]["note"] == "edited"


def test_late_row_keeps_the_time_it_is_given(shopify):
    """A row may come with an updatedAt that lies before all that was read."""
    plan(shopify, put(LATE))

    assert listed(shopify)["#900"]["updatedAt"] == "2026-11-01T00:00:00Z"


def test_edit_moves_updated_at_to_the_clock(shopify):
    """An edit without a time of its own is of now, as when it is made at once."""
    plan(shopify, put(EDIT))

    assert listed(shopify)["#102"]["updatedAt"] == "2026-11-23T00:00:00Z"


def test_node_is_removed(shopify):
    """A node is there for the requests before, and not for the one it waits for."""
    plan(shopify, {"remove": {"resource": "orders", "number": 105}}, after=1)

    assert [shopify.data(COUNT)["ordersCount"]["count"] for _ in range(2)] == [7, 6]


def test_removed_product_leaves_an_event(shopify):
    """A product that goes during a run leaves its destroy event then."""
    plan(shopify, {"remove": {"resource": "products", "number": 31}}, after=1)
    events = "{ events(first: 5) { nodes { ... on BasicEvent { subjectId } } } }"

    assert [len(shopify.data(events)["events"]["nodes"]) for _ in range(2)] == [0, 1]


def test_token_is_revoked_in_the_middle(shopify):
    """The request that the change waits for is refused, and a new token works again."""
    plan(shopify, {"tokens": "revoke"}, after=1)
    statuses = [shopify.post(SHOP).status_code for _ in range(3)]
    shopify.token = shopify.grant().json()["access_token"]

    assert statuses == [200, 401, 401]
    assert shopify.post(SHOP).status_code == 200


def test_refused_requests_do_not_count(shopify):
    """A request without a valid token brings no change nearer."""
    plan(shopify, put(EDIT), after=1)
    shopify.post(NAMES, token="shpat_wrong")

    assert shopify.control("schedule", method="GET").json()[0]["after"] == 1


def test_clock_moves_during_a_run(shopify):
    """Changes of one step come in order: the edit is of the time that was set before it."""
    plan(shopify, {"clock": "2026-11-25T06:00:00Z"}, put(EDIT))

    assert listed(shopify)["#102"]["updatedAt"] == "2026-11-25T06:00:00Z"


def test_start_of_a_bulk_operation_brings_a_change(shopify):
    """A step that waits for a bulk query's text comes before the operation begins."""
    plan(shopify, put(LATE), where="# cartwheel 7c1e orders")
    rows = shopify.lines("# cartwheel 7c1e orders\n{ orders { edges { node { name } } } }")

    assert {"name": "#900"} in rows


def test_steps_still_to_come_are_shown(shopify):
    """GET shows each step with what it still waits for; it goes once it came."""
    plan(shopify, put(EDIT), after=1, where="OrdersPage")
    plan(shopify, {"tokens": "revoke"}, after=9)
    listed(shopify)
    waiting = shopify.control("schedule", method="GET").json()
    listed(shopify)
    left = shopify.control("schedule", method="GET").json()

    assert waiting[0] == {"after": 0, "where": "OrdersPage", "do": [put(EDIT)]}
    assert left == [{"after": 7, "where": "", "do": [{"tokens": "revoke"}]}]


def test_steps_can_be_forgotten(shopify):
    """After DELETE nothing comes."""
    plan(shopify, put(EDIT))
    shopify.control("schedule", method="DELETE")

    assert listed(shopify)["#102"]["note"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"put": {"resource": "carts", "node": EDIT}},
        {"put": {"resource": "orders", "node": {"id": "gid://shopify/Product/31"}}},
        {"put": {"resource": "orders", "node": {**EDIT, "createdAt": "yesterday"}}},
        {"remove": {"resource": "orders", "number": "five"}},
        {"tokens": "renew"},
        {"clock": "tomorrow"},
        {"rain": 1},
        {**put(EDIT), "clock": "2026-11-25T06:00:00Z"},
        "put",
    ],
)
def test_change_that_cannot_be_made_is_refused_at_once(shopify, change):
    """What could not be carried out is not taken, nor what comes with it."""
    answer = shopify.control("schedule", {"do": [put(EDIT), change]})

    assert answer.status_code in (400, 404)
    assert answer.json()["error"]
    assert shopify.control("schedule", method="GET").json() == []


@pytest.mark.parametrize(
    "body",
    [
        *(None, [], {}, {"do": []}, {"does": [put(EDIT)]}, {"do": 1}),
        *({"do": [put(EDIT)], "after": -1}, {"do": [put(EDIT)], "where": 5}),
    ],
)
def test_schedule_without_changes_is_refused(shopify, body):
    """A step needs the changes that are to come, and what to wait for if it waits."""
    assert shopify.control("schedule", body).status_code == 400
