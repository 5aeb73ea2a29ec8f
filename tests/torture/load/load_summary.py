"""Says at the end where the killed loads were hit; a plugin, which tests/conftest.py names."""

from __future__ import annotations

from collections import Counter

from tests.torture.load.moments import NUMBER


def pytest_terminal_summary(terminalreporter):
    """How many kills hit before, between and after HubSpot's commits and the ledger's."""
    found = [
        dict(report.user_properties)
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if getattr(report, "when", "") == "call"
        and "test_load_kills.py::test_next_load" in report.nodeid
    ]
    if not found:
        return
    hit = Counter(where(**each) for each in found)
    unfolded = sum(each["unfolded"] for each in found)
    terminalreporter.section("torture of the load")
    terminalreporter.write_line(
        f"kill -9: {len(found)} of {NUMBER} moments tried, {hit['before']} before HubSpot "
        f"carried out a write, {hit['between']} between its commit and the ledger's, "
        f"{hit['after']} when the ledger knew of all; {unfolded} journals were left unfolded"
    )
    terminalreporter.write_line("all of it: make torture")


def where(carried_out: int, unheard: int, unfolded: bool) -> str:
    """Where a kill hit: before any write, between a commit and its note, or after both."""
    del unfolded
    return "before" if carried_out == 0 else "between" if unheard else "after"
