"""What happens to a single request on a bad day: waited out, or said after bounded tries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cartwheel.core.errors import ServiceError, ServiceUnreachable
from cartwheel.core.progress import silent
from extract.shopify.client import Shopify

FAULTS = (
    "too_many_requests",
    "unavailable",
    "reset",
    "lost_reply",
    "cut_short",
    "no_json",
    "internal_error",
    "partial_data",
)


@pytest.fixture
def shopify(shop, clock) -> Iterator[Shopify]:
    """The client, for whom waiting takes no time; its token is there."""
    client = Shopify(shop.settings, silent, sleep=clock.sleep, clock=clock)
    client.query("shop")
    clock.waits.clear()
    yield client
    client.close()


@pytest.mark.parametrize("kind", FAULTS)
def test_outage_is_waited_out(kind: str, shop, shopify: Shopify, clock) -> None:
    """A query that meets a fault three times gets its answer at the fourth try."""
    before = shopify.took.requests
    shop.misbehave(kind, times=3)

    assert shopify.query("counts")["ordersCount"]["count"] == 3
    assert shopify.took.requests - before == 4
    assert len(clock.waits) >= 3


@pytest.mark.parametrize("kind", FAULTS)
def test_tries_are_bounded(kind: str, shop, shopify: Shopify, clock) -> None:
    """A fault that stays ends in an error, after no more than ten tries and ten minutes."""
    before, began = shopify.took.requests, clock.now
    shop.misbehave(kind, times=1000)

    with pytest.raises(ServiceError):
        shopify.query("counts")

    assert shopify.took.requests - before <= 10
    assert clock.now - began <= 600


def test_pause_that_shopify_asks_for_is_kept(shop, shopify: Shopify, clock) -> None:
    """Retry-After is waited for to the second, where it is longer than our own back-off."""
    shop.misbehave("too_many_requests", seconds=42)

    shopify.query("counts")

    assert sum(clock.waits) == pytest.approx(42, abs=0.01)


def test_answer_that_does_not_come_is_asked_for_again(shop, clock) -> None:
    """A request that is not answered within the timeout is sent again."""
    shopify = Shopify(shop.settings, silent, sleep=clock.sleep, clock=clock, timeout=0.3)
    shop.misbehave("slow", seconds=1.0, where="ordersCount")

    assert shopify.query("counts")["ordersCount"]["count"] == 3
    assert shopify.took.requests == 3


def test_page_for_people_is_no_answer(shop, shopify: Shopify) -> None:
    """HTML in place of JSON, again and again, points to the address."""
    shop.misbehave("no_json", times=1000)

    with pytest.raises(ServiceError, match="SHOPIFY_API_URL"):
        shopify.query("counts")


def test_outage_that_stays_names_the_way_on(shop, shopify: Shopify) -> None:
    """The error of an outage says what was asked and what to do, without the token."""
    shop.misbehave("unavailable", times=1000)

    with pytest.raises(ServiceUnreachable, match="run the same command again") as failure:
        shopify.query("counts")

    assert "HTTP 503" in str(failure.value)
    assert "shpat_" not in str(failure.value)


def test_bytes_taken_count_answers(shop, shopify: Shopify) -> None:
    """The bytes taken grow by the size of an answer's body."""
    before = shopify.took.size

    shopify.query("counts")

    assert 200 < shopify.took.size - before < 1000


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server for answers that the sandbox does not give."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_server_time_is_that_of_the_latest_answer(shop) -> None:
    """Without CARTWHEEL_NOW the time is Shopify's, not the machine's."""

    class Yesterday(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b'{"data": {"shop": {}}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, _: float | None = None) -> str:
            return "Thu, 01 Jan 2026 12:34:56 GMT"

        def log_message(self, *arguments: object) -> None:
            """Keep the test's output clean."""

    with serving(Yesterday) as url:
        settings = replace(
            shop.settings, now=None, shopify_api_url=url, shopify_access_token="shpat_x"
        )
        shopify = Shopify(settings, silent)
        before = shopify.server_time()
        shopify.query("shop")

        assert abs((datetime.now(UTC).replace(tzinfo=None) - before).total_seconds()) < 60
        assert shopify.server_time() == datetime(2026, 1, 1, 12, 34, 56)


def test_server_time_is_the_fixed_clock(shop, shopify: Shopify) -> None:
    """CARTWHEEL_NOW goes before the time of an answer."""
    assert shopify.server_time() == datetime(2026, 11, 23)


def test_token_does_not_follow_a_redirect(shop) -> None:
    """An address that leads elsewhere is refused; nothing is sent there."""
    paths: list[str] = []

    class Leading(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Keep the test's output clean."""

    with serving(Leading) as url:
        settings = replace(shop.settings, shopify_api_url=url, shopify_access_token="shpat_x")
        with pytest.raises(
            ServiceError, match=r"HTTP 307, which points to 127.*SHOPIFY_API_URL"
        ):
            Shopify(settings, silent).query("shop")

    assert paths == ["/admin/api/2026-10/graphql.json"]
