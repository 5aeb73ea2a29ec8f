"""The server of both APIs: its address, its settings, its log, its clock, its end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest
import requests
from dotenv import dotenv_values

from sandbox.server import Sandbox, write_settings

DEALS = "/crm/objects/2026-03/deals"
SEARCH = {"after": "", "filterGroups": [], "limit": 10, "properties": [], "sorts": []}


@pytest.fixture
def sandbox(empty_store):
    """Both APIs over the empty store."""
    with Sandbox(empty_store) as running:
        yield running


def ask(sandbox, method, path, **options):
    """One request to HubSpot's API, with the account's token."""
    headers = {"Authorization": f"Bearer {sandbox.env['HUBSPOT_ACCESS_TOKEN']}"}
    return requests.request(method, sandbox.url + path, headers=headers, timeout=10, **options)


def test_the_settings_reach_shopify(sandbox):
    """The client of the settings gets a token and, with it, the shop's name."""
    env = sandbox.env
    token = requests.post(
        env["SHOPIFY_API_URL"] + "/admin/oauth/access_token",
        data={
            "grant_type": "client_credentials",
            "client_id": env["SHOPIFY_CLIENT_ID"],
            "client_secret": env["SHOPIFY_CLIENT_SECRET"],
        },
        timeout=10,
    ).json()["access_token"]
    answer = requests.post(
        f"{env['SHOPIFY_API_URL']}/admin/api/{env['SHOPIFY_API_VERSION']}/graphql.json",
        json={"query": "{ shop { myshopifyDomain } }"},
        headers={"X-Shopify-Access-Token": token},
        timeout=10,
    ).json()

    assert answer["data"]["shop"]["myshopifyDomain"] == env["SHOPIFY_SHOP"]


def test_the_settings_reach_hubspot(sandbox):
    """The token of the settings is the account's."""
    assert ask(sandbox, "GET", DEALS).status_code == 200


def test_the_account_has_the_shops_currencies_first(sandbox):
    """The shop's currency is the company's; the presentment ones follow, each once."""
    assert sandbox.account.currencies == ["GBP", "EUR"]


def test_the_log_tells_reads_from_writes(sandbox):
    """Listing, reading and searching are not writes; creating is one."""
    ask(sandbox, "GET", DEALS)
    for path, body in (
        (
            "/batch/read",
            {"inputs": [{"id": "1"}], "properties": [], "propertiesWithHistory": []},
        ),
        ("/search", SEARCH),
        ("", {"properties": {}, "associations": []}),
    ):
        ask(sandbox, "POST", DEALS + path, json=body)

    logged = requests.get(sandbox.url + "/_sandbox/requests?api=hubspot", timeout=10).json()
    assert [entry["write"] for entry in logged] == [False, False, False, True]
    assert [entry["status"] for entry in logged] == [200, 207, 200, 201]


def test_the_log_can_be_forgotten(sandbox):
    """After DELETE nothing is logged, the sandbox's own requests included."""
    ask(sandbox, "GET", DEALS)
    requests.delete(sandbox.url + "/_sandbox/requests", timeout=10)

    assert requests.get(sandbox.url + "/_sandbox/requests", timeout=10).json() == []


def test_the_clock_stands_until_it_is_moved(sandbox):
    """Records are created at the store's _now, and later at the time that was set."""
    ask(sandbox, "POST", DEALS, json={"properties": {"dealname": "Before"}, "associations": []})
    later = {"now": "2026-12-24T18:00:00+01:00"}
    requests.post(sandbox.url + "/_sandbox/clock", json=later, timeout=10)
    ask(sandbox, "POST", DEALS, json={"properties": {"dealname": "After"}, "associations": []})

    assert [deal["createdAt"] for deal in sandbox.account.objects("deals")] == [
        "2026-11-23T00:00:00.000Z",
        "2026-12-24T17:00:00.000Z",
    ]


def test_what_hubspot_holds_can_be_read_over_http(sandbox):
    """A test in another process sees the records with all their values."""
    ask(sandbox, "POST", DEALS, json={"properties": {"dealname": "D"}, "associations": []})

    url = sandbox.url + "/_sandbox/hubspot/objects/deals"
    (deal,) = requests.get(url, timeout=10).json()
    assert deal["properties"]["dealname"] == "D"


@pytest.mark.parametrize(
    "path",
    [
        "/_sandbox/requests?api=hubspt",
        "/_sandbox/hubspot/associations?from=deels",
        "/_sandbox/hubspot/objects/deels",
    ],
)
def test_a_misspelt_question_has_no_empty_answer(sandbox, path):
    """What the sandbox does not have is refused: an empty list would look like proof."""
    answer = requests.get(sandbox.url + path, timeout=10)

    assert answer.status_code in (400, 404)
    assert path.rpartition("=")[2].rpartition("/")[2] in answer.json()["message"]


