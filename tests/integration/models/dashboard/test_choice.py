"""A dashboard is chosen, named, kept and shown to whom it is meant for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import SettingsError
from dashboard.catalogue import REPORTS
from dashboard.choice import Choice, read_choice, read_choices, save_choice
from dashboard.words import Words
from tests.integration.models.dashboard.conftest import data_of

EXPOSURES = "dbt_project/models/marts/reports/_reports__exposures.yml"
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def run(stores, tmp_path, monkeypatch):
    """Run the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*words, environ=None):
        env = {"CARTWHEEL_WAREHOUSE": str(stores.settings.warehouse), **(environ or {})}
        return CliRunner(env=env).invoke(main, ["dashboard", *words])

    return run


def test_a_kept_dashboard_is_written_again(run, tmp_path):
    """What was saved under a name is what that name writes, in NAME.html."""
    saved = run(
        *("board", "--save", "--title", "For the board", "--shop", "tokyo"),
        *("--reports", "revenue_over_time, top_products", "--period", "last_month"),
    )
    assert saved.exit_code == 0, saved.output
    first = (tmp_path / "board.html").read_text()
    (tmp_path / "board.html").unlink()

    again = run("board")

    assert again.exit_code == 0, again.output
    assert (tmp_path / "board.html").read_text() == first
    assert read_choices(tmp_path / "dashboards.toml") == {
        "board": Choice(
            reports=("revenue_over_time", "top_products"),
            title="For the board",
            shop="tokyo",
            period="last_month",
        )
    }


def test_an_option_goes_before_what_is_kept(run, tmp_path):
    """Without --save it changes this page alone."""
    run("board", "--save", "--title", "Kept")
    run("board", "--title", "Now")

    assert "<title>Now</title>" in (tmp_path / "board.html").read_text()
    kept = read_choice(tmp_path / "dashboards.toml", "board")
    assert kept
    assert kept.title == "Kept"


def test_a_page_of_other_stores_is_not_replaced_unsaid(run, tmp_path):
    """Where the page that goes was about other stores, they are named; the same are not."""
    path = tmp_path / "dashboard.html"
    path.write_text("a page of somebody else")
    first, same, other = run("--shop", "tokyo"), run("--shop", "tokyo"), run()

    assert first.output == same.output == f"dashboard   {path}\n"
    assert other.output == (
        f"dashboard   {path}, in the place of the page of tokyo.myshopify.com; "
        "to keep both, use --output\n"
    )


def test_saving_keeps_comments_and_the_other_dashboards(tmp_path):
    """A file that a person writes stays theirs."""
    path = tmp_path / "dashboards.toml"
    path.write_text('# ours\n[weekly]\nperiod = "last_7_days"  # on Mondays\n')

    save_choice(path, "board", Choice(title="Board", reports=("top_products",)))

    text = path.read_text()
    assert text.startswith('# ours\n[weekly]\nperiod = "last_7_days"  # on Mondays\n')
    assert read_choices(path) == {
        "weekly": Choice(period="last_7_days"),
        "board": Choice(title="Board", reports=("top_products",)),
    }


@pytest.mark.parametrize(
    ("access", "mode"), [("private", 0o600), ("shared", 0o644), (None, 0o600)]
)
def test_access_says_who_may_read(run, tmp_path, access, mode):
    """Private is the owner's, shared everybody's; a new page is private if nothing is said."""
    run(*(["--access", access] if access else []))

    assert (tmp_path / "dashboard.html").stat().st_mode & 0o777 == mode


def test_a_shared_page_becomes_private_again(run, tmp_path):
    """What is said is done to a file that exists; what is not said leaves it as it is."""
    page = tmp_path / "dashboard.html"
    run("--access", "shared")
    run()
    assert page.stat().st_mode & 0o777 == 0o644
    run("--access", "private")
    assert page.stat().st_mode & 0o777 == 0o600


