"""The marketing e-mails of an account over HTTP: found again by name, never made twice.

The API: docs/reference/workflows.md#marketing-e-mails
"""

from __future__ import annotations

from typing import Any

from load.hubspot.client import Answer, HubSpotClient, raise_for_error
from load.hubspot.create_once import create_once

Body = dict[str, Any]


class MarketingEmails:
    """The e-mails of an account."""

    def __init__(self, hubspot: HubSpotClient) -> None:
        self._hubspot = hubspot
        self._path = f"/marketing/emails/{hubspot.version}"

    def get(self, email_id: str) -> Body | None:
        """An e-mail, None if it does not exist (any more)."""
        answer = self._hubspot.call("GET", f"{self._path}/{email_id}")
        if answer.status == 404:
            return None
        raise_for_error(answer, f"show the e-mail {email_id}")
        return answer.body

    def named(self, name: str) -> Body | None:
        """The first e-mail of a name, None if there is none."""
        params = {"limit": "100"}
        while True:
            answer = self._hubspot.call("GET", self._path, params=params)
            raise_for_error(answer, "list the e-mails")
            for email in answer.body.get("results", []):
                if email.get("name") == name:
                    return dict(email)
            after = answer.body.get("paging", {}).get("next", {}).get("after")
            if not after:
                return None
            params = {**params, "after": str(after)}

    def create(self, body: Body) -> Body | Answer:
        """Create an e-mail, or find the one of that name; gives it, or else the refusal."""
        found = create_once(
            lambda: self.named(body["name"]),
            lambda: self._hubspot.attempt("POST", self._path, body),
        )
        return found.body if isinstance(found, Answer) and found.ok else found

    def update(self, email_id: str, body: Body) -> Answer:
        """Change an e-mail; its subcategory and its state cannot be changed so."""
        changed = {
            name: value for name, value in body.items() if name not in ("subcategory", "state")
        }
        return self._hubspot.call("PATCH", f"{self._path}/{email_id}", changed)

    def publish(self, email_id: str) -> Answer:
        """Let workflows send an e-mail."""
        return self._hubspot.call("POST", f"{self._path}/{email_id}/publish")
