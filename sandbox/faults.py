"""Misbehaviour on request: what the real APIs do on a bad day, ordered over HTTP."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Faults:
    """The faults of one API that were ordered and have not happened yet.

    `kinds` are those there are, each with what happens.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds
        self._left: Counter[str] = Counter()
        self._lock = threading.Lock()

    def order(self, kind: str, times: int = 1) -> None:
        """Let a fault happen. Raises ValueError if there is no such kind, or for no time."""
        if kind not in self.kinds or times < 1:
            raise ValueError(f"{kind} cannot happen {times} times")
        with self._lock:
            self._left[kind] += times

    def forget(self) -> None:
        """Behave well again."""
        with self._lock:
            self._left.clear()

    def take(self, kind: str) -> bool:
        """Say whether a fault is due now, and count it as happened."""
        with self._lock:
            if self._left[kind] <= 0:
                return False
            self._left[kind] -= 1
            return True


def routes(path: str, faults: Faults) -> list[Route]:
    """Give the control routes of an API's faults.

    POST {"kind": ..., "times": 1} orders a fault for the next times, DELETE forgets all.
    """

    async def order(request: Request) -> Response:
        try:
            given = orjson.loads(await request.body())
            faults.order(given["kind"], int(given.get("times", 1)))
        except (ValueError, KeyError, TypeError):
            return _json(400, {"error": "A kind of fault is needed.", "kinds": faults.kinds})
        return _json(200, given)

    async def forget(request: Request) -> Response:
        del request
        faults.forget()
        return Response(status_code=204)

    return [
        Route(path, order, methods=["POST"]),
        Route(path, forget, methods=["DELETE"]),
    ]


def _json(status: int, answer: object) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")
