"""`cartwheel doctor` names each fault of a set-up, and what to do about it."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import ServiceError
from cartwheel.core.settings import Settings
from cartwheel.core.working_folders import lock_of, locked
from cartwheel.doctor.checks import Check, Checks, of_error
from cartwheel.doctor.files import check_files
from cartwheel.doctor.machine import Machine
from sandbox.generator import generate
from sandbox.server import Sandbox
from sandbox.shopify.access.installation import ALL_SCOPES
from tests.integration.cartwheel.conftest import DE, UK, Stores
from tests.integration.cartwheel.doctored import PORTAL, SetUp, free_address, utc_now

CONTACTS = "/crm/objects/2026-03/contacts/batch/update"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    """A small store and an account, served."""
    folder = tmp_path_factory.mktemp("store")
    generate(folder, 5, 1)
    with Sandbox(folder, hubspot_rate=10_000) as served:
        yield served


@pytest.fixture
def setup(tmp_path, sandbox) -> Iterator[SetUp]:
    """A set-up that works."""
    made = SetUp(tmp_path, sandbox)
    made.write()
    try:
        yield made
    finally:
        made.end()


@dataclass(frozen=True)
class Case:
    """A fault: how to make it, the check that finds it, and what that says and advises."""

    break_it: Callable[[SetUp], object]
    check: str
    fault: str
    fix: str
    state: str = "wrong"


def leave_a_run(setup: SetUp) -> None:
    """Leave what a killed extract leaves."""
    folder = setup.folder / "warehouse.duckdb.spool" / "corner.myshopify.com"
    folder.parent.mkdir(mode=0o700)
    folder.mkdir(mode=0o700)
    folder.with_name(f"{folder.name}.lock").touch(0o600)


def spoil(setup: SetUp) -> None:
    """Overwrite the warehouse."""
    setup.warehouse.touch(0o600)
    setup.warehouse.write_bytes(b"no warehouse" * 1000)


def open_to_others(setup: SetUp) -> None:
    """Let everybody read the warehouse."""
    with setup.open():
        pass
    setup.warehouse.chmod(0o644)


def another_version(setup: SetUp) -> None:
    """Let the ledger lack a column."""
    with setup.open() as connection:
        connection.execute("alter table ops.hubspot_lookups drop column properties")


def with_machine(**said: Any) -> Callable[[SetUp], None]:
    """Let the machine say something else of itself."""

    def change(setup: SetUp) -> None:
        setup.machine = Machine(**said)

    return change


CASES = {
    "no credentials": Case(
        lambda s: s.write(SHOPIFY_CLIENT_ID=""),
        "store: settings",
        r"Settings are missing: SHOPIFY_CLIENT_ID \(or SHOPIFY_ACCESS_TOKEN\)",
        "cartwheel init",
    ),
    "no token of HubSpot": Case(
        lambda s: s.write(HUBSPOT_ACCESS_TOKEN=""),
        "HubSpot: settings",
        "Settings are missing: HUBSPOT_ACCESS_TOKEN",
        "cartwheel init",
    ),
    "a malformed setting": Case(
        lambda s: s.write(CARTWHEEL_MEMORY_LIMIT="much"),
        "settings: values",
        "CARTWHEEL_MEMORY_LIMIT is 'much'",
        "like 4GB",
    ),
    "no settings file": Case(
        lambda s: s.env.unlink(),
        "settings: values",
        "There is no settings file",
        r"Copy \.env\.example",
    ),
    "a settings file for everybody": Case(
        lambda s: s.env.chmod(0o644),
        "files: settings file",
        "other users of this machine can read",
        r"chmod go= \S+settings\.env",
    ),
    "a warehouse for everybody": Case(
        open_to_others,
        "files: data files",
        r"warehouse\.duckdb: other users",
        r"chmod go= \S+warehouse\.duckdb",
    ),
    "a wrong secret of the app": Case(
        lambda s: s.write(SHOPIFY_CLIENT_SECRET="wrong-secret"),
        "store: token",
        "Shopify gave no token",
        "Check SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET .*, then run: cartwheel doctor",
    ),
    "a wrong static token": Case(
        lambda s: s.write(SHOPIFY_ACCESS_TOKEN="shpat_wrong-secret"),
        "store: token",
        "does not accept the token",
        "Check SHOPIFY_ACCESS_TOKEN, .*, then run: cartwheel doctor",
    ),
    "the token of another store": Case(
        lambda s: s.write(SHOPIFY_SHOP="other.myshopify.com"),
        "store: shop",
        r"SHOPIFY_SHOP is other\.myshopify\.com, but the token belongs to northwind",
        "Write SHOPIFY_SHOP=northwind",
    ),
    "a missing scope of the app": Case(
        lambda s: s.order("shopify/scopes", {"scopes": ["read_orders", "read_products"]}),
        "store: scopes",
        "missing: the scopes read_customers, read_all_orders",
        "Dev Dashboard",
    ),
    "no protected customer data": Case(
        lambda s: s.order("shopify/scopes", {"protected_data": False}),
        "store: protected customer data",
        r"access to protected customer data \(.*customers\.firstName",
        "Ask for it in the Dev Dashboard",
    ),
    "an old version of the API": Case(
        lambda s: s.write(SHOPIFY_API_VERSION="2026-07"),
        "store: API version",
        "Shopify serves 2026-07",
        "Set SHOPIFY_API_VERSION=2026-10",
    ),
    "Shopify does not answer": Case(
        lambda s: s.write(SHOPIFY_API_URL=free_address()),
        "store: connection",
        "nothing listens at 127.0.0.1",
        "Check SHOPIFY_SHOP and SHOPIFY_API_URL",
    ),
    "HubSpot does not answer": Case(
        lambda s: s.write(HUBSPOT_API_URL=free_address()),
        "HubSpot: connection",
        "nothing listens at 127.0.0.1",
        "Check HUBSPOT_API_URL",
    ),
    "a wrong token of HubSpot": Case(
        lambda s: s.write(HUBSPOT_ACCESS_TOKEN="pat-wrong-secret"),
        "HubSpot: account",
        "HubSpot does not accept the token: it is mistyped",
        "Check HUBSPOT_ACCESS_TOKEN: put the one that the service key",
    ),
    "a missing scope of HubSpot's token": Case(
        lambda s: s.order("hubspot/faults", {"kind": "forbidden", "where": f"POST {CONTACTS}"}),
        "HubSpot: scopes",
        r"^the token lacks crm\.objects\.contacts\.write$",
        "Add them to the service key",
    ),
    "a missing scope that only lists need": Case(
        lambda s: s.order("hubspot/behaviours", {"missing_scopes": ["crm.lists.write"]}),
        "HubSpot: lists and workflows",
        "optional; no list: the token lacks the scopes crm.lists.read and crm.lists.write",
        "add the scopes",
        state="warning",
    ),
    "a missing scope that only the language needs": Case(
        lambda s: s.order(
            "shopify/scopes", {"scopes": [each for each in ALL_SCOPES if "locales" not in each]}
        ),
        "store: language",
        "optional; the app may not read the shop's language: labels are in English",
        "add the scope read_locales, or set CARTWHEEL_LANGUAGE",
        state="warning",
    ),
    "another account than the ledger's": Case(
        lambda s: s.belong_to(4711),
        "HubSpot: account",
        f"belongs to HubSpot account {PORTAL}, and the ledger in .* to account 4711",
        "cartwheel account move",
    ),
    "a currency that HubSpot lacks": Case(
        lambda s: s.sandbox.account.currencies.__setitem__(0, "EUR"),
        "HubSpot: currencies",
        r"does not have USD \(northwind-demo-5-1\.myshopify\.com\)",
        "Settings > Account Defaults > Currency",
    ),
    "no room for properties": Case(
        lambda s: s.order("hubspot/behaviours", {"most_custom_properties": 10}),
        "HubSpot: limits",
        r"no room for what setup creates: .*contacts: \d+ properties to create, room for 10",
        "cartwheel setup",
    ),
    "a damaged warehouse": Case(
        spoil, "warehouse: file", "is damaged or not a DuckDB file", "Put a backup copy"
    ),
    "a warehouse of another version": Case(
        another_version,
        "warehouse: file",
        "hubspot_lookups lacks properties",
        "Name a new file in CARTWHEEL_WAREHOUSE",
    ),
    "a warehouse that another program holds": Case(
        SetUp.hold,
        "warehouse: file",
        "is open in another program: .*PID",
        "close the notebook",
    ),
    "what a killed run left": Case(
        leave_a_run,
        "warehouse: left behind",
        r"a killed run left corner\.myshopify\.com",
        "cartwheel extract",
        state="warning",
    ),
    "a load that failed": Case(
        lambda s: s.log_load(utc_now() - timedelta(hours=3), "failed", "It was away. Try it"),
        "warehouse: last load",
        r"^failed 3 h ago: 0 writes: It was away\.$",
        "cartwheel load",
    ),
    "a load that was interrupted": Case(
        lambda s: s.log_load(utc_now() - timedelta(minutes=3), "interrupted"),
        "warehouse: last load",
        "^interrupted 3 min ago: 0 writes$",
        "cartwheel load, which goes on: what was done is kept",
        state="warning",
    ),
    "a load that cron no longer runs": Case(
        lambda s: s.log_load(utc_now() - timedelta(days=4), "succeeded"),
        "warehouse: last load",
        "^succeeded, but 4 d ago$",
        "cartwheel sync",
        state="warning",
    ),
    "a clock that is fixed for a real store": Case(
        lambda s: s.write(SHOPIFY_SHOP="real.myshopify.com", SHOPIFY_API_URL=free_address()),
        "machine: fixed clock",
        "CARTWHEEL_NOW fixes it at 2026-11-23",
        "Remove CARTWHEEL_NOW",
        state="warning",
    ),
    "a clock that is wrong": Case(
        with_machine(now=lambda: datetime.now(UTC) - timedelta(minutes=9, seconds=30)),
        "HubSpot: clock",
        "9 min behind HubSpot's",
        "Set the clock",
    ),
    "a full disk": Case(
        with_machine(free_disk=lambda _: 90_000_000),
        "machine: disk",
        "only 90 MB free",
        "Free space on the disk of",
    ),
    "little memory": Case(
        with_machine(memory=lambda: 2_000_000_000),
        "machine: memory",
        r"2\.0 GB, of which DuckDB may take 3\.5GB",
        "Set CARTWHEEL_MEMORY_LIMIT=1500MB",
        state="warning",
    ),
    "an unknown Python": Case(
        with_machine(python=(3, 10, 4)),
        "machine: Python",
        r"Python 3\.10\.4 is not supported",
        "Install such a Python",
    ),
}
# what a case breaks beside what it is about
ALSO = {
    "a clock that is wrong": {"store: clock"},
    "a clock that is fixed for a real store": {"store: connection"},
}


def named(checks: Iterable[Check]) -> dict[str, Check]:
    """The checks by subject and name; the subject of a store is "store"."""
    return {
        f"{'store' if '.myshopify.com' in each.subject else each.subject}: {each.name}": each
        for each in checks
    }


def test_a_set_up_that_works_is_fine(setup):
    """Nothing is wrong, nothing is to look at, nothing was left out, and it ends with 0."""
    setup.belong_to(PORTAL)

    done = setup.doctor()

    assert done.exit_code == 0
    assert re.search(r"\n0 wrong, 0 to look at, \d+ ok, 0 not checked\n$", done.output)
    assert f"account: {PORTAL}, as in the ledger" in done.output


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_named_with_its_fix(setup, name):
    """The check says the fault and the fix, and nothing else is wrong."""
    case = CASES[name]
    case.break_it(setup)

    found = named(setup.checks())

    check = found[case.check]
    assert check.state == case.state
    assert re.search(case.fault, check.said)
    assert re.search(case.fix, check.fix)
    also = ALSO.get(name, set()) | ({case.check} if case.state == "wrong" else set())
    assert {key for key, each in found.items() if each.state == "wrong"} == also


def test_each_fault_of_the_lists_has_a_next_step(setup):
    """Whatever is wrong or to look at says what to do; secrets are shown nowhere."""
    setup.write(
        SHOPIFY_CLIENT_SECRET="wrong-secret",
        HUBSPOT_ACCESS_TOKEN="pat-wrong-secret",
        CARTWHEEL_LANGUAGE="tlh",
    )
    setup.env.chmod(0o644)
    spoil(setup)

    done = setup.doctor("--json")

    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["wrong"] == 5
    assert all(
        each["fix"] for each in report["checks"] if each["state"] in ("wrong", "warning")
    )
    assert "wrong-secret" not in done.output


def test_an_empty_folder_is_told_to_begin(tmp_path, monkeypatch):
    """Without .env and environment, both sides are named as missing, with `cartwheel init`."""
    monkeypatch.chdir(tmp_path)
    ours = [name for name in os.environ if name.startswith(("SHOPIFY_", "HUBSPOT_"))]

    done = CliRunner(env=dict.fromkeys(ours)).invoke(main, ["doctor"])

    assert done.exit_code == 1
    assert "there is no .env" in done.output
    assert f"free on the disk of {tmp_path}\n" in done.output
    assert re.search(r"wrong +settings: Settings are missing: SHOPIFY_SHOP", done.output)
    assert re.search(r"wrong +settings: Settings are missing: HUBSPOT_ACCESS", done.output)
    assert done.output.count("-> Run: cartwheel init, or put them into .env") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_whole_environment_needs_no_file(tmp_path, monkeypatch):
    """Where the environment lacks no setting, that there is no file is in order."""
    monkeypatch.chdir(tmp_path)
    whole = Settings.read(
        None,
        {
            "SHOPIFY_SHOP": "demo",
            "SHOPIFY_ACCESS_TOKEN": "shpat_0123456789",
            "HUBSPOT_ACCESS_TOKEN": "pat-0123456789",
        },
    )

    states = [
        named(check_files(Path(".env"), each))["files: settings file"].state
        for each in (whole, replace(whole, hubspot_access_token=""))
    ]

    assert states == ["ok", "warning"]


def test_faults_are_printed_with_what_to_do(setup):
    """A line says the state and the fault, the next one what to do; the command ends with 1."""
    setup.write(SHOPIFY_CLIENT_SECRET="wrong-secret")

    done = setup.doctor()

    assert done.exit_code == 1
    assert re.search(
        r"\nwrong        token: Shopify gave no token .*\n +-> Check SHOPIFY_CLIENT_ID",
        done.output,
    )
    assert "\nnot checked  scopes: because of: token\n" in done.output
    assert "wrong-secret" not in done.output


def test_warnings_alone_end_with_0(setup):
    """What is only to look at is no failure."""
    setup.order("hubspot/behaviours", {"plan": {}})

    done = setup.doctor("--json")

    assert (done.exit_code, json.loads(done.stdout)["warnings"]) == (0, 1)


def test_a_host_that_is_away_stops_no_other_check(setup):
    """What needs the host is not checked; HubSpot and the warehouse are."""
    setup.write(SHOPIFY_API_URL=free_address())

    found = named(setup.checks())

    assert {key for key, each in found.items() if each.state == "not checked"} == {
        *(f"store: {name}" for name in ("clock", "token", "shop", "API version", "scopes")),
        *("store: protected customer data", "store: language"),
        "HubSpot: currencies",
    }
    assert found["HubSpot: scopes"].state == "ok"


def test_an_extract_that_runs_leaves_nothing_behind(setup):
    """The folder of a run that goes on is its own business."""
    leave_a_run(setup)
    folder = setup.folder / "warehouse.duckdb.spool" / "corner.myshopify.com"

    with locked(lock_of(folder)):
        check = named(setup.checks())["warehouse: left behind"]

    assert (check.state, check.said) == (
        "ok",
        "an extract of corner.myshopify.com runs now",
    )


def test_nothing_is_written(setup):
    """Files keep bytes and modes, none is made; HubSpot keeps its records and properties."""

    def state() -> object:
        account = setup.sandbox.account
        files = {
            path: (
                path.read_bytes(),
                stat.S_IMODE(path.stat().st_mode),
                path.stat().st_mtime_ns,
            )
            for path in setup.folder.rglob("*")
        }
        properties = {name: set(each.definitions) for name, each in account.properties.items()}
        records = [account.objects(name) for name in ("contacts", "deals", "products")]
        return files, properties, records, account.pipelines.stages("ecommerce")

    open_to_others(setup)
    before = state()

    setup.doctor()

    assert state() == before
    accepted = [each for each in setup.sandbox.log.writes() if each["status"] < 300]
    assert {each["path"].split("/")[1:5][-1] for each in accepted} <= {"published"}  # validated


def test_each_store_is_checked(stores: Stores):
    """Of two stores, the one with a wrong secret is named, and the other is fine."""
    (stores.folder / "settings.env").chmod(0o600)
    stores.set("UK_SHOPIFY_CLIENT_SECRET", "wrong")

    report = json.loads(stores.cartwheel("doctor", "--json").stdout)

    states = {(each["subject"], each["name"]): each for each in report["checks"]}
    assert states[UK, "token"]["state"] == "wrong"
    assert "UK_SHOPIFY_CLIENT_SECRET" in states[UK, "token"]["fix"]
    assert states[DE, "protected customer data"]["state"] == "ok"


def test_a_secret_without_its_prefix_is_told(stores: Stores):
    """A store's fix names the prefixed settings; those that init wrote are told of once."""
    stores.set("UK_SHOPIFY_CLIENT_SECRET", "")
    stores.set("DE_STORE_SHOPIFY_CLIENT_SECRET", "")
    missing = stores.cartwheel("doctor", "--json").stdout
    stores.set("SHOPIFY_CLIENT_SECRET", "some-secret")
    one = stores.cartwheel("doctor", "--json").stdout
    stores.set("SHOPIFY_CLIENT_ID", "some-id")
    two = stores.cartwheel("doctor", "--json").stdout

    before, after, last = (
        {(each["subject"], each["name"]): each for each in json.loads(said)["checks"]}
        for said in (missing, one, two)
    )
    file = stores.folder / "settings.env"
    for prefix, shop in (("UK", UK), ("DE_STORE", DE)):
        assert before[shop, "settings"]["fix"] == (
            f"Put {prefix}_SHOPIFY_CLIENT_ID and {prefix}_SHOPIFY_CLIENT_SECRET into {file}, "
            "then run: cartwheel doctor"
        )
    assert ("stores", "secrets") not in before
    assert (one + two).count(" without a prefix ") == 2
    told = after["stores", "secrets"]
    assert told["said"].startswith(
        "SHOPIFY_CLIENT_SECRET without a prefix is read for no store"
    )
    assert "its name, such as UK_SHOPIFY_CLIENT_SECRET, then run" in told["fix"]
    told = last["stores", "secrets"]
    assert "SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET without a prefix are" in told["said"]
    assert "some-secret" not in one + two


