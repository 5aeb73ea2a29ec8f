"""Two models of what a query costs, switched while the sandbox runs, and explained."""

from __future__ import annotations

import pytest

ORDERS = "query ($first: Int!) { orders(first: $first) { nodes { id customer { id } } } }"
LINES = """{ orders(first: 10) { edges { node { id
  lineItems(first: 5) { nodes { id title product { id } } } } } pageInfo { hasNextPage } } }"""


def cost(shopify, query=ORDERS, **variables):
    """What an answer says of its cost."""
    return shopify.ask(query, **variables)["extensions"]["cost"]


def test_linear_model_multiplies_by_the_page(serve):
    """A connection asks for 2 and its page times a node, and really costs its nodes."""
    found = cost(serve(shopify_cost_model="linear"), first=250)

    assert found["requestedQueryCost"] == 2 + 250 * 2
    assert found["actualQueryCost"] == 2 + 7 * 2


def test_linear_model_multiplies_at_every_depth(serve):
    """Nested pages multiply: 10 orders of 5 lines with a product each."""
    assert cost(serve(shopify_cost_model="linear"), LINES)["requestedQueryCost"] == (
        2 + 10 * (1 + 2 + 5 * (1 + 1))
    )


def test_document_of_one_model_is_too_dear_by_the_other(shopify):
    """A page that the logarithm allows is refused once the model is linear."""
    document = LINES.replace("first: 10", "first: 100")
    cheap = cost(shopify, document)["requestedQueryCost"]
    shopify.control("cost", {"model": "linear"})
    error = shopify.ask(document)["errors"][0]

    assert cheap <= 1000
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["cost"] == 2 + 100 * (1 + 2 + 5 * (1 + 1))


def test_most_of_a_query_can_be_set(shopify):
    """The limit of a single query is what was set, and the refusal says it."""
    shopify.control("cost", {"most": 23})
    error = shopify.ask(ORDERS, first=250)["errors"][0]

    assert error["extensions"] == {
        "code": "MAX_COST_EXCEEDED",
        "cost": 24,
        "maxCost": 23,
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    }


def test_narrow_bucket_throttles_and_a_wide_one_does_not(shopify):
    """A bucket that was made too small throttles; made larger again, it is full."""
    shopify.control("cost", {"bucket": 20, "rate": 0.001})
    throttled = shopify.ask(ORDERS, first=250)
    shopify.control("cost", {"bucket": 2000})

    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert throttled["extensions"]["cost"]["actualQueryCost"] is None
    assert throttled["extensions"]["cost"]["throttleStatus"] == {
        "maximumAvailable": 20,
        "currentlyAvailable": 20,
        "restoreRate": 0.001,
    }
    assert cost(shopify, first=250)["throttleStatus"]["maximumAvailable"] == 2000


def test_budget_is_shown(shopify):
    """What was not changed stays as it was."""
    shopify.control("cost", {"model": "linear", "rate": 100})

    assert shopify.control("cost", method="GET").json() == {
        "model": "linear",
        "rate": 100,
        "bucket": 20000.0,
        "most": 1000,
    }


@pytest.mark.parametrize(
    "body",
    [{"model": "cubic"}, {"rate": 0}, {"bucket": "big"}, {"most": -1}, {"least": 1}, []],
)
def test_budget_that_cannot_be_is_refused(shopify, body):
    """Nothing is changed by what is not a valid budget."""
    before = shopify.control("cost", method="GET").json()
    answer = shopify.control("cost", body)

    assert answer.status_code == 400
    assert shopify.control("cost", method="GET").json() == before


def test_unknown_cost_model_is_refused_at_the_start(serve):
    """The sandbox does not start with a model that it has not."""
    with pytest.raises(ValueError, match=r"cubic.*logarithmic, linear"):
        serve(shopify_cost_model="cubic")


def explained(shopify, document):
    """The costs of an answer's fields, by path: own, with children, children."""
    answer = shopify.post(document, **{"Shopify-GraphQL-Cost-Debug": "1"}).json()
    found = answer["extensions"]["cost"]
    return found["requestedQueryCost"], {
        ".".join(field["path"]): (
            field["definedCost"],
            field["requestedTotalCost"],
            field["requestedChildrenCost"],
        )
        for field in found["fields"]
    }


def test_debug_header_explains_each_field(shopify):
    """Each field has its own cost, with its children and of its children; leaves have none."""
    requested, fields = explained(shopify, LINES)

    assert fields["orders"] == (2, 2 + 4 * 9, 9)
    assert fields["orders.edges"] == (0, 9, 9)
    assert fields["orders.edges.node"] == (1, 9, 8)
    assert fields["orders.edges.node.lineItems"] == (2, 2 + 3 * 2, 2)
    assert fields["orders.edges.node.lineItems.nodes"] == (1, 2, 1)
    assert fields["orders.edges.node.lineItems.nodes.title"] == (0, 0, None)
    assert fields["orders.pageInfo"] == (0, 0, 0)
    assert requested == fields["orders"][1]


def test_debug_costs_add_up_to_what_is_asked(shopify):
    """The root fields' costs are the request's, fragments and aliases included."""
    requested, fields = explained(
        shopify,
        """{ ...Shop few: orders(first: 3) { nodes { id total: totalPriceSet { shopMoney {
          amount } } } } __typename }
        fragment Shop on QueryRoot { shop { name } ordersCount { count } }""",
    )

    assert {path for path in fields if "." not in path} == {
        *("shop", "ordersCount", "few", "__typename")
    }
    assert requested == sum(cost[1] for path, cost in fields.items() if "." not in path)
    assert fields["few.nodes.total.shopMoney"] == (0, 0, 0)


def test_mutation_costs_ten(shopify):
    """A mutation is explained by its flat cost."""
    document = (
        'mutation { bulkOperationRunQuery(query: "{ orders { nodes { id } } }")'
        " { bulkOperation { id } } }"
    )

    assert explained(shopify, document) == (10, {"bulkOperationRunQuery": (10, 10, 0)})


def test_fields_are_explained_only_on_request(shopify):
    """Without the header the cost has no fields."""
    assert "fields" not in cost(shopify, first=1)
