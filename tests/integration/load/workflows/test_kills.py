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


@pytest.mark.parametrize("moment", mostly_nightly(MOMENTS, 3, 15, 18))
def test_killed_creation_is_completed_by_the_next(create, hand, audiences, log, moment):
    """Killed when HubSpot had that many requests: one of each thing, no more."""
    log.forget()
    environ = os.environ | {
        "HUBSPOT_API_URL": audiences.hubspot_api_url,
        "HUBSPOT_ACCESS_TOKEN": audiences.hubspot_access_token,
        "CARTWHEEL_WAREHOUSE": str(audiences.warehouse),
    }
    words = ["workflows", "create", "abandoned_checkout", "--from-name", "Mugs"]
    words += ["--reply-to", "shop@example.com"]
    process = subprocess.Popen(
        [sys.executable, "-m", "cartwheel", *words],
        env=environ,
        cwd=audiences.warehouse.parent,
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None and len(log.entries("hubspot")) < moment:
        time.sleep(0.0005)
    process.kill()
    ended = process.wait()

    create()

    assert ended == -9, "it was killed, not done"
    assert hand.counts() == WHOLE
    assert not any("test, to be deleted" in flow["name"] for flow in hand.flows())
