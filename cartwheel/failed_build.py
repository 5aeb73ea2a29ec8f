"""The gate while the last build has failed: why it is closed, and how to go on."""

from __future__ import annotations

import logging
import re
import shlex
from contextlib import suppress
from pathlib import Path

from cartwheel.build.dbt import PROJECT
from cartwheel.build.run_log import last_failure
from cartwheel.core.clock import without_zone
from cartwheel.core.errors import CartwheelError, OutputError, TransformFailed
from cartwheel.core.redaction import redacted
from cartwheel.core.settings import Settings
from quality.docs import write_closed

LIMIT = "quarantine_is_within_its_limit"  # the test that fails where too much is quarantined

_NAMES = re.compile(r"\w+(, \w+)*")

logger = logging.getLogger(__name__)


def failed_build(settings: Settings) -> str:
    """The models and tests that failed in the last transform, empty if none did.

    Too many quarantined records are no such failure: the gate counts them itself.
    """
    failed = last_failure(settings)
    return "" if failed == LIMIT else failed


def how_to_see(settings: Settings, failed: str) -> str:
    """What shows a model's error or a test's rows; failed is as failed_build() gives it.

    Empty of an error that ended the whole build: it says itself what to do.
    """
    if not _NAMES.fullmatch(failed):
        return ""
    name = failed.partition(",")[0]
    if any((PROJECT / "dbt_project" / "models").rglob(f"{name}.sql")):
        return f"To see everything, run: cartwheel dbt build --select {name}"
    env_file = settings.env_file
    other = env_file is not None and env_file != Path(".env")
    options = f"--env {shlex.quote(str(env_file))} " if other else ""
    return f'To see the rows, run: make quality ARGS="{options}-k {name}"'


def closed_by(settings: Settings, failed: str) -> str:
    """What the gate says of a failed build, in sentences."""
    closed = f"The quality gate is closed: the last build failed ({failed}). Nothing was sent. "
    if see := how_to_see(settings, failed):
        return f"{closed}{see}. Correct the source or the model, then run: cartwheel sync"
    return f"{closed}Correct that, then run: cartwheel sync"


def show_closed(settings: Settings, error: CartwheelError) -> None:
    """Write the gate's page again, if an error means that the last build failed.

    The page is of the check before, and would say that the gate is open.
    """
    with suppress(CartwheelError):
        if not last_failure(settings):
            return
        why = error.reasons if isinstance(error, TransformFailed) else [str(error)]
        told = [redacted(each, settings.secret_values()) for each in why]
        try:
            target = settings.warehouse.parent / "data_docs"
            write_closed(target, told, without_zone(settings.clock()))
        except OutputError as problem:
            logger.warning("Warning: %s", problem)
