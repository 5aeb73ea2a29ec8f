"""Several requests in flight at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from load.hubspot.client import CONCURRENCY

Result = TypeVar("Result")

QUIET = 0.4  # seconds, more than HubSpot takes to answer as a rule


def concurrently(tasks: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Run tasks in a few threads and yield their results as they come."""
    for results in groups_concurrently(tasks):
        yield from results


def groups_concurrently(tasks: Iterable[Callable[[], Result]]) -> Iterator[list[Result]]:
    """Run tasks in a few threads and yield the results that have come, together.

    Yields none if nothing comes for QUIET seconds, as when the rate limit makes all wait.

    As many tasks as there are threads are queued besides, so that no thread idles while results
    are processed. When one fails, no more are started, those in flight are awaited and yielded,
    and then its error is raised: what HubSpot has accepted is never lost.
    """
    error: BaseException | None = None
    pending = iter(tasks)
    running: set[Future[Result]] = set()
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        while True:
            while error is None and len(running) < 2 * CONCURRENCY:
                task = next(pending, None)
                if task is None:
                    break
                running.add(pool.submit(task))
            if error is not None:
                running = {future for future in running if not future.cancel()}
            if not running:
                break
            try:
                done, running = wait(running, timeout=QUIET, return_when=FIRST_COMPLETED)
            except BaseException:  # an interruption: what was not begun is not begun
                for future in running:
                    future.cancel()
                raise
            if not done:
                yield []
            problems = [each for future in done if (each := future.exception())]
            error = error or next(iter(problems), None)
            if results := [future.result() for future in done if not future.exception()]:
                yield results
    if error is not None:
        raise error
