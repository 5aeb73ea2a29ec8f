"""/cms/source-code: the files of the design manager, as drafts and as published ones."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call, Json
from sandbox.hubspot.api.multipart import read_parts
from sandbox.hubspot.api.routing import both_versions
from sandbox.hubspot.content.files import File, described
from sandbox.hubspot.core.problems import Problem, bad_request

MULTIPART, BYTES = "multipart/form-data", "application/octet-stream"


def routes(account: Account) -> list[Route]:
    """The routes of an account's files."""
    made: list[Route] = []
    for kind, handlers in (
        ("content", {"get": get_content, "delete": delete_content}),
        ("content", {"post": create_content, "put": put_content}),
        ("metadata", {"get": get_metadata}),
        ("validate", {"post": validate_content}),
    ):
        is_upload = not {"get", "delete"} & set(handlers)
        made += both_versions(
            account,
            "cms/source-code",
            f"/{{environment}}/{kind}/{{path:path}}",
            handlers,
            reads=read_upload if is_upload else None,
        )
    return made


def read_upload(raw: bytes, content_type: str) -> Json:
    """The file of an upload, as {"file": bytes}; none of a body of bare bytes.

    HubSpot answers such a body as if all were well and stores nothing. Raises Problem 400,
    415.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == BYTES:
        return {}
    if kind != MULTIPART:
        raise Problem(
            415, "UNSUPPORTED_MEDIA_TYPE", f"Unsupported media type {kind}: send {MULTIPART}"
        )
    parts = read_parts(raw, content_type)
    if "file" not in parts:
        raise bad_request("The body has no part named file")
    return {"file": parts["file"]}


def get_content(call: Call) -> Answer:
    """The bytes of a file."""
    return 200, call.account.files.get(call.path["environment"], call.path["path"]).content


def create_content(call: Call) -> Answer:
    """Store a file where there is none."""
    return _stored(call, call.account.files.create)


def put_content(call: Call) -> Answer:
    """Store a file, in place of the one that is there."""
    return _stored(call, call.account.files.write)


def delete_content(call: Call) -> Answer:
    """Remove a file or a folder."""
    call.account.files.delete(call.path["environment"], call.path["path"])
    return 204, None


def get_metadata(call: Call) -> Answer:
    """What there is to tell of a file or a folder."""
    return 200, call.account.files.metadata(call.path["environment"], call.path["path"])


def validate_content(call: Call) -> Answer:
    """Check a file without storing it."""
    if "file" in call.body:
        call.account.files.validate(
            call.path["environment"], call.path["path"], call.body["file"]
        )
    return 200, {}


def _stored(call: Call, store: Callable[[str, str, bytes], File]) -> Answer:
    path, now = call.path["path"].strip("/"), call.account.clock.now()
    if "file" not in call.body:
        return 200, described(path, File(b"", now, now))
    return 200, described(path, store(call.path["environment"], path, call.body["file"]))
