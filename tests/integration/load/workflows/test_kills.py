"""kill -9 while a workflow is created: the next run completes it, with nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from random import Random

import pytest

from tests.nightly import mostly_nightly

REQUESTS = 100  # of an undisturbed creation
MOMENTS = sorted(Random(14).sample(range(2, REQUESTS), 20))
WHOLE = {"flows": 1, "emails": 2, "lists": 1, "files": 24}


def killed(settings, log, moment, *more):
    """Create a workflow, killed when HubSpot has that many requests; gives how it ended."""
    log.forget()
    environ = os.environ | {
        "HUBSPOT_API_URL": settings.hubspot_api_url,
        "HUBSPOT_ACCESS_TOKEN": settings.hubspot_access_token,
        "CARTWHEEL_WAREHOUSE": str(settings.warehouse),
    }
    words = ["workflows", "create", "abandoned_checkout", "--from-name", "Mugs"]
    words += ["--reply-to", "shop@example.com", *more]
    process = subprocess.Popen(
        [sys.executable, "-m", "cartwheel", *words],
        env=environ,
        cwd=settings.warehouse.parent,
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None and len(log.entries("hubspot")) < moment:
        time.sleep(0.0005)
    process.kill()
    return process.wait()


@pytest.mark.parametrize("moment", mostly_nightly(MOMENTS, 3, 18))
def test_killed_creation_is_completed_by_the_next(create, hand, audiences, log, moment):
    """Killed when HubSpot had that many requests: one of each thing, no more."""
    ended = killed(audiences, log, moment)

    create()

    assert ended == -9, "it was killed, not done"
    assert hand.counts() == WHOLE
    assert not any("test, to be deleted" in flow["name"] for flow in hand.flows())


@pytest.mark.parametrize("before_the_end", mostly_nightly(range(9), 1))
def test_killed_change_is_not_a_persons_edit(create, hand, audiences, log, before_the_end):
    """Killed around the requests that change e-mails and flow: the next run completes it."""
    create()
    log.forget()
    create(dry_run=True)
    asked = len(log.entries("hubspot"))  # a change asks as much, and sends some more
    changed = ["--actions", "mail1,delay:1d,mail2", "--from-name", "The other shop"]
    killed(audiences, log, asked + 5 - before_the_end, *changed)

    report = create(actions="mail1,delay:1d,mail2", from_name="The other shop")

    assert "kept" not in {part.outcome for part in report.parts}
    assert hand.counts() == WHOLE
