"""Each attempt of a request is a line of the log, without what may be secret."""

from __future__ import annotations

import re

from cartwheel.core.http import Http
from tests.integration.cartwheel.servers import Server, serving
from tests.unit.cartwheel.program import run


def test_verbose_shows_each_attempt_of_a_request():
    """Method, address without its query, status, time, attempt and the service's own id."""
    server = Server(503, **{"X-Request-Id": "r-1"})

    def recover(_: float) -> None:
        server.status, server.headers = 200, {"X-HubSpot-Correlation-Id": "c-2"}

    def go() -> None:
        http = Http("HubSpot", server.url, sleep=recover)
        http.send("GET", "/crm/owners", params={"key": "hush"}, headers={"A": "hush"})

    with serving(server):
        done = run(go, "--verbose")

    first, second = [line for line in done.stderr.splitlines() if "/crm/owners" in line]
    tail = r"HubSpot GET http://127\.0\.0\.1:\d+/crm/owners: "
    assert re.search(tail + r"503 in \d+ ms, attempt 1, request r-1$", first)
    assert re.search(tail + r"200 in \d+ ms, attempt 2, request c-2$", second)
    assert "hush" not in done.output


def test_verbose_shows_why_no_answer_came():
    """An attempt that nobody answered is shown with its cause."""

    def go() -> None:
        Http("HubSpot", "http://127.0.0.1:9", attempts=1).send("GET", "/x")

    done = run(go, "--verbose")

    assert "HubSpot GET http://127.0.0.1:9/x: nothing listens at 127.0.0.1:9" in done.stderr


def test_the_query_of_an_address_is_not_shown():
    """A pre-signed address of a file is a secret from its question mark on."""

    def go() -> None:
        http = Http("Shopify's file storage", server.url)
        http.fetch(f"{server.url}/export.jsonl?signature=hush", headers={}).close()

    with serving(Server(200)) as server:
        done = run(go, "--verbose")

    assert "/export.jsonl: 200 in" in done.stderr
    assert "hush" not in done.output
