"""An ASGI app on a port of the loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"
USUAL_PORT = 8765
LONGEST_START, LONGEST_END = 30.0, 2.0  # seconds


class Connection(H11Protocol):
    """An HTTP connection whose transport is in the state of each of its requests.

    So an app can break it (sandbox/core/answers.py), which ASGI has no message for.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the transport."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Server(uvicorn.Server):
    """A server that ends as soon as it is told to: uvicorn's own looks ten times a second."""

    _loop: asyncio.AbstractEventLoop
    _told: asyncio.Event

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, on this thread's loop."""
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        """Keep the date of the answers right, until told to end."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), timeout=1.0)

    def end(self) -> None:
        """Tell the server to end, from any thread."""
        self.should_exit = True
        if self.started:
            with suppress(RuntimeError):  # of a loop that is closed: it has ended by itself
                self._loop.call_soon_threadsafe(self._told.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is idle, and let what is being answered come to its end for a while."""
        del sockets  # whoever opened them closes them
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        give_up = time.monotonic() + LONGEST_END
        while self.server_state.connections or self.server_state.tasks:
            if time.monotonic() > give_up:
                break
            await asyncio.sleep(0.002)
        for task in list(self.server_state.tasks):
            task.cancel()


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
    )
    server = Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
    )
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.end()
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
        why = (
            f"port {port} is in use, perhaps by another sandbox"
            if error.errno == errno.EADDRINUSE
            else f"it cannot listen on port {port} ({error.strerror})"
        )
        raise OSError(error.errno, f"{why}; --port 0 takes a free one") from error
    return listener


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + LONGEST_START
    while not server.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise RuntimeError("The sandbox's server did not start; its log says why")
        time.sleep(0.005)
