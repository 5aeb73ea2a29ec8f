"""The HTTP session: what is tried again and what is handed back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cartwheel.core.errors import ServiceUnreachable
from cartwheel.core.http import Http, back_off


class Answering(ThreadingHTTPServer):
    """A server with the answers that it has yet to give: status and headers."""

    answers: list[tuple[int, dict[str, str]]]


@pytest.fixture
def server():
    """A server that answers the statuses in .answers in turn, then 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers = answers.pop(0) if answers else (200, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            body = headers.get("Content-Length", "0")
            if "Content-Length" not in headers:
                self.send_header("Content-Length", body)
            self.end_headers()
            self.wfile.write(b"x" * (int(body) // 2))

        def log_message(self, *arguments):
            """Keep the test's output clean."""

    answers: list[tuple[int, dict[str, str]]] = []
    running = Answering(("127.0.0.1", 0), Handler)
    running.answers = answers
    threading.Thread(
        target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    yield running
    running.shutdown()
    running.server_close()


def client(server, waits):
    """A session to the server that notes its waits instead of sleeping."""
    url = f"http://127.0.0.1:{server.server_address[1]}"
    return Http("Shopify", url, attempts=3, sleep=waits.append)


def test_a_busy_service_is_asked_again(server):
    """503 is tried again after a wait, and the good answer is returned."""
    waits: list[float] = []
    server.answers += [(503, {}), (429, {"Retry-After": "7"})]

    answer = client(server, waits).send("GET", "/")

    assert answer.status_code == 200
    assert len(waits) == 2
    assert waits[1] == 7


@pytest.mark.parametrize("status", [408, 429, 500, 502, 504, 520, 530])
def test_every_outage_is_tried_again(server, status):
    """Statuses that pass by themselves are tried again, whoever invented them."""
    server.answers += [(status, {})]

    assert client(server, []).send("GET", "/").status_code == 200


def test_a_body_cut_short_is_tried_again(server):
    """An answer that ends before its announced length is no answer."""
    waits: list[float] = []
    server.answers += [(200, {"Content-Length": "100"})]

    answer = client(server, waits).send("GET", "/")

    assert answer.content == b""
    assert len(waits) == 1


def test_a_refusal_is_handed_back_at_once(server):
    """400 is no reason to try again: the caller gets it."""
    waits: list[float] = []
    server.answers += [(400, {})]

    assert client(server, waits).send("GET", "/").status_code == 400
    assert waits == []


def test_after_the_last_attempt_the_error_names_the_request(server):
    """Bounded retries end in an error with the service's request id."""
    server.answers += [(503, {"X-Request-Id": "7c1e"})] * 3

    with pytest.raises(ServiceUnreachable, match="7c1e"):
        client(server, []).send("GET", "/")


def test_a_broken_connection_is_tried_again():
    """A port where nothing listens ends in the same error, after every attempt."""
    waits: list[float] = []

    with pytest.raises(ServiceUnreachable, match="3 attempts"):
        Http("HubSpot", "http://127.0.0.1:9", attempts=3, sleep=waits.append).send("GET", "/")

    assert len(waits) == 2


def test_waits_grow_and_stay_bounded():
    """Without Retry-After the wait doubles, up to half a minute."""
    assert 0 < back_off(None, 0) <= 1
    assert 15 <= back_off(None, 20) <= 30


def test_waits_differ():
    """Those who were turned away together do not come back together."""
    assert len({back_off(None, 3) for _ in range(10)}) > 1


def test_threads_count_every_request(server):
    """requests_sent misses none of the requests of several threads."""
    http = client(server, [])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: http.send("GET", "/"), range(200)))

    assert http.requests_sent == 200