def test_associations_are_asked_for_by_any_name_of_an_object(sandbox):
    """deal and deals are one object type, as in HubSpot's paths."""
    deal, contact = (
        ask(
            sandbox,
            "POST",
            f"/crm/objects/2026-03/{name}",
            json={"properties": values, "associations": []},
        )
        for name, values in (("deals", {"dealname": "D"}), ("contacts", {"lastname": "L"}))
    )
    ends = {"from": {"id": deal.json()["id"]}, "to": {"id": contact.json()["id"]}}
    path = "/crm/associations/2026-03/deals/contacts/batch/associate/default"
    ask(sandbox, "POST", path, json={"inputs": [ends]})

    url = sandbox.url + "/_sandbox/hubspot/associations?from=deal&to=contact"
    assert [link["type_id"] for link in requests.get(url, timeout=10).json()] == [3]


def test_limits_can_be_set(empty_store):
    """A narrower limit is the account's."""
    with Sandbox(empty_store, hubspot_rate=1) as narrow:
        statuses = [ask(narrow, "GET", DEALS).status_code for _ in range(2)]

    assert statuses == [200, 429]


def test_hubspots_latency_and_writers_can_be_set(empty_store):
    """They are the account's, and its control route shows them."""
    with Sandbox(empty_store, hubspot_latency=0.25, hubspot_most_writers=3) as slow:
        shown = requests.get(f"{slow.url}/_sandbox/hubspot/limits", timeout=10).json()

    assert (shown["latency"], shown["most_writers"]) == (0.25, 3)


def test_only_this_machine_can_reach_it(sandbox):
    """It listens at 127.0.0.1 alone: at the machine's other addresses nothing answers."""
    port, addresses = int(sandbox.url.rpartition(":")[2]), {"127.0.0.2"}
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; says which address would
        addresses.add(probe.getsockname()[0])

    for address in addresses:
        with socket.socket() as client:
            client.settimeout(5)
            assert client.connect_ex((address, port)) != 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "page.example"},
        {"Host": "page.example:8765"},
        {"Origin": "https://page.example"},
        {"Origin": "null"},
    ],
)
def test_pages_in_a_browser_are_refused(sandbox, headers):
    """A page can neither read the store under a name of its own nor give orders."""
    path = f"{sandbox.url}/_sandbox/hubspot/objects/contacts"

    assert requests.get(path, headers=headers, timeout=10).status_code == 403
    assert requests.post(path, json={}, headers=headers, timeout=10).status_code == 403


def test_a_taken_port_is_named(empty_store, sandbox):
    """Starting on a port in use says which, and what to do."""
    port = int(sandbox.url.rpartition(":")[2])

    with (
        pytest.raises(OSError, match=f"port {port} is in use.*--port 0"),
        Sandbox(empty_store, port=port),
    ):
        pass


def test_without_a_port_a_free_one_is_taken_if_need_be(empty_store):
    """Two sandboxes that were told no port listen on two, the usual one among them or taken."""
    with Sandbox(empty_store, port=None) as one, Sandbox(empty_store, port=None) as two:
        assert one.url != two.url
        for each in (one, two):
            requests.get(f"{each.url}/_sandbox/requests", timeout=10).raise_for_status()


@pytest.mark.parametrize(
    "name", ["plain", "of two words", "O'Hara", 'the "best"', "a #1", "$HOME", "back\\slash'"]
)
def test_settings_hold_any_folder(tmp_path, name):
    """What is written is what is read, whatever the warehouse's folder is called."""
    path = str(tmp_path / name / "s.duckdb")

    write_settings(tmp_path / "s.env", {"CARTWHEEL_WAREHOUSE": path, "SHOPIFY_SHOP": "a"})

    read = dotenv_values(tmp_path / "s.env", interpolate=False)
    assert read == {"CARTWHEEL_WAREHOUSE": path, "SHOPIFY_SHOP": "a"}


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_serve_writes_settings_that_work_and_ends_cleanly(empty_store, tmp_path, end):
    """The env file is the owner's alone and reaches the server; a signal ends it with 0."""
    env_file = tmp_path / "sandbox.env"
    (tmp_path / "shop").mkdir()
    code = (
        "import sys; from pathlib import Path; from sandbox.server import serve;"
        "serve(Path(sys.argv[1]), write_env=Path(sys.argv[2]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(empty_store), f"{tmp_path}/shop/../sandbox.env"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        give_up = time.monotonic() + 30
        while not env_file.exists() and time.monotonic() < give_up:
            time.sleep(0.02)
        env = dotenv_values(env_file)
        answer = requests.get(
            f"{env['HUBSPOT_API_URL']}/crm/objects/{env['HUBSPOT_API_VERSION']}/deals",
            headers={"Authorization": f"Bearer {env['HUBSPOT_ACCESS_TOKEN']}"},
            timeout=10,
        )
        assert answer.status_code == 200
        assert env["CARTWHEEL_NOW"] == "2026-11-23T00:00:00Z"
        assert env["CARTWHEEL_WAREHOUSE"] == str(tmp_path / "sandbox.duckdb")
        assert env_file.stat().st_mode & 0o777 == 0o600
    finally:
        process.send_signal(end)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert env["SHOPIFY_API_URL"] in said
    with socket.socket() as probe:
        port = int(env["SHOPIFY_API_URL"].rpartition(":")[2])
        assert probe.connect_ex(("127.0.0.1", port)) != 0
