"""`cartwheel` and `python -m cartwheel`: the command, from its first moment on."""

import signal
import sys

from cartwheel.core.errors import INTERRUPTED, INTERRUPTED_TOLD
from cartwheel.core.interruptions import interrupt, interrupting_signals


def run() -> None:
    """Run the command; while it is still imported, Ctrl-C and SIGTERM end it as later on."""
    for each in interrupting_signals():
        signal.signal(each, interrupt)
    try:
        from cartwheel.cli.app import main
    except KeyboardInterrupt:
        sys.stderr.write(f"{INTERRUPTED_TOLD}\n")
        exec("")  # noqa: S102 - see cartwheel/cli/command_line.py
        sys.exit(INTERRUPTED)
    main()


if __name__ == "__main__":
    run()
