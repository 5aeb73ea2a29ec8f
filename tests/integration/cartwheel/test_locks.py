"""A lock file lets one process in, and the others wait or go away."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cartwheel.core.errors import OutputError
from cartwheel.core.working_folders import locked


def test_who_does_not_wait_is_refused(tmp_path):
    """While the lock is held nobody else gets it; afterwards nothing of it is left."""
    lock = tmp_path / "a.lock"

    with locked(lock), pytest.raises(BlockingIOError), locked(lock):
        pass

    assert [*tmp_path.iterdir()] == []
    with locked(lock):
        assert lock.exists()


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="the system has no /sys")
def test_a_folder_that_cannot_be_written_is_named():
    """Not even by root, as a folder that is mounted read-only: there is no lock to remove."""
    with (
        pytest.raises(OutputError, match=r"^The folder /sys/kernel cannot be written: .*CARTW"),
        locked(Path("/sys/kernel/w.duckdb.sync.lock")),
    ):
        pass


def test_those_who_wait_come_in_one_after_another(tmp_path):
    """Nobody is in together with another, and each comes in."""
    lock, inside, seen = tmp_path / "a.lock", set[int](), list[tuple[int, ...]]()

    def enter(number: int) -> None:
        for _ in range(20):
            with locked(lock, wait=True):
                inside.add(number)
                seen.append((*inside,))
                inside.discard(number)

    threads = [threading.Thread(target=enter, args=[number]) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)

    assert sorted(seen) == sorted((number,) for number in range(4) for _ in range(20))
    assert [*tmp_path.iterdir()] == []
