"""Streams a result file to disk: resumed where it broke off, or restarted if necessary."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import requests

from cartwheel.core.addresses import problem_of
from cartwheel.core.errors import ExpiredAddress, ServiceError, ServiceUnreachable
from cartwheel.core.http import BROKEN, Http, back_off
from cartwheel.core.http_causes import Cause
from extract.shopify.errors import InvalidAddress

CHUNK = 1 << 18  # bytes in memory at once, and lost at most where a transfer breaks off
TRIES = 10  # of one file, however much each brings
EXPIRED = frozenset({400, 401, 403, 404, 410})  # the storage says any of them, with XML


def download(
    files: Http, url: str, target: Path, *, sleep: Callable[[float], None] = time.sleep
) -> int:
    """Write the file at a pre-signed address to target and give its size in bytes.

    No token goes with it. The size is that of the file as it was written, not as it was
    packed for the way.

    Raises InvalidAddress for an address that nothing may be fetched from, ExpiredAddress if it
    is no longer valid, Redirected if it points elsewhere, ServiceError if the file is refused
    otherwise, ServiceUnreachable if it breaks off too often.
    """
    problem = problem_of(url)
    if problem:
        raise InvalidAddress(
            f"Shopify gave an invalid address for its result file: {problem}, so "
            "nothing was fetched. Run again: cartwheel extract"
        )
    target.write_bytes(b"")
    cause = Cause("the parts received did not fit together", "Check the network")
    mark = ""  # the version of the file of which target holds the beginning
    for attempt in range(TRIES):
        have = target.stat().st_size if mark else 0
        with _opened(files, url, have, mark) as response:
            begin = _begin(response, have, mark)
            if begin is not None:
                mark = _mark(response)
                try:
                    _append(response, target, begin)
                except BROKEN as error:
                    cause = files.cause(error, url)
                    sleep(back_off(None, attempt))
                    continue
                return target.stat().st_size
        mark = ""  # what is there no longer fits what we hold: the whole file, then
    raise ServiceUnreachable(
        f"Shopify's result file broke off {TRIES} times on the way (last: {cause.what}). "
        f"{cause.fix}, then run again: cartwheel extract"
    )


def _opened(files: Http, url: str, have: int, mark: str) -> requests.Response:
    # packed bytes could be neither counted against fileSize nor resumed
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark}
    response = files.fetch(url, headers=headers)
    status = response.status_code
    if status in (200, 206, 416):
        return response
    response.close()
    if status in EXPIRED:
        raise ExpiredAddress(
            f"The address of Shopify's result file has expired (HTTP {status}). "
            "Run again: cartwheel extract",
            status=status,
        )
    raise ServiceError(
        f"Shopify's result file cannot be fetched (HTTP {status}). "
        "Run again: cartwheel extract",
        status=status,
    )


def _begin(response: requests.Response, have: int, mark: str) -> int | None:
    """Where in the file an answer's bytes belong; None if they do not fit what we have."""
    if response.status_code == 200:
        return 0
    rest = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    return have if response.status_code == 206 and rest and _mark(response) == mark else None


def _append(response: requests.Response, target: Path, begin: int) -> None:
    with target.open("r+b") as file:
        file.truncate(begin)
        file.seek(begin)
        for chunk in response.iter_content(CHUNK):
            file.write(chunk)


def _mark(response: requests.Response) -> str:
    """What identifies this version of the file; "" where it cannot be resumed."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return ""
    tag = response.headers.get("ETag", "")
    return "" if tag.startswith("W/") else tag