def test_a_store_that_is_not_listed_is_named(stores: Stores):
    """SHOPIFY_SHOP that shops.toml lacks is a fault of its own; the listed ones are checked."""
    stores.set("SHOPIFY_SHOP", "fr-store")

    report = json.loads(stores.cartwheel("doctor", "--json").stdout)

    states = {(each["subject"], each["name"]): each for each in report["checks"]}
    assert "does not list fr-store.myshopify.com" in states["stores", "list"]["said"]
    assert states[DE, "token"]["state"] == "ok"


def test_a_store_that_is_left_out_is_told(stores: Stores):
    """SHOPIFY_SHOP that picks one of two stores is a warning, and only that one is checked."""
    stores.set("SHOPIFY_SHOP", DE)

    report = json.loads(stores.cartwheel("doctor", "--json").stdout)

    states = {(each["subject"], each["name"]): each for each in report["checks"]}
    assert states["stores", "list"]["state"] == "warning"
    assert "lists 2 stores" in states["stores", "list"]["said"]
    assert (DE, "token") in states
    assert (UK, "token") not in states


def test_a_check_that_breaks_stops_no_other():
    """An error that nobody thought of is told by its kind and place, without its words."""
    checks = Checks("machine")

    def broken():
        raise KeyError("ana@example.com")

    checks.run("disk", broken)

    (check,) = checks.done
    assert check.state == "wrong"
    assert re.fullmatch(r"the check itself failed: KeyError in broken, line \d+", check.said)


def test_an_error_of_one_sentence_has_a_next_step_too():
    """Where an error says only what is wrong, the next command is still named."""
    found = of_error(ServiceError("Shopify answered HTTP 402: the shop is frozen"))

    assert found.fix == "Fix that, then run: cartwheel doctor"


def test_the_warehouse_may_be_anywhere(setup, tmp_path):
    """A folder that does not exist yet is no fault: the disk of the one above it counts."""
    setup.write(CARTWHEEL_WAREHOUSE=str(Path(tmp_path, "new", "deep", "w.duckdb")))

    assert named(setup.checks())["machine: disk"].state == "ok"
