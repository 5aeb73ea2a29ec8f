"""`cartwheel` and `python -m cartwheel`: the command, from its first moment on."""

import signal
import sys
from types import FrameType

from cartwheel.core.errors import INTERRUPTED, INTERRUPTED_TOLD


def run() -> None:
    """Run the command; while it is still imported, Ctrl-C and SIGTERM end it as later on."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        from cartwheel.cli.app import main
    except KeyboardInterrupt:
        sys.stderr.write(f"{INTERRUPTED_TOLD}\n")
        exec("")  # noqa: S102 - see cartwheel/cli/command_line.py
        sys.exit(INTERRUPTED)
    main()


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    run()