def test_the_list_names_dashboards_and_reports(run):
    """What can be chosen is printed, with each report's title."""
    assert "dashboards.toml has no dashboard yet" in run("--list").output
    run("board", "--save", "--title", "For the board", "--reports", "top_products")
    listed = run("--list").output

    assert re.search(r"board +For the board: top_products", listed)
    for report in REPORTS:
        assert re.search(rf"{report.key} +{report.title}", listed)


def test_the_setting_of_the_language_is_the_page_s(run, tmp_path):
    """CARTWHEEL_LANGUAGE speaks where --language does not; what is said is in the language."""
    run(environ={"CARTWHEEL_LANGUAGE": "fr"})
    assert '<html lang="fr">' in (tmp_path / "dashboard.html").read_text()
    run("--language", "de", environ={"CARTWHEEL_LANGUAGE": "fr"})
    page = tmp_path / "dashboard.html"
    assert '<html lang="de">' in page.read_text()

    said, data = Words("de").say, data_of(page)
    titles = [said(report.title) for report in REPORTS]
    assert re.findall("<h2.*?>(.*)</h2>", page.read_text()) == titles
    assert [report["title"] for report in data["reports"]] == titles
    assert (data["language"], data["dates"]) == ("de", "de")
    assert data["words"]["Whole period"] == said("Whole period") != "Whole period"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--reports", "revenue"],
            "There is no report 'revenue'. There are: revenue_over_time,",
        ),
        (["--language", "xx"], "'xx' is not a language"),
        (["--language", "sv"], "The reports are not translated into 'sv'. Name one of: en, de"),
        (["--shop", "paris"], "no store paris. It has: leeds.myshopify.com, london"),
        (["board"], "has no dashboard board. It has none. Keep one with: cartwheel dashboard"),
        (["--save"], "Say a name to keep it under: cartwheel dashboard NAME --save"),
    ],
)
def test_what_does_not_exist_is_told(run, words, said):
    """The message names what there is, and the exit code says wrong use."""
    done = run(*words)

    assert said in done.output
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[board]\nperiod = 'never'", r"\[board\]: There is no period 'never'"),
        ("[board]\nreports = 'top_products'", r"reports must be a list of texts, not 'top"),
        ("[board]\nwithout_people = 'yes'", "without_people must be true or false, not 'yes'"),
        ("[board]\ncolour = 'red'", "no setting colour. There are: reports, title"),
        ("board = 1", r"board is not a table. Write: \[board\]"),
        ("[board", "cannot be read"),
    ],
)
def test_a_slip_in_the_file_is_told(tmp_path, text, said):
    """The message names the file, the dashboard and the setting."""
    (tmp_path / "dashboards.toml").write_text(text)

    with pytest.raises(SettingsError, match=said):
        read_choice(tmp_path / "dashboards.toml", "board")


def test_a_slip_keeps_nobody_from_the_other_dashboards(run, tmp_path):
    """A dashboard that cannot be is listed with its error; the others are written."""
    (tmp_path / "dashboards.toml").write_text("[bad]\nperiod = 'never'\n[good]\n")

    assert run("good").exit_code == run().exit_code == 0
    assert "no period 'never'" in run("--list").output
    assert run("bad").exit_code == 2


def test_nothing_but_people_without_people_is_told(run):
    """A page without any report is not written."""
    done = run("--reports", "orders_to_open", "--without-people")

    assert done.exit_code == 2
    assert "nothing is left of the reports orders_to_open" in done.output


def test_dbt_knows_what_the_page_reads():
    """The page's exposure depends on its reports and on what they are laid out by."""
    exposures = yaml.safe_load((ROOT / EXPOSURES).read_text())["exposures"]
    [page] = [each for each in exposures if each["name"] == "dashboard_page"]
    read = {re.search(r"\w+(?='\))", each)[0] for each in page["depends_on"]}

    assert read == {report.key for report in REPORTS} | {"periods", "stores"}
