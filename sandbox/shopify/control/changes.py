"""Changes of the shop while it is served: nodes, tokens, what the app may see, the clock.

They are made at once (sandbox/shopify/control/routes.py) or when a request comes
(sandbox/shopify/control/schedule.py). A change is an object with one key:

    {"put": {"resource": "orders", "node": {"id": "gid://shopify/Order/5", ...}}}
    {"remove": {"resource": "orders", "number": 5}}
    {"tokens": "revoke"}
    {"access": {"scopes": ["read_orders"], "protected_data": false}}
    {"clock": "2026-11-24T00:00:00Z"}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.core.clock import Clock
from sandbox.core.wording import in_words
from sandbox.shopify.access.installation import Installation
from sandbox.shopify.access.oauth import Tokens
from sandbox.shopify.control.refund import GID, RefundError, refunded
from sandbox.store.facts import Node, read_facts
from sandbox.store.store import Store, StoreFolderError

GID_TYPE = {
    "orders": "Order",
    "customers": "Customer",
    "products": "Product",
    "abandoned_checkouts": "AbandonedCheckout",
    "events": "BasicEvent",
}
Action = Callable[[], object]


class ChangeError(ValueError):
    """A change cannot be made; `status` is the HTTP status of the answer that says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Changes:
    """Changes one shop and one app's access to it."""

    store: Store
    clock: Clock
    tokens: Tokens
    installation: Installation

    def put(self, resource: str, given: Any) -> Node:
        """Merge the given keys over the node with that id, or add it; give the node.

        Its updatedAt moves to the clock unless another one than it has is given. Raises
        ChangeError if it is not a node of the resource.
        """
        node = self._merged(resource, given)
        try:
            self.store.put(resource, node)
        except StoreFolderError as error:
            raise ChangeError(str(error)) from error
        return node

    def refund(self, number: Any, given: Any) -> Node | None:
        """Refund an order now; give it, or None if there is no such order.

        given: {"lines": {"12": 1}}, how many units of which line items; all that is left of the
        order where there is nothing. Raises ChangeError if that cannot be refunded.
        """
        order = self.store.find(gid_of("orders", number))
        if order is None:
            return None
        lines = given.get("lines") if isinstance(given, Mapping) else None
        if given and not isinstance(lines, Mapping):
            raise ChangeError('Send {"lines": {"12": 1}}: units by the number of a line item')
        units = None if not lines else {f"{GID}/LineItem/{line}": lines[line] for line in lines}
        try:
            changed = refunded(order, self._now(), units)
        except RefundError as error:
            raise ChangeError(str(error)) from error
        except (KeyError, IndexError, TypeError) as error:
            raise ChangeError(
                f"A refund of the order {number} cannot be computed: {in_words(error)}"
            ) from error
        self.store.put("orders", changed)
        return changed

    def remove(self, resource: str, number: Any) -> bool:
        """Take a node out and say whether it was there; a product leaves a destroy event.

        Raises ChangeError if there is no such resource.
        """
        gid = gid_of(resource, number)
        if not self.store.remove(resource, gid):
            return False
        if resource == "products":
            self.store.put("events", self._destroy_event(gid))
        return True

    def access(self, given: Any) -> dict[str, Any]:
        """Change what the app was granted, where anything is given; say what it is now.

        Raises ChangeError if that cannot be granted.
        """
        self.plan({"access": given})()
        return self.installation.granted()

    def plan(self, change: Any) -> Action:
        """Read a change; give what carries it out. Raises ChangeError if it is none."""
        known: dict[str, Callable[[Any], Action]] = {
            "put": self._plan_put,
            "remove": self._plan_remove,
            "tokens": self._plan_tokens,
            "access": self._plan_access,
            "clock": self._plan_clock,
        }
        if (
            not isinstance(change, Mapping)
            or len(change) != 1
            or not change.keys() <= known.keys()
        ):
            raise ChangeError(f"A change has one key of {', '.join(known)}: {change}")
        ((name, given),) = change.items()
        try:
            return known[name](given)
        except ChangeError:
            raise
        except (ValueError, KeyError, TypeError) as error:
            raise ChangeError(
                f"This is not a valid change: {change}: {in_words(error)}"
            ) from error

    def _plan_put(self, given: Any) -> Action:
        resource, node = given["resource"], given["node"]
        read_facts(resource, self._merged(resource, node))
        return lambda: self.put(resource, node)

    def _plan_remove(self, given: Any) -> Action:
        resource, number = given["resource"], int(given["number"])
        gid_of(resource, number)
        return lambda: self.remove(resource, number)

    def _plan_tokens(self, given: Any) -> Action:
        if given != "revoke":
            raise ValueError("tokens can be revoked")
        return self.tokens.revoke_all

    def _plan_access(self, given: Any) -> Action:
        Installation(self.installation.scopes).change(**given)
        return lambda: self.installation.change(**given)

    def _plan_clock(self, given: Any) -> Action:
        now = datetime.fromisoformat(given)
        return lambda: self.clock.move_to(now)

    def _merged(self, resource: str, given: Any) -> Node:
        prefix = gid_of(resource, "")
        gid = str(given.get("id")) if isinstance(given, Mapping) else ""
        if not gid.startswith(prefix) or not gid.removeprefix(prefix).isdecimal():
            raise ChangeError(f"A JSON node with its id is needed: {prefix}1")
        found = self.store.find(gid) or {}
        node = {**found, "updatedAt": self._now(), **given}
        # whoever posts a node as it was shown, with a change, has not thought of its time
        if found and given.get("updatedAt") == found.get("updatedAt"):
            node["updatedAt"] = self._now()
        return node

    def _destroy_event(self, gid: str) -> Node:
        entries = self.store.entries("events")
        number = max((entry.number for entry in entries), default=0) + 1
        return {
            "__typename": "BasicEvent",
            "id": gid_of("events", number),
            "action": "destroy",
            "createdAt": self._now(),
            "message": "A product was deleted.",
            "appTitle": None,
            "subjectId": gid,
            "subjectType": "PRODUCT",
            "arguments": None,
            "additionalData": None,
        }

    def _now(self) -> str:
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def gid_of(resource: str, number: Any) -> str:
    """Make the gid of a resource's node. Raises ChangeError if there is no such resource."""
    if resource not in GID_TYPE:
        known = ", ".join(GID_TYPE)
        raise ChangeError(f"There is no resource {resource}. There are: {known}.", status=404)
    return f"gid://shopify/{GID_TYPE[resource]}/{number}"
