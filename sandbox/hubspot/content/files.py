"""The files of the design manager, as drafts and as published ones.

HubSpot does not tell the algorithm of its hash. Here it is BLAKE2b of the stored bytes, which
no client computes by chance: to a client it is a text that changes when the file does.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from sandbox.core.clock import Clock
from sandbox.hubspot.content import modules
from sandbox.hubspot.content.language import read_script
from sandbox.hubspot.content.templates import check_template, read_template
from sandbox.hubspot.core.access import Access
from sandbox.hubspot.core.problems import Problem, bad_request, conflict, not_found

DRAFT, PUBLISHED = "draft", "published"
ENDINGS = {
    "css", "eot", "gif", "graphql", "html", "ico", "jpeg", "jpg", "js", "json", "map", "md",
    "otf", "png", "svg", "ttf", "txt", "webp", "woff", "woff2", "zip",
}  # fmt: skip
TEXTS = {"html", "json"}
TICK = timedelta(milliseconds=1)


class File(NamedTuple):
    """One file: its bytes, and when it was made and changed."""

    content: bytes
    created_at: datetime
    updated_at: datetime

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)

    @property
    def digest(self) -> str:
        """A text that changes when the bytes do."""
        return hashlib.blake2b(self.content, digest_size=16).hexdigest()


class Files:
    """The files of an account by environment and path.

    Who reads a draft that there is not sees the published file; writing a published file
    discards its draft, as the button Publish does.
    """

    def __init__(self, clock: Clock, access: Access) -> None:
        self._clock, self._access = clock, access
        self._files: dict[str, dict[str, File]] = {DRAFT: {}, PUBLISHED: {}}

    def get(self, environment: str, path: str) -> File:
        """One file; raises Problem 404, or 415 for an unknown environment."""
        found = self._view(environment).get(_plain(path))
        if found is None:
            raise not_found(f"There is no file at {path} in {environment}")
        return found

    def text(self, path: str, environment: str = PUBLISHED) -> str | None:
        """The text of a file, None if there is none; of a published one unless asked."""
        found = self._view(environment).get(_plain(path))
        return None if found is None else found.content.decode()

    def validate(self, environment: str, path: str, content: bytes) -> None:
        """Check what would be stored. Raises Problem 400, 415."""
        self._check(environment)
        path = _plain(path)
        folder = modules.folder_of(path)
        ending = path.rpartition(".")[2].lower()
        if not path or any(part in ("", ".", "..") for part in path.split("/")):
            raise bad_request(f"{path!r} is not a valid path")
        if path.startswith("@hubspot/"):
            raise bad_request("What is in @hubspot belongs to HubSpot and cannot be changed")
        if ending not in ENDINGS:
            raise bad_request(f"Files that end in {ending} cannot be uploaded")
        if ending not in TEXTS and folder is None:
            return
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise bad_request(f"{path} is not text in UTF-8") from None

        def read(other: str) -> str | None:
            return self.text(other, environment)

        if folder is not None:
            modules.check_file(read, folder, path, text)
            if path.endswith(f"/{modules.HTML}"):
                read_script(text)
        elif ending == "html":
            template = read_template(text)
            if template is not None and template.kind == "email":
                self.check_plan(is_programmable=template.is_programmable)
            check_template(read, path, text, is_published=environment == PUBLISHED)
        else:
            _check_json(path, text)

    def check_plan(self, *, is_programmable: bool = False) -> None:
        """Raise Problem where the plan has no coded e-mails, or none that read the CRM."""
        if not self._access.has_coded_emails:
            message = "Coded templates and automated e-mails need Marketing Hub Professional."
            raise Problem(403, "FORBIDDEN", message)
        if is_programmable and not self._access.has_programmable_emails:
            raise bad_request("isEnabledForEmailV3Rendering: your account has no such e-mails")

    def create(self, environment: str, path: str, content: bytes) -> File:
        """Store a new file. Raises Problem 400, 415, or 409 where there is one."""
        self._check(environment)
        if _plain(path) in self._files[environment]:
            raise conflict(f"There is a file at {path} already")
        return self.write(environment, path, content)

    def write(self, environment: str, path: str, content: bytes) -> File:
        """Store a file, in place of the one that is there. Raises Problem 400, 415."""
        self.validate(environment, path, content)
        path = _plain(path)
        before, now = self._view(DRAFT).get(path), self._clock.now()
        if before is not None:
            # the clock may stand still, and every change is later than the one before
            now = max(now, before.updated_at + TICK)
        stored = File(content, before.created_at if before else now, now)
        self._files[environment][path] = stored
        if environment == PUBLISHED:
            self._files[DRAFT].pop(path, None)
        return stored

    def delete(self, environment: str, path: str) -> None:
        """Remove a file, or a folder with all in it; with a published file goes its draft.

        Nobody is asked whether an e-mail or a template uses it. Raises Problem 404, 415.
        """
        self._check(environment)
        path = _plain(path)
        inside = [
            each
            for each in self._files[environment]
            if each == path or each.startswith(f"{path}/")
        ]
        if not inside:
            raise not_found(f"There is no file at {path} in {environment}")
        for each in inside:
            self._files[DRAFT].pop(each, None)
            if environment == PUBLISHED:
                del self._files[PUBLISHED][each]

    def metadata(self, environment: str, path: str) -> dict[str, Any]:
        """What HubSpot tells of a file, or of a folder. Raises Problem 404, 415."""
        view, path = self._view(environment), _plain(path)
        if path in view:
            return described(path, view[path])
        within = {
            each.removeprefix(f"{path}/" if path else ""): file
            for each, file in view.items()
            if not path or each.startswith(f"{path}/")
        }
        if not within:
            raise not_found(f"There is no file at {path} in {environment}")
        return {
            "id": path,
            "name": path.rpartition("/")[2],
            "folder": True,
            "children": sorted({each.partition("/")[0] for each in within}),
            "createdAt": _milliseconds(min(file.created_at for file in within.values())),
            "updatedAt": _milliseconds(max(file.updated_at for file in within.values())),
        }

    def paths(self, environment: str = PUBLISHED) -> list[str]:
        """The paths of all files, in their order."""
        return sorted(self._view(environment))

    def _view(self, environment: str) -> dict[str, File]:
        self._check(environment)
        published = self._files[PUBLISHED]
        return published if environment == PUBLISHED else published | self._files[DRAFT]

    def _check(self, environment: str) -> None:
        if environment not in self._files:
            raise Problem(
                415,
                "UNSUPPORTED_MEDIA_TYPE",
                f"Environment specified in path '{environment}' is invalid",
            )


def described(path: str, file: File) -> dict[str, Any]:
    """What HubSpot tells of one file; times are in milliseconds since 1970."""
    return {
        "id": path,
        "name": path.rpartition("/")[2],
        "folder": False,
        "hash": file.digest,
        "createdAt": _milliseconds(file.created_at),
        "updatedAt": _milliseconds(file.updated_at),
    }


def _check_json(path: str, text: str) -> None:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"{path} does not hold valid JSON: {error}") from None


def _plain(path: str) -> str:
    return path.strip("/")


def _milliseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1000)
