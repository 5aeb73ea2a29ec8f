"""The HubSpot scopes that a request needs, for messages about missing ones."""

from __future__ import annotations

ALL = (
    "crm.objects.contacts, deals and line_items (read, write), e-commerce, "
    "crm.schemas.* (read, write)"
)
# of workflows alone: the first of each is what a path needs
WORKFLOWS = {
    "automation": "automation",
    "source-code": "content",
    "publish": "marketing-email",
    "emails": "content",
}
_NAMED = ("contacts", "deals", "line_items")
_SCHEMAS = ("properties", "pipelines", "schemas")


def scopes_of(method: str, path: str) -> str:
    """The scopes of a request, joined by commas; empty where they are not known.

    Products are under e-commerce alone (docs/reference/hubspot.md#scopes); an association takes
    the scopes of both its ends.
    """
    parts = path.split("/")
    reads = method == "GET" or parts[-1] in ("read", "search")
    action = "read" if reads else "write"
    if "lists" in parts:
        return f"crm.lists.{action}"
    for name, scope in WORKFLOWS.items():
        if name in parts:
            return scope
    area = "schemas" if any(name in parts for name in _SCHEMAS) else "objects"
    found = [f"crm.{area}.{name}.{action}" for name in _NAMED if name in parts]
    return ", ".join([*found, *(["e-commerce"] if "products" in parts else [])])
