"""Says at the end how much of the torture was tried; a plugin, which tests/conftest.py names.

With several processes the one that reports collects nothing, and so loads no conftest here.
"""

from __future__ import annotations

from collections import Counter

from tests.torture.extract.kill import NUMBER
from tests.torture.extract.matrix import MATRIX


def pytest_terminal_summary(terminalreporter):
    """Two lines: the fault matrix, and when the killed runs were killed."""
    ended = [
        report
        for outcome in ("passed", "failed", "xfailed")
        for report in terminalreporter.getreports(outcome)
        if getattr(report, "when", "") == "call" and "[" in report.nodeid
    ]
    tried = [each for each in ended if "test_fault_matrix.py::test_next_run" in each.nodeid]
    kills = [each for each in ended if "test_kills.py::test_next_run" in each.nodeid]
    if not tried and not kills:
        return
    found = [dict(each.user_properties) for each in kills]
    when = Counter("before" if each["landed"] == 0 else "after" for each in found)
    exports = sum(each["left_running"] for each in found)
    terminalreporter.section("torture")
    terminalreporter.write_line(
        f"fault x resource x way: {len(tried)} of {len(MATRIX)} cases tried"
    )
    terminalreporter.write_line(
        f"kill -9: {len(kills)} of {NUMBER} moments tried, {when['before']} before anything "
        f"landed, {when['after']} after; {exports} exports were left running"
    )
    terminalreporter.write_line("all of it: make torture")
