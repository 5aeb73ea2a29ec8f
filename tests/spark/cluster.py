"""A cluster of Spark's own kind on loopback: a master and two workers, a process each."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv-spark"
PYTHON = ENVIRONMENT / "bin" / "python"
WORKERS = ("one", "two")
_DEPLOY = "org.apache.spark.deploy"
_START = 90  # seconds
# so that it fits beside what else a small machine does
_SMALL = {
    "spark.driver.memory": "1g",
    "spark.executor.memory": "800m",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
}


@dataclass(frozen=True)
class Cluster:
    """Where the master listens, and the folder of the workers and of Spark's event log."""

    master: str
    folder: Path

    def build(self, lake: Path, target: Path) -> subprocess.CompletedProcess[str]:
        """Build on the cluster, as the README of engines/spark says."""
        (self.folder / "events").mkdir(exist_ok=True)
        conf = _SMALL | {"spark.eventLog.dir": f"file://{self.folder / 'events'}"}
        options = ["--master", self.master]
        options += [f"--conf={name}={value}" for name, value in conf.items()]
        return finished(begun(lake, target, options))

    def tasks(self) -> Counter[str]:
        """How many tasks each worker ended, by its name.

        Spark's event log says which executor ran a task, and the folders of a worker are
        those of its executors.
        """
        workers = {
            path.name: worker
            for worker in WORKERS
            for path in (self.folder / worker).glob("app-*/*")
        }
        ended = Counter[str]()
        for log in (self.folder / "events").iterdir():
            for line in log.read_text(encoding="utf-8").splitlines():
                event = json.loads(line)
                if event["Event"] == "SparkListenerTaskEnd":
                    ended[workers[event["Task Info"]["Executor ID"]]] += 1
        return ended


def begun(lake: Path, target: Path, options: Sequence[str]) -> subprocess.Popen[str]:
    """A build, begun; dbt's colours are left out."""
    command = [str(PYTHON), "engines/spark/build.py", "--lake", str(lake), *options]
    command += ["--target-path", str(target), "--log-path", str(target), "--no-use-colors"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"SPARK_LOCAL_DIRS": str(target.parent / "local")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """A build after its end."""
    output, _ = process.communicate(timeout=1800)
    return subprocess.CompletedProcess(process.args, process.returncode, output)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a master and two workers of one core each, and stop them at the end."""
    folder.mkdir()
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    local = ["--host", "127.0.0.1", "--webui-port", "0"]
    with ExitStack() as stack:
        stack.enter_context(
            _process(
                folder, "master", f"{_DEPLOY}.master.Master", [*local, "--port", str(port)]
            )
        )
        _wait_for(folder / "master.log", "I have been elected leader")
        for worker in WORKERS:
            options = [*local, "--cores", "1", "--memory", "1g"]
            options += ["--work-dir", str(folder / worker), master]
            stack.enter_context(_process(folder, worker, f"{_DEPLOY}.worker.Worker", options))
        for worker in WORKERS:
            _wait_for(folder / f"{worker}.log", "Successfully registered with master")
        yield Cluster(master, folder)


@contextmanager
def _process(
    folder: Path, name: str, what: str, options: Sequence[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """One of Spark's daemons, which logs to <name>.log."""
    [home] = ENVIRONMENT.glob("lib/python*/site-packages/pyspark")
    environ = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), what, *options],
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
            umask=0o077,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(log: Path, text: str) -> None:
    give_up = time.monotonic() + _START
    while text not in log.read_text(errors="replace"):
        if time.monotonic() > give_up:
            sys.stderr.write(log.read_text(errors="replace")[-3000:])
            raise TimeoutError(f"{log.stem} of Spark's cluster did not start in {_START} s")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
