"""kill -9 at any moment of a load: the next one leaves what an undisturbed one would have."""

from __future__ import annotations

import time

import pytest

from cartwheel.core.progress import silent
from load.objects.catalogue import CATALOGUE
from load.run import load
from tests.integration.load.plans import asked
from tests.torture.extract.matrix import chosen
from tests.torture.load.grounds import LATENCY, Grounds
from tests.torture.load.holdings import Holdings
from tests.torture.load.moments import EVERYDAY, SEED, Kill, kills

EVERY = {*CATALOGUE, "associations"}


def test_the_killed_load_does_everything(grounds):
    """It creates, updates, clears, adopts, shares, refuses, deletes, joins and parts."""
    done = grounds.undisturbed().done

    assert {name for name, counts in done.items() if counts["create"]} == EVERY
    assert {name for name, counts in done.items() if counts["update"]} == {*CATALOGUE}
    assert {name for name, counts in done.items() if counts["delete"]} == EVERY - {"contacts"}
    assert (done["contacts"]["rejected"], done["contacts"]["skipped"]) == (1, 4)
    assert grounds.undisturbed().cleared == {*CATALOGUE}


@pytest.mark.parametrize("kill", chosen(kills(), EVERYDAY, 34), ids=str)
def test_next_load_makes_it_good(kill: Kill, grounds: Grounds, record_property):
    """After a kill and another load, HubSpot and the ledger hold what a load in peace leaves,
    and a third load asks HubSpot nothing."""
    peace = grounds.undisturbed()
    part = kill.part
    while True:
        with grounds.before() as found:
            if kill.at_write:
                fatal = kill.write(peace.writes)
                moment = f"at write {fatal} of {peace.writes}"
                killed = found.killed_at_write(fatal)
            else:
                moment = f"after {peace.seconds * part:.3f} of {peace.seconds:.3f} s"
                killed = found.killed_after(peace.seconds * part)
            said = f"seed {SEED}, {kill}, killed {moment}"
            if not killed:
                assert not kill.at_write, said
                part *= 0.9  # this load was faster than the one that was measured
                continue
            time.sleep(2 * LATENCY)  # what was under way comes to its end
            found.account.latency = 0
            found.witness.fatal = 0
            record_property("carried_out", len(found.witness.carried_out))
            record_property("unheard", found.unheard())
            record_property("unfolded", found.unfolded())

            load(found.settings, silent)

            left = Holdings.of(found.account, found.settings.warehouse)
            assert left.duplicates() == [], said
            assert left.differences(peace.left) == [], said
            found.log.forget()
            third = load(found.settings, silent)
            assert third.plan.writes == 0, said
            assert asked(found.log) == [], said
        return
