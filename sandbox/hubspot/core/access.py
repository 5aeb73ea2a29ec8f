"""What the app's token and the account's plan allow: 403 where either does not.

The scopes of each route, and that a plan's refusal looks like a missing scope:
docs/reference/hubspot.md#scopes
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.hubspot.core import plans
from sandbox.hubspot.core.behaviours import Behaviours
from sandbox.hubspot.core.problems import missing_scopes

READS = ("GET", "HEAD")


class Need(NamedTuple):
    """The scopes of the requests to a path, any of which is enough."""

    path: re.Pattern[str]
    to_read: tuple[str, ...]
    to_write: tuple[str, ...]


def _need(path: str, to_read: str, to_write: str = "") -> Need:
    """Scopes are parted by blanks; those to write are those to read unless given."""
    read = tuple(to_read.split())
    return Need(re.compile(path), read, tuple(to_write.split()) or read)


# the first pattern found in a path counts; a path with none of them needs no such scope
NEEDS = (
    _need(r"^/automation/", "automation"),
    _need(r"^/cms/.*source-code/", "content"),
    _need(r"^/marketing/.*emails/.*/(un)?publish$", "marketing-email transactional-email"),
    _need(r"^/marketing/.*emails\b", "content marketing-email"),
    _need(r"^/crm/(lists/[^/]+|[^/]+/lists)/search$", "crm.lists.read"),
    _need(r"^/crm/(lists/|[^/]+/lists\b)", "crm.lists.read", "crm.lists.write"),
)


class Access:
    """The scopes and the plan of one account, as its behaviours say them."""

    def __init__(self, behaviours: Behaviours) -> None:
        self._behaviours = behaviours

    def check(self, method: str, path: str) -> None:
        """Raise Problem 403 MISSING_SCOPES where a request is not allowed."""
        need = next((each for each in NEEDS if each.path.search(path)), None)
        if need is None:
            return
        scopes = need.to_read if method.upper() in READS else need.to_write
        lacking = set(scopes) <= set(self._behaviours.missing_scopes)
        if lacking or ("automation" in scopes and not self.has_flows):
            raise missing_scopes(scopes)

    def take_away(self, *scopes: str) -> None:
        """Let the token lack scopes from now on; raises ValueError for unknown ones."""
        lacking = {*self._behaviours.missing_scopes, *scopes}
        self._behaviours.order({"missing_scopes": sorted(lacking)})

    @property
    def has_flows(self) -> bool:
        """Whether the plan has workflows."""
        return plans.has_any_professional(self._behaviours.plan)

    @property
    def has_coded_emails(self) -> bool:
        """Whether the plan has coded e-mail templates and automated e-mails."""
        return plans.has(self._behaviours.plan, "marketing", "PROFESSIONAL")

    @property
    def has_programmable_emails(self) -> bool:
        """Whether e-mails may read the CRM while they are rendered."""
        return self.has_coded_emails and self._behaviours.programmable_email
