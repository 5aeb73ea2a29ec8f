"""Reads all resources at once, in threads, while the main thread lands what arrives."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue

from cartwheel.core.errors import CartwheelError
from cartwheel.core.file_errors import disk_told
from extract.land.run_log import RunLogEntry
from extract.land.staged_file import StagedFile
from extract.read.bulk import AT_ONCE, Export
from extract.read.pages import PART, read_pages
from extract.read.session import Session
from extract.read.strategy import Task
from extract.shopify.errors import Stopped

GRACE = 3.0  # seconds that interrupted readers have to cancel their exports

Outcome = tuple[Task, StagedFile | BaseException | None]


class Workers:
    """A thread for each task; at most as many as Shopify runs bulk operations at once."""

    def __init__(self, session: Session, tasks: list[Task]) -> None:
        self._session = session
        self._tasks = tasks
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        self._places = threading.Semaphore(AT_ONCE)

    def land_all(self, entries: dict[str, RunLogEntry]) -> list[CartwheelError]:
        """Read and land every task; return what went wrong, by task.

        What one task lands stays even if another fails. Whatever else is raised, such as
        KeyboardInterrupt, stops all readers first; one that waits for an answer is left
        behind after a moment, since nothing of it will be landed.
        """
        threads = [
            threading.Thread(
                target=self._read, args=(task,), name=task.resource.name, daemon=True
            )
            for task in self._tasks
        ]
        problems: list[CartwheelError] = []
        try:
            for thread in threads:
                thread.start()
            running = len(threads)
            while running:
                task, outcome = self._outcomes.get()
                if outcome is None:
                    running -= 1
                    continue
                problem = self._take(outcome, entries[task.resource.name])
                if problem is not None:
                    problems.append(problem)
        except BaseException:
            self._session.stop.set()
            until = time.monotonic() + GRACE
            for thread in threads:
                if thread.ident is not None:
                    thread.join(max(until - time.monotonic(), 0.0))
            raise
        for thread in threads:
            thread.join()
        return problems

    def _take(
        self, outcome: StagedFile | BaseException, entry: RunLogEntry
    ) -> CartwheelError | None:
        if entry.status == "failed":
            return None  # behind a gap nothing lands, or the watermark would move past it
        try:
            if isinstance(outcome, BaseException):
                raise outcome
            self._session.land(outcome, entry)
            if outcome.last:
                self._session.tell(entry)
        except CartwheelError as problem:
            self._session.failed(entry, problem)
            return problem
        return None

    def _read(self, task: Task) -> None:
        """Put every delivery of a task into the queue, then None, or the error."""
        try:
            with self._places, disk_told():
                self._session.progress.begin(task.resource.name, task.counted)
                if task.via == "bulk":
                    self._outcomes.put((task, self._bulk(task)))
                else:
                    for staged in self._pages(task):
                        self._outcomes.put((task, staged))
        except Stopped:
            pass
        except BaseException as problem:
            self._outcomes.put((task, problem))
        finally:
            self._outcomes.put((task, None))

    def _bulk(self, task: Task) -> StagedFile:
        export = Export(
            task.resource, task.resource.name, task.search, self._session.run.run_id
        )
        path = self._session.folder / f"{task.resource.name}.jsonl"
        return replace(
            self._session.bulk_reader().read(export, path), complete=not task.is_window
        )

    def _pages(self, task: Task) -> Iterator[StagedFile]:
        found = read_pages(
            self._session.shopify,
            task.resource,
            self._session.folder,
            search=task.search,
            part=min(PART, self._session.settings.batch_size or PART),
            stop=self._session.stop,
            progress=self._session.progress,
        )
        for staged in found:
            yield replace(staged, complete=staged.complete and not task.is_window)
