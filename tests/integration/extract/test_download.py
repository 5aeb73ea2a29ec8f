"""Result files: whole, whatever the way does to them, and with little memory."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from cartwheel.core.errors import ExpiredAddress, ServiceError, ServiceUnreachable
from cartwheel.core.progress import silent
from extract.shopify.client import Shopify
from extract.shopify.documents import bulk_document
from extract.shopify.download import CHUNK, TRIES
from extract.shopify.errors import OperationFailed
from sandbox.core.answers import CutShort
from sandbox.core.listening import running

Answer = Callable[[Request], Response]


@pytest.fixture
def shopify(shop, clock) -> Iterator[Shopify]:
    """The client, for whom waiting takes no time."""
    client = Shopify(shop.settings, silent, sleep=clock.sleep, clock=clock)
    yield client
    client.close()


def exported(shopify: Shopify) -> dict[str, Any]:
    """A bulk operation over the orders that has ended."""
    text = bulk_document("orders", search=None, tag="test")
    run = shopify.query("bulk_run", {"document": text})["bulkOperationRunQuery"]
    operation: dict[str, Any] = run["bulkOperation"]
    while operation["status"] != "COMPLETED":
        time.sleep(0.01)
        operation = shopify.query("bulk_status", {"id": operation["id"]})["bulkOperation"]
    return operation


def test_file_is_as_large_as_announced(shopify: Shopify, tmp_path: Path) -> None:
    """What lands on the disk has the size that Shopify says, and is counted."""
    operation, target = exported(shopify), tmp_path / "orders.jsonl"
    before = shopify.took.size

    size = shopify.download(operation["url"], target)

    assert size == target.stat().st_size == int(operation["fileSize"])
    assert shopify.took.size - before == size


def test_transfer_that_breaks_off_is_made_good(shop, shopify: Shopify, tmp_path: Path) -> None:
    """A file whose transfer breaks off, and off again, is whole in the end."""
    operation = exported(shopify)
    shopify.download(operation["url"], tmp_path / "whole")
    shop.misbehave("bulk_transfer_cut", times=2)

    shopify.download(operation["url"], tmp_path / "broken")

    assert (tmp_path / "broken").read_bytes() == (tmp_path / "whole").read_bytes()


def test_tries_of_a_transfer_are_bounded(shop, shopify: Shopify, tmp_path: Path) -> None:
    """A transfer that always breaks off ends in an error that says what to do."""
    operation = exported(shopify)
    shop.misbehave("bulk_transfer_cut", times=1000)

    with pytest.raises(ServiceUnreachable, match="cartwheel extract"):
        shopify.download(operation["url"], tmp_path / "orders.jsonl")


def test_expired_address_has_its_own_error(shop, shopify: Shopify, tmp_path: Path) -> None:
    """An address that has expired is told from other failures; a fresh one works."""
    operation = exported(shopify)
    shop.misbehave("bulk_url_expired")

    with pytest.raises(ExpiredAddress) as expired:
        shopify.download(operation["url"], tmp_path / "orders.jsonl")

    assert "token=" not in str(expired.value)
    fresh = shopify.query("bulk_status", {"id": operation["id"]})["bulkOperation"]
    assert shopify.download(fresh["url"], tmp_path / "orders.jsonl") > 0


@pytest.fixture
def storage() -> Iterator[Any]:
    """Serves /file by answers of the test's own, and notes the headers of each request."""
    answers: list[Answer] = []
    asked: list[dict[str, str]] = []

    async def file(request: Request) -> Response:
        asked.append(dict(request.headers))
        return answers[min(len(asked), len(answers)) - 1](request)

    with running(Starlette(routes=[Route("/file", file)])) as url:

        def serve(*given: Answer) -> tuple[str, list[dict[str, str]]]:
            answers.extend(given)
            return f"{url}/file?signature=secret", asked

        yield serve


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A file of 3 MB, no two parts of it alike."""
    path = tmp_path / "content"
    path.write_bytes(b"".join(b"%08d\n" % number for number in range(333_334)))
    return path


def test_resumed_transfer_asks_only_for_the_rest(shopify, storage, content, tmp_path) -> None:
    """After a break, the bytes that came are kept and the others are asked for."""
    url, asked = storage(
        lambda _: CutShort(FileResponse(content)), lambda _: FileResponse(content)
    )

    size = shopify.download(url, tmp_path / "target")

    assert size == content.stat().st_size
    assert (tmp_path / "target").read_bytes() == content.read_bytes()
    begin = int(asked[1]["range"].removeprefix("bytes=").removesuffix("-"))
    assert begin > content.stat().st_size / 2 - CHUNK


def test_file_that_changed_in_between_is_begun_anew(
    shopify, storage, content, tmp_path
) -> None:
    """The rest of another version is not put behind the beginning of the first."""
    other = tmp_path / "other"
    other.write_bytes(content.read_bytes()[::-1])
    url, asked = storage(
        lambda _: CutShort(FileResponse(content)), lambda _: FileResponse(other)
    )

    shopify.download(url, tmp_path / "target")

    assert (tmp_path / "target").read_bytes() == other.read_bytes()
    assert len(asked) == 2


def test_rest_of_another_version_is_not_taken(shopify, storage, content, tmp_path) -> None:
    """A storage that sends the rest of whatever it has by now is noticed by the ETag."""
    other = content.read_bytes()[::-1]

    def rest(request: Request) -> Response:
        begin = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
        headers = {
            "Content-Range": f"bytes {begin}-{len(other) - 1}/{len(other)}",
            "ETag": '"b"',
        }
        return Response(other[begin:], 206, headers)

    url, _ = storage(lambda _: CutShort(FileResponse(content)), rest, lambda _: Response(other))

    shopify.download(url, tmp_path / "target")

    assert (tmp_path / "target").read_bytes() == other


def test_storage_that_cannot_resume_sends_it_all(shopify, storage, content, tmp_path) -> None:
    """Where a range is not understood, the transfer begins anew."""
    whole = content.read_bytes()
    url, _ = storage(lambda _: CutShort(Response(whole)), lambda _: Response(whole))

    assert shopify.download(url, tmp_path / "target") == len(whole)
    assert (tmp_path / "target").read_bytes() == whole


def test_range_that_cannot_be_had_is_begun_anew(shopify, storage, content, tmp_path) -> None:
    """416 in place of the rest is no end: the file is fetched from its beginning."""
    url, _ = storage(
        lambda _: CutShort(FileResponse(content)),
        lambda _: Response(status_code=416),
        lambda _: FileResponse(content),
    )

    shopify.download(url, tmp_path / "target")

    assert (tmp_path / "target").read_bytes() == content.read_bytes()


def test_size_is_that_of_the_unpacked_file(shopify, storage, content, tmp_path) -> None:
    """Bytes are counted as Shopify wrote them, even where the storage packs them."""
    packed = gzip.compress(content.read_bytes())
    url, asked = storage(lambda _: Response(packed, headers={"Content-Encoding": "gzip"}))

    assert shopify.download(url, tmp_path / "target") == content.stat().st_size
    assert asked[0]["accept-encoding"] == "identity"


def test_no_token_goes_to_the_storage(shopify, storage, content, tmp_path) -> None:
    """The storage belongs to somebody else: no header names the token."""
    shopify.query("shop")
    url, asked = storage(lambda _: FileResponse(content))

    shopify.download(url, tmp_path / "target")

    assert "x-shopify-access-token" not in asked[0]
    assert not [value for value in asked[0].values() if "shpat_" in value]


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_every_way_to_say_expired_is_understood(shopify, storage, tmp_path, status) -> None:
    """The storage refuses an old address with several statuses, and XML."""
    url, asked = storage(lambda _: Response("<Error/>", status))

    with pytest.raises(ExpiredAddress) as expired:
        shopify.download(url, tmp_path / "target")

    assert expired.value.status == status
    assert "secret" not in str(expired.value)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "file:///etc/hostname",
        "http://storage.example/file?signature=hidden",
        "https:///file?signature=hidden",
        "https://anna:hidden@storage.example/file",
        "https://[::1/file?signature=hidden",
        "https://storage.example:99999/file",
        "https://storage.example/a b?signature=hidden",
        7,
    ],
)
def test_invalid_address_is_a_sentence(shopify, tmp_path, url) -> None:
    """An address that nothing may be fetched from says why, and what to type next."""
    with pytest.raises(
        OperationFailed, match=r"invalid address .*cartwheel extract"
    ) as refused:
        shopify.download(url, tmp_path / "target")

    assert "hidden" not in str(refused.value)
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("status", [301, 302, 307])
def test_result_is_not_fetched_from_elsewhere(shopify, storage, tmp_path, status) -> None:
    """A storage that points to another host is not followed; the host is named."""
    url, asked = storage(
        lambda _: Response(
            None, status, {"Location": "https://other.example/?signature=hidden"}
        )
    )

    with pytest.raises(ServiceError, match=r"points to other\.example") as refused:
        shopify.download(url, tmp_path / "target")

    assert "hidden" not in str(refused.value)
    assert len(asked) == 1


def test_other_refusal_is_no_expiry(shopify, storage, tmp_path) -> None:
    """A status that a fresh address would not mend is an error of its own."""
    url, _ = storage(lambda _: Response(status_code=405))

    with pytest.raises(ServiceError, match="HTTP 405") as refused:
        shopify.download(url, tmp_path / "target")

    assert not isinstance(refused.value, ExpiredAddress)


def test_every_break_counts(shopify, storage, content, tmp_path) -> None:
    """Breaks are bounded also where each brings a little more."""
    url, asked = storage(lambda _: CutShort(FileResponse(content)))

    with pytest.raises(ServiceUnreachable, match=f"{TRIES} times"):
        shopify.download(url, tmp_path / "target")

    assert len(asked) == TRIES


def test_memory_does_not_grow_with_the_file(shopify, storage, tmp_path) -> None:
    """A file of 40 MB is fetched with less than 8 MB, the server's own included."""
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(40_000_000)
    url, _ = storage(lambda _: FileResponse(large))
    tracemalloc.start()

    size = shopify.download(url, tmp_path / "target")

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 40_000_000
    assert peak < 8_000_000
