"""A sandbox that is stopped while it writes a bulk result."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import SimpleNamespace

from dotenv import dotenv_values

from extract.shopify.documents import bulk_document
from sandbox.generator import generate

SERVE = (
    "import sys; from pathlib import Path; from sandbox.server import serve;"
    "serve(Path(sys.argv[1]), write_env=Path(sys.argv[2]))"
)


def test_sandbox_ends_cleanly_in_the_middle_of_a_bulk_operation(tmp_path, client_of):
    """A signal ends the process with 0 and not a word, whatever DuckDB was writing."""
    generate(tmp_path / "store", orders=1500, seed=3)
    env_file = tmp_path / "sandbox.env"
    command = [sys.executable, "-c", SERVE, str(tmp_path / "store"), str(env_file)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        give_up = time.monotonic() + 60
        while not env_file.exists() and time.monotonic() < give_up:
            time.sleep(0.02)
        client = client_of(SimpleNamespace(env=dotenv_values(env_file)))
        started = client.bulk(bulk_document("orders", search=None, tag="test"))
        gid = started["bulkOperation"]["id"]
        query = "query ($id: ID!) { bulkOperation(id: $id) { status objectCount } }"
        while (found := client.data(query, id=gid)["bulkOperation"])["objectCount"] == "0":
            time.sleep(0.01)
        assert found["status"] == "RUNNING"
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)

    assert (process.returncode, said) == (0, b"")
