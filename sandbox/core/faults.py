"""Misbehaviour on request: what the real APIs do on a bad day, ordered over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer


@dataclass
class Fault:
    """A fault that was ordered: `times` is how often it is still to happen.

    `where` is a text that what it hits must contain, `after` how many such chances pass
    before the first; `seconds` is how long it lasts, for the kinds that last.
    """

    kind: str
    times: int = 1
    where: str = ""
    after: int = 0
    seconds: float | None = None


class Faults:
    """The faults of one API that were ordered and have not happened yet.

    `kinds` are those there are, each with what happens.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds
        self._pending: list[Fault] = []
        self._lock = threading.Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> Faults:
        """Give an account's copy faults of its own, with a lock of their own."""
        copied = Faults(self.kinds)
        with self._lock:
            copied._pending = [replace(fault) for fault in self._pending]
        return copied

    def order(
        self,
        kind: str,
        times: int = 1,
        *,
        where: str = "",
        after: int = 0,
        seconds: float | None = None,
    ) -> None:
        """Let a fault happen.

        Raises ValueError if there is no such kind, or if it would never happen.
        """
        if kind not in self.kinds or times < 1 or after < 0 or (seconds or 0) < 0:
            raise ValueError(f"{kind} cannot happen {times} times after {after} chances")
        with self._lock:
            self._pending.append(Fault(kind, times, where, after, seconds))

    def forget(self) -> None:
        """Behave well again."""
        with self._lock:
            self._pending.clear()

    def pending(self) -> list[dict[str, Any]]:
        """List the faults that are still to happen, the first ordered first."""
        with self._lock:
            return [asdict(fault) for fault in self._pending]

    def take(self, kind: str, text: str = "") -> Fault | None:
        """Give the fault that is due now, counted as happened; None if there is none.

        `text` is that of what it would hit. Every order that matches counts this chance
        unless it is the one to happen.
        """
        with self._lock:
            taken: Fault | None = None
            for fault in self._pending:
                if fault.kind != kind or fault.where not in text:
                    continue
                if fault.after > 0:
                    fault.after -= 1
                elif taken is None:
                    taken = fault
            if taken is not None:
                taken.times -= 1
                if taken.times == 0:
                    self._pending.remove(taken)
            return taken


def routes(path: str, faults: Faults) -> list[Route]:
    """Give the control routes of an API's faults.

    POST {"kind": ..., "times": 1, "where": "", "after": 0, "seconds": null} orders a fault
    (all but the kind may be left out, see Fault), GET lists those that are still to happen,
    DELETE forgets them all.
    """

    async def order(request: Request) -> Response:
        try:
            given = orjson.loads(await request.body())
            faults.order(**_read(given))
        except (ValueError, KeyError, TypeError) as error:
            return json_answer(
                {
                    "error": f"A kind of fault is needed, and what Fault takes ({error}).",
                    "kinds": faults.kinds,
                },
                400,
            )
        return json_answer(given)

    async def pending(request: Request) -> Response:
        del request
        return json_answer(faults.pending())

    async def forget(request: Request) -> Response:
        del request
        faults.forget()
        return Response(status_code=204)

    return [
        Route(path, order, methods=["POST"]),
        Route(path, pending, methods=["GET"]),
        Route(path, forget, methods=["DELETE"]),
    ]


def _read(given: Any) -> dict[str, Any]:
    read = {"kind": given["kind"], **given}
    for name, kind in {"times": int, "where": str, "after": int, "seconds": float}.items():
        if read.get(name) is not None:
            read[name] = kind(read[name])
    return read
