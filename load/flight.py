"""Several requests under way at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from load.client import IN_FLIGHT

Result = TypeVar("Result")


def in_flight(tasks: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Run tasks in a few threads and yield their results as they come.

    Takes tasks only as threads become free. When one fails, no more are begun, those
    under way are awaited and yielded, and then its error is raised: what HubSpot has
    taken is never lost.
    """
    error: BaseException | None = None
    pending = iter(tasks)
    running: set[Future[Result]] = set()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        while True:
            while error is None and len(running) < IN_FLIGHT:
                task = next(pending, None)
                if task is None:
                    break
                running.add(pool.submit(task))
            if not running:
                break
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                problem = future.exception()
                if problem is None:
                    yield future.result()
                else:
                    error = error or problem
    if error is not None:
        raise error
