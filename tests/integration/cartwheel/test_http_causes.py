"""Why no answer came, in words that say what to look at."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from cartwheel.core.errors import ServiceUnreachable, SettingsError
from cartwheel.core.http import READ_TIMEOUT, Http, back_off
from tests.integration.cartwheel.servers import Handler, Server, serving, with_tls


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """The network is asked directly, and only known certificates are trusted."""
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def problem_of(address: str, attempts: int = 1, read_timeout: float = READ_TIMEOUT) -> str:
    """The message of a request that gets no answer."""
    http = Http(
        "Shopify",
        address,
        setting="SHOPIFY_API_URL",
        attempts=attempts,
        read_timeout=read_timeout,
        sleep=lambda _: None,
    )
    with pytest.raises(ServiceUnreachable) as failure:
        http.send("GET", "/admin?code=unsaid", headers={"Authorization": "Bearer hidden"})
    message = str(failure.value)
    assert "unsaid" not in message
    assert "hidden" not in message
    assert "run the same command again" in message
    return message


@contextmanager
def answering(answer):
    """A port where every connection meets answer(connection)."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


class Refusing(Handler):
    """Answers a CONNECT as its server says, and opens no tunnel."""

    do_CONNECT = Handler.do_GET


def reset(connection):
    """Cut a connection off hard."""
    connection.recv(10)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    connection.close()


def test_a_name_that_is_not_found_is_dns():
    """The message says that the name was not found, and which setting holds it."""
    message = problem_of("https://nowhere.invalid")

    assert "the name nowhere.invalid was not found (DNS)" in message
    assert "SHOPIFY_API_URL" in message


def test_a_refused_connection_is_named():
    """The message says that nothing listens there."""
    assert "nothing listens at 127.0.0.1:9 (connection refused)" in problem_of(
        "http://127.0.0.1:9"
    )


def test_waiting_is_told_once_in_a_while():
    """Whoever waits learns why and for how long, and not at every try."""
    said: list[str] = []
    waits: list[float] = []
    http = Http(
        "HubSpot", "http://127.0.0.1:9", attempts=4, sleep=waits.append, say=said.append
    )

    with pytest.raises(ServiceUnreachable):
        http.send("GET", "/")

    assert len(waits) == 3
    assert said == [
        "HubSpot does not answer: nothing listens at 127.0.0.1:9 (connection refused). "
        f"Trying again in {waits[0]:.0f} s"
    ]


def test_a_host_that_swallows_all_is_told_within_five_seconds():
    """Where not even a refusal comes, as behind a firewall, that is said after 4 seconds."""
    said: list[str] = []

    def stop(_):
        raise KeyboardInterrupt

    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as held:
        for _ in range(4):  # no more connections fit into its queue
            client = held.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        host = f"127.0.0.1:{full.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            Http("HubSpot", f"http://{host}", sleep=stop, say=said.append).send("GET", "/")

    assert time.monotonic() - began < 5
    assert f"{host} accepted no connection for 4 s (time-out)" in said[0]


def test_an_unknown_certificate_is_named_and_not_tried_again(tmp_path):
    """A certificate that nobody vouches for stays so: one attempt, and the variable to set."""
    server = Server()
    with_tls(server, tmp_path, "localhost")
    with serving(server):
        message = problem_of(f"https://localhost:{server.port}", attempts=5)

    assert "certificate of localhost" in message
    assert "self-signed certificate" in message
    assert "REQUESTS_CA_BUNDLE" in message
    assert "in 1 attempt " in message


def test_a_certificate_of_another_name_is_named(tmp_path, monkeypatch):
    """A trusted certificate of another host is told apart from one that nobody vouches for."""
    server = Server()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(with_tls(server, tmp_path, "shop.example")))
    with serving(server):
        message = problem_of(f"https://localhost:{server.port}")

    assert "certificate of localhost" in message
    assert "not valid for 'localhost'" in message


def test_a_port_without_tls_is_named():
    """https to a port that speaks plain http is a matter of TLS, not of the network."""
    with serving(Server()) as server:
        message = problem_of(f"https://localhost:{server.port}")

    assert "TLS" in message
    assert "certificate" not in message


def test_silence_is_a_time_out():
    """A server that accepts and says nothing has timed out, after so many seconds."""
    held: list[socket.socket] = []
    with answering(held.append) as where:
        message = problem_of(f"http://{where}", read_timeout=0.2)

    assert f"{where} sent nothing for 0.2 s (time-out)" in message


def test_a_cut_connection_is_named():
    """A connection that the other side resets is told apart from a refused one."""
    with answering(reset) as where:
        message = problem_of(f"http://{where}")

    assert f"{where} cut the connection" in message


def test_a_body_cut_short_is_named():
    """An answer that ends before its announced length broke off."""
    with serving(Server(200, **{"Content-Length": "100"})) as server:
        server.headers["Connection"] = "close"
        message = problem_of(server.url)

    assert "broke off" in message


def test_a_proxy_that_does_not_answer_is_named(monkeypatch):
    """Where the proxy is what fails, the message says so, without its password."""
    monkeypatch.setenv("HTTPS_PROXY", "http://anna:hidden@127.0.0.1:9")

    message = problem_of("https://shop.invalid")

    assert "the proxy 127.0.0.1:9 of HTTPS_PROXY" in message
    assert "anna" not in message


def test_a_proxy_that_refuses_is_named(monkeypatch):
    """A proxy's own refusal is shown with its status."""
    with serving(Server(407)) as proxy:
        proxy.RequestHandlerClass = Refusing
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        message = problem_of("https://shop.invalid")

    assert f"the proxy 127.0.0.1:{proxy.port} of HTTPS_PROXY" in message
    assert "407" in message


@pytest.mark.parametrize("proxy", ["http://[hidden", "socks5://hidden:1", "http://hidden:x"])
def test_a_proxy_that_cannot_be_used_is_a_sentence(monkeypatch, proxy):
    """A proxy that is malformed or of another kind is an error that names its variable."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    with pytest.raises(SettingsError, match="HTTPS_PROXY is not a valid") as refused:
        Http("Shopify", "https://shop.invalid").send("GET", "/")

    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("address", ["https://a..b", "https://" + "a" * 64 + ".example"])
def test_a_host_that_cannot_be_is_a_sentence(address):
    """A host that no resolver takes is an error of ours, whichever library finds it."""
    assert "is not a valid host name" in problem_of(address)


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def told(retry_after: str, date: str | None = None) -> requests.Response:
    """An answer that says when to come back."""
    response = requests.Response()
    response.headers["Retry-After"] = retry_after
    if date:
        response.headers["Date"] = date
    return response


@pytest.mark.parametrize(("ahead", "waited"), [(30, 30), (3600, 120), (-60, 0), (0, 0)])
def test_retry_after_may_be_a_date(ahead, waited):
    """A date is waited for by the server's own clock, two minutes at most."""
    then = format_datetime(NOW + timedelta(seconds=ahead), usegmt=True)

    assert back_off(told(then, format_datetime(NOW, usegmt=True)), 0) == waited


def test_a_date_without_the_servers_clock_goes_by_ours():
    """Where the answer has no Date, the machine's clock counts."""
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)

    assert 35 <= back_off(told(then), 0) <= 40


@pytest.mark.parametrize("text", ["soon", "²", "-5", "1e3", "Mon, 99 Foo 2026", "nan", "1.2.3"])
def test_retry_after_that_cannot_be_read_is_as_none(text):
    """Nonsense is no reason to stop: the wait is that of an answer without the header."""
    assert 15 <= back_off(told(text), 20) <= 30
