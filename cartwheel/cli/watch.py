"""A command again and again, until somebody interrupts it: sync --watch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cartwheel.core.errors import CartwheelError, OtherAccount, SettingsError
from cartwheel.core.progress import Say

logger = logging.getLogger(__name__)


def repeat(
    run: Callable[[], None],
    every: timedelta,
    say: Say,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run, wait until a time span after its begin has passed, and run again; never two at once.

    A run that takes longer than the span is followed by the next one at once. What fails is
    logged, and the next run comes at its time.

    Raises SettingsError and OtherAccount, which no repetition sets right, and whatever is not
    a CartwheelError, such as an interruption.
    """
    while True:
        began = clock()
        try:
            run()
        except (SettingsError, OtherAccount):
            raise
        except CartwheelError as error:
            for text in (str(error), *getattr(error, "__notes__", ())):
                logger.error("%s", text)
        left = max(every.total_seconds() - (clock() - began), 0.0)
        at = datetime.now(UTC) + timedelta(seconds=left)
        say(f"the next sync begins at {at:%H:%M:%S} UTC; end it with Ctrl-C")
        sleep(left)
