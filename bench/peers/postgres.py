"""A Postgres server of its own in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.peers.processes import PeerFailed, Took, last_line, reap

DATABASE, USER = "postgres", "peers"
# more than the default of 128 MB and 4 MB, as any server of its own would be given
SETTINGS = ("shared_buffers=1GB", "work_mem=64MB", "listen_addresses=")
START_TIMEOUT = 60.0  # seconds
DEBIAN = "/usr/lib/postgresql/*/bin"  # not on the path there


class Server:
    """A data folder, in which a server can be started more than once."""

    def __init__(self, folder: Path, owner: str | None) -> None:
        self.folder = folder
        self._owner = owner
        self.took: Took | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start the server and stop it; took is then what it took in between."""
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        data = self.folder / "data"
        command = [program("postgres"), "-D", str(data), "-k", str(self.folder), *options]
        with (self.folder / "log").open("wb") as log:
            began = time.monotonic()
            process = subprocess.Popen(command, user=self._owner, stdout=log, stderr=log)  # noqa: S603
            try:
                self._wait(process)
                yield
            finally:
                # whoever is still connected is disconnected
                process.send_signal(signal.SIGINT)
                self.took = reap(process, began)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + START_TIMEOUT
        ready = [program("pg_isready"), "-q", "-h", str(self.folder)]
        while subprocess.run(ready, check=False).returncode:  # noqa: S603
            # a server that has ended leaves no socket, and a child to be reaped
            ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended or time.monotonic() > give_up:
                told = last_line((self.folder / "log").read_bytes())
                raise PeerFailed(f"Postgres did not start: {told}")
            time.sleep(0.1)


@contextmanager
def server() -> Iterator[Server]:
    """Make a data folder, and remove it again.

    Raises PeerFailed where Postgres is missing or refuses.
    """
    initdb = program("initdb")
    # Postgres does not run as root
    owner = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="cartwheel-peers-") as name:
        if owner:
            account = pwd.getpwnam(owner)
            os.chown(name, account.pw_uid, account.pw_gid)
        options = ["--auth=trust", "--encoding=UTF8", "--no-locale", f"--username={USER}"]
        made = subprocess.run(  # noqa: S603
            [initdb, "-D", f"{name}/data", *options],
            user=owner,
            capture_output=True,
            check=False,
        )
        if made.returncode:
            raise PeerFailed(f"initdb ended with {made.returncode}: {last_line(made.stderr)}")
        yield Server(Path(name), owner)


def program(name: str) -> str:
    """Where a program of Postgres is. Raises PeerFailed if it is not there."""
    places = [*map(str, sorted(Path("/").glob(DEBIAN[1:]), reverse=True)), os.environ["PATH"]]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise PeerFailed(f"{name} is missing. Install PostgreSQL")
    return found
