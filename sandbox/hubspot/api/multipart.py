"""The parts of a multipart/form-data body, byte for byte."""

from __future__ import annotations

from email.message import Message

from sandbox.hubspot.core.problems import bad_request


def read_parts(raw: bytes, content_type: str) -> dict[str, bytes]:
    """The content of each part by its name; of parts of one name the last.

    Raises Problem 400 for a body that is not whole.
    """
    boundary = _header("Content-Type", content_type).get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise bad_request("The Content-Type names no boundary")
    # a delimiter begins a line, the first one too
    before, *parts = (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())
    del before
    if not parts or not parts[-1].startswith(b"--"):
        raise bad_request("The multipart body is cut short")
    found: dict[str, bytes] = {}
    for part in parts[:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        lines = [line.decode("utf-8", "replace") for line in head.splitlines()]
        for name, _, value in (line.partition(":") for line in lines):
            if name.strip().lower() == "content-disposition" and blank:
                part_name = _header(name, value).get_param("name", header=name)
                found[str(part_name)] = content
    return found


def _header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value.strip()
    return message
