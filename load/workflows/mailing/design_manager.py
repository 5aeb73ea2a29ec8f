"""Files in HubSpot's design manager: uploaded, and never written over a person's edits.

The API: docs/reference/workflows.md#source-code
"""

from __future__ import annotations

from cartwheel.core.errors import ServiceError
from load.hubspot.client import HubSpotClient, raise_for_error


class DesignManager:
    """The published files of an account."""

    def __init__(self, hubspot: HubSpotClient) -> None:
        self._hubspot = hubspot
        self._path = f"/cms/source-code/{hubspot.version}/published"

    def hash_of(self, path: str) -> str | None:
        """HubSpot's own hash of a file, None if there is none."""
        answer = self._hubspot.call("GET", f"{self._path}/metadata/{path}")
        if answer.status == 404:
            return None
        raise_for_error(answer, f"describe the file {path}")
        return str(answer.body.get("hash") or answer.body.get("updatedAt") or "")

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, None if there is none."""
        return self._hubspot.download(f"{self._path}/content/{path}")

    def write(self, path: str, content: bytes) -> str:
        """Create or replace a file; gives HubSpot's hash of it.

        Raises ServiceError if HubSpot refuses it, or takes it and stores nothing.
        """
        answer = self._hubspot.upload("PUT", f"{self._path}/content/{path}", content)
        raise_for_error(answer, f"take the file {path}")
        found = self.hash_of(path)
        if found is None:
            raise ServiceError(
                f"HubSpot took the file {path} and lacks it. Run the same command again",
                status=answer.status,
                request_id=answer.request_id,
            )
        return found
