"""The client credentials grant, and the tokens it has given out.

Facts: docs/reference/shopify.md#access-tokens
"""

from __future__ import annotations

import secrets
import time

from sandbox.shopify.access.installation import Installation

TOKEN_SECONDS = 86_399
WRONG_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105 - Shopify's message


class Tokens:
    """Access tokens of one app.

    `lifetime` is that of the tokens granted from now on, in seconds of real time: a day,
    unless it is changed.
    """

    def __init__(self, client_id: str, client_secret: str, installation: Installation) -> None:
        self.lifetime: float = TOKEN_SECONDS
        self._client_id = client_id
        self._client_secret = client_secret
        self._installation = installation
        self._ends: dict[str, float] = {}

    def grant(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Answer a token request: HTTP status and JSON body."""
        if form.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type", "The grant type is not supported.")
        if not same(form.get("client_id", ""), self._client_id):
            return _refused(
                "application_cannot_be_found",
                "Oauth error application_cannot_be_found: no application has this client id.",
            )
        if not same(form.get("client_secret", ""), self._client_secret):
            return _refused("invalid_client", "The client secret is wrong.")
        token = f"shpat_{secrets.token_hex(16)}"
        self._ends[token] = time.monotonic() + self.lifetime
        return 200, {
            "access_token": token,
            "scope": ",".join(sorted(self._installation.scopes)),
            "expires_in": self.lifetime,
        }

    def is_valid(self, token: str) -> bool:
        """Say whether a token was given out and has not ended."""
        return self._ends.get(token, 0.0) > time.monotonic()

    def revoke_all(self) -> None:
        """End every token, as when an app is reinstalled."""
        self._ends.clear()


def same(given: str, secret: str) -> bool:
    """Compare what was given with a secret; the time taken does not tell how much agrees."""
    return secrets.compare_digest(given.encode(), secret.encode())


def _refused(error: str, description: str) -> tuple[int, dict[str, object]]:
    return 400, {"error": error, "error_description": description}
