"""An ASGI app on a port of the loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
USUAL_PORT = 8765
LONGEST_START = 30.0


class Connection(H11Protocol):
    """An HTTP connection whose transport is in the state of each of its requests.

    So an app can break it (sandbox/core/answers.py), which ASGI has no message for.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the transport."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


@contextmanager
def running(app: ASGIApp, port: int | None = 0) -> Iterator[str]:
    """Serve an app while the block runs, and give its address: http://127.0.0.1:port.

    Port 0 takes a free one, None the usual one or else a free one. The app answers when the
    block begins, and its port is free again when the block has ended.

    Raises OSError if the port is taken, RuntimeError if the app does not start.
    """
    listener = _listen_as_usual() if port is None else _listen(port)
    config = uvicorn.Config(
        app,
        http=Connection,
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
    )
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _listen_as_usual() -> socket.socket:
    try:
        return _listen(USUAL_PORT)
    except OSError:
        return _listen(0)


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it on,
    # every answer of headers and body waits 40 ms for an acknowledgement
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise OSError(
            error.errno, f"The sandbox cannot listen on port {port}; --port 0 takes a free one"
        ) from error
    return listener


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + LONGEST_START
    while not server.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise RuntimeError("The sandbox's server did not start; its log says why")
        time.sleep(0.005)
