"""`make quality`: tests/data_quality over a store in order, and over one with faults."""

from __future__ import annotations

import re
import subprocess
import sys
from shutil import copy

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.commands import Command
from tests.end_to_end.journey import ROOT, own_environment

FAULTS = """
update hubspot.deals set deal_currency_code = 'pounds' where shopify_deal_key = '{key}';
update hubspot.deals set closedate = '2031-01-01' where shopify_deal_key = '{key}';
update core.sales set net_sales = net_sales + 1
where sale_id = (select min(sale_id) from core.sales)
"""


def judged(journey, folder, *options, faults=""):
    """What pytest says of a copy of a journey's warehouse."""
    warehouse = copy(journey.warehouse, folder)
    if faults:
        with open_warehouse(folder / journey.warehouse.name) as connection:
            connection.execute(faults)
    return Command.begin(
        [str(ROOT / "tests/data_quality"), "--env", str(journey.env_file), *options],
        ROOT,
        own_environment() | {"CARTWHEEL_WAREHOUSE": str(warehouse), "COLUMNS": "400"},
        "pytest",
    ).finish()


def test_a_store_in_order_passes_every_case(generated, tmp_path):
    """Each expectation and each of dbt's tests is a case and passes; none of ours warns."""
    done = judged(generated, tmp_path, "-rA")

    assert done.returncode == 0, done.stdout[-3000:]
    counted = re.search(r"(\d+) passed(?:, (\d+) warnings?)? in", done.stdout)
    assert counted, done.stdout[-3000:]
    assert int(counted[1]) > 300
    assert "skipped" not in done.stdout
    assert re.findall(r"OddValues: (?:hubspot|core)\..*", done.stdout) == []


def test_a_fault_is_shown_with_its_rows(generated, tmp_path):
    """A broken contract and a broken identity fail with the row; what is odd is a warning."""
    key = generated.value("select min(shopify_deal_key) from hubspot.deals")
    sale = generated.value("select min(sale_id) from core.sales")

    cases = "-k=malformed_cu or closedate_in or negative_am or expression_is_true_sales__net"
    done = judged(generated, tmp_path, cases, faults=FAULTS.format(key=key))

    assert done.returncode == 1, done.stdout[-3000:]
    assert re.search(
        rf"^hubspot\.deals: malformed_currencies: 1 of [\d,]+ rows \({re.escape(key)}\)\.",
        done.stdout,
        re.MULTILINE,
    ), done.stdout[-3000:]
    assert f"  {key}  pounds" in done.stdout
    assert re.search(rf"expression_is_true_sales\S*net_sales.*sale_id {sale}\b", done.stdout)
    assert "edited since. To build it again, run: cartwheel transform --full" in done.stdout
    assert re.search(
        rf"OddValues: .*closedate_in_the_future.*\({re.escape(key)}\)", done.stdout
    )
    assert re.search(r"=== 2 failed, \d+ passed, \d+ deselected", done.stdout)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("options", "told"), [([], "1 passed, .* 1 warning"), (["-W", "error"], "1 failed, ")]
)
def test_a_case_that_runs_alone_shows_its_warning(generated, tmp_path, options, told):
    """What only warns stands in the summary, or is a failure with -W error.

    In a process that has not imported Great Expectations: that diverts warnings.
    """
    key = generated.value("select min(shopify_deal_key) from hubspot.deals")
    warehouse = copy(generated.warehouse, tmp_path)
    with open_warehouse(tmp_path / generated.warehouse.name) as connection:
        connection.execute(FAULTS.format(key=key))

    cases = [str(ROOT / "tests/data_quality"), "-k", "closedate_in"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *cases, "--env", str(generated.env_file), *options],
        cwd=ROOT,
        env=own_environment() | {"CARTWHEEL_WAREHOUSE": str(warehouse), "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert re.search(r"OddValues: .*closedate_in_the_future", done.stdout), done.stdout
    assert re.search(rf"=== {told}", done.stdout), done.stdout


def test_without_a_warehouse_each_case_says_why(tmp_path):
    """Where there is no warehouse yet, every case is skipped with its reason."""
    env_file = tmp_path / "store.env"
    env_file.write_text("CARTWHEEL_WAREHOUSE=none.duckdb\n")

    done = Command.begin(
        [str(ROOT / "tests/data_quality"), "--env", str(env_file)],
        ROOT,
        own_environment() | {"COLUMNS": "400"},
        "pytest",
    ).finish()

    assert done.returncode == 0, done.stdout
    assert re.search(r"there is no warehouse at \S*none\.duckdb yet\. Run: cartw", done.stdout)
    assert re.search(r"=== \d+ skipped(?:, \d+ warnings?)? in", done.stdout)


def test_what_keeps_all_cases_out_is_one_sentence(tmp_path):
    """Settings that are not there, or a warehouse that is open elsewhere: no traceback."""
    warehouse, env_file = tmp_path / "w.duckdb", tmp_path / "store.env"

    def said():
        done = Command.begin(
            [str(ROOT / "tests/data_quality"), "--env", str(env_file)],
            ROOT,
            own_environment() | {"COLUMNS": "400"},
            "pytest",
        ).finish()
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode == 4
        return done.stderr.strip()

    assert re.match(r"ERROR: There is no settings file \S*store\.env\.", said())
    env_file.write_text(f"CARTWHEEL_WAREHOUSE={warehouse}\n")
    with open_warehouse(warehouse):
        assert re.match(r"ERROR: The warehouse \S* is open in another program", said())
