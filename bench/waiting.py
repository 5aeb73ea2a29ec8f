"""Record commands on a terminal and in a file, and measure how long each was silent.

.venv/bin/python -m bench.waiting                          # 2,000 orders
.venv/bin/python -m bench.waiting --orders 20000 --keep recordings

A recording is kept as `script` keeps one, for
`scriptreplay --timing NAME.timing NAME.typescript`. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.measure import generate_store, in_process, sandbox_of
from bench.recording import STEPS, Recording, record

SEED = 5
LONGEST = 5.0  # seconds without a sign of life
PLACES = {"terminal": True, "log": False}
COMMANDS = {
    "dry-run": ("sync", "--dry-run"),
    "first": ("sync",),
    "nothing-new": ("sync",),
    "full": ("sync", "--full"),
    "check": ("check",),
    "setup": ("setup",),
    "plan": ("plan", "--refresh"),
    "verify": ("load", "--verify", "all"),
    "dashboard": ("dashboard", "--output", "dashboard.html"),
}


def main() -> None:
    """Record all commands in both places, and print a line for each; 1 if one was silent."""
    parser = argparse.ArgumentParser(description="Measure how long commands are silent.")
    parser.add_argument("--orders", type=int, default=2000, help="2,000 unless said")
    parser.add_argument("--keep", type=Path, help="keep the recordings in this folder")
    options = parser.parse_args()
    columns = ("begin", *STEPS[1:])
    print(f"{'':23}{'seconds':>8}" + "".join(f"{step:>10}" for step in columns))
    silent = False
    for place, on_terminal in PLACES.items():
        with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
            for kind, recording in recordings(Path(name), options.orders, on_terminal):
                found = recording.silences()
                silent = silent or max(found.values()) > LONGEST
                figures = (
                    f"{found[step]:>10.1f}" if step in found else f"{'-':>10}"
                    for step in columns
                )
                print(
                    f"{place:9}{kind:14}{recording.seconds:>8.1f}{''.join(figures)}", flush=True
                )
                if options.keep:
                    recording.keep(options.keep, f"{place}-{kind}")
    sys.exit(1 if silent else 0)


def recordings(folder: Path, orders: int, on_terminal: bool) -> Iterator[tuple[str, Recording]]:
    """The commands in their order, over one new store.

    Raises RuntimeError with a command's last words if it fails.
    """
    in_process(generate_store, folder, orders, SEED)
    environ = {**own_environment(), "DBT_TARGET_PATH": str(folder / "target")}
    with sandbox_of(folder):
        for kind, arguments in COMMANDS.items():
            command = [sys.executable, "-m", "cartwheel", "--env", str(folder / "sandbox.env")]
            recording = record([*command, *arguments], on_terminal=on_terminal, environ=environ)
            if recording.exit_code:
                raise RuntimeError(f"{kind} failed: {recording.text[-2000:]}")
            yield kind, recording


def own_environment() -> Mapping[str, str]:
    """The environment without settings of ours."""
    ours = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


if __name__ == "__main__":
    main()
