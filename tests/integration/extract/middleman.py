"""A server between Shopify and us that alters texts on the way: what no sandbox would send."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


class Middleman(ThreadingHTTPServer):
    """Passes requests on to url; altered says what stands in the answers for what."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(url).netloc
        self.netloc = f"127.0.0.1:{self.server_port}"
        self.altered: dict[bytes, bytes] = {}

    def alter(self, text: str, bytes_: bytes) -> None:
        """Put bytes in place of a text, with the marks around it; both of one length.

        Of another length, a file would not have the size that Shopify says.
        """
        before = f'"{text}"'.encode()
        assert len(before) == len(bytes_)
        self.altered[before] = bytes_


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_message(self, format: str, *args: object) -> None:
        del format, args

    def _pass_on(self) -> None:
        middleman = self.server
        assert isinstance(middleman, Middleman)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("host", "accept-encoding", "connection")
        }
        connection = http.client.HTTPConnection(middleman.behind, timeout=30)
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().replace(middleman.behind.encode(), middleman.netloc.encode())
        for before, after in middleman.altered.items():
            text = text.replace(before, after)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        connection.close()


@contextmanager
def standing_before(url: str) -> Iterator[Middleman]:
    """A middleman before a server, for the time of the block."""
    with Middleman(url) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
