"""Whatever goes wrong in a run: the next one leaves what an undisturbed one would have."""

from __future__ import annotations

import pytest

from tests.torture.extract.case import Case
from tests.torture.extract.matrix import MATRIX, chosen
from tests.torture.extract.rows import different
from tests.torture.extract.trial import Grounds, try_out


def _param(case):
    marks = [pytest.mark.xfail(reason=case.unknowable)] if case.unknowable else []
    return pytest.param(case, id=str(case), marks=marks)


@pytest.fixture(scope="module")
def grounds(tmp_path_factory) -> Grounds:
    """Where the trials take place."""
    return Grounds(tmp_path_factory.mktemp("torture"))


def test_cases_have_names_of_their_own():
    """No two cases of the matrix are the same."""
    assert len({str(case) for case in MATRIX}) == len(MATRIX)


@pytest.mark.parametrize("case", [_param(case) for case in chosen(MATRIX)])
def test_next_run_makes_it_good(case: Case, grounds: Grounds):
    """After a disturbed run and another, raw holds row for row what one in peace brings,
    and the disturbed one marked nothing as deleted that is there."""
    undisturbed = grounds.undisturbed(case)

    trial = try_out(case, grounds)

    assert trial.idle == []
    assert trial.problem is not None or not case.fails
    assert different(trial.again.living, undisturbed.living) == {}
    if case.changes():
        assert undisturbed.dead.keys() <= trial.again.dead.keys()
    else:
        assert different(trial.again.dead, undisturbed.dead) == {}
        assert trial.marked <= undisturbed.marked
