"""An environment of its own for each tool, from the versions that environments/ pins."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from bench.peers.processes import Command, PeerFailed, run

ROOT = Path(__file__).parents[2]
LOCKS = Path(__file__).parent / "environments"
INSTALLED = ROOT / ".venv-peers"


def interpreter(name: str, installed: Path = INSTALLED) -> Path:
    """The Python that a tool is installed in, made where it is missing or pinned otherwise.

    Raises PeerFailed if it cannot be installed.
    """
    lock = LOCKS / f"{name}.lock"
    folder = installed / name
    python, mark = folder / "bin/python", folder / ".ready"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if python.exists() and mark.exists() and mark.read_text() == wanted:
        return python
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if found is None:
        raise PeerFailed("uv is missing, which installs it. Install it: make setup")
    print(f"installing  {name}", file=sys.stderr)
    installed.mkdir(exist_ok=True)
    run([found, "venv", "--clear", "--python", sys.executable, folder], folder=ROOT)
    options: Command = ["--require-hashes", "--no-deps", "--requirement", lock]
    run([found, "pip", "install", "--python", python, *options], folder=ROOT)
    mark.write_text(wanted)
    return python
