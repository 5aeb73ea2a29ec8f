"""Shopify clients that others wrote read a generated store from the sandbox.

Each runs in an environment of its own, `make peers` makes both. Nothing of theirs is part of
this project.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from sandbox.generator import generate
from sandbox.server import Sandbox

HERE = Path(__file__).parent
LONGEST = 300
BEFORE_THE_STORE = "2024-01-01T00:00:00Z"


def interpreter(variable, package):
    """The Python that a client is installed in; the test is skipped where there is none."""
    found = os.environ.get(variable)
    if not found:
        pytest.skip(f"{package} is not installed; install it and run this with: make peers")
    return Path(found).absolute()


@pytest.fixture(scope="session")
def tap_python():
    """The Python of tap-shopify."""
    return interpreter("TAP_SHOPIFY_PYTHON", "tap-shopify")


@pytest.fixture(scope="session")
def airbyte_python():
    """The Python of airbyte-source-shopify."""
    return interpreter("AIRBYTE_SHOPIFY_PYTHON", "airbyte-source-shopify")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store of 300 orders."""
    made = tmp_path_factory.mktemp("peers") / "store"
    generate(made, orders=300, seed=3)
    return made


@pytest.fixture
def sandbox(folder):
    """The store, served; its clock shows the machine's time, which is the clients' own."""
    with Sandbox(folder) as served:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        requests.post(
            f"{served.url}/_sandbox/clock", json={"now": now}, timeout=10
        ).raise_for_status()
        yield served


def stored(folder, resource):
    """The nodes of a store folder by id."""
    lines = (folder / f"{resource}.jsonl").read_text().splitlines()
    return {node["id"]: node for node in map(json.loads, lines)}


def run(python, runner, sandbox, cwd, *arguments):
    """Run a client to its end; give what it wrote to its output, which must be JSON lines."""
    done = subprocess.run(
        [python, HERE / runner, sandbox.url, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, (done.stderr + done.stdout)[-2000:]
    return done.stdout


def written(folder, name, content):
    """A file with this content as JSON."""
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def moment(text):
    """A time in whatever ISO 8601 form a client writes it."""
    return datetime.fromisoformat(text)


def once(found):
    """Give what was found by id; no id may be there twice."""
    by_id = dict(found)
    assert len(by_id) == len(found)
    return by_id


def test_tap_shopify_reads_every_customer(tap_python, folder, sandbox, tmp_path):
    """tap-shopify gets each customer once, from a version that has fallen forward."""
    config = {
        "shop": "127",
        "client_id": sandbox.env["SHOPIFY_CLIENT_ID"],
        "client_secret": sandbox.env["SHOPIFY_CLIENT_SECRET"],
        "start_date": BEFORE_THE_STORE,
        "date_window_size": 400,
        "results_per_page": 50,
    }
    base = ["--config", written(tmp_path, "config.json", config)]
    tap = (tap_python, "run_tap_shopify.py", sandbox, tmp_path)
    catalog = json.loads(run(*tap, *base, "--discover"))
    for stream in catalog["streams"]:
        for part in stream["metadata"]:
            part["metadata"]["selected"] = stream["stream"] == "customers"
    picked = written(tmp_path, "catalog.json", catalog)

    output = run(*tap, *base, "--catalog", picked)

    messages = map(json.loads, output.splitlines())
    records = [message["record"] for message in messages if message["type"] == "RECORD"]
    assert once(
        [
            (
                record["id"],
                (
                    record["email"],
                    record["phone"],
                    moment(record["updatedAt"]),
                    record["numberOfOrders"],
                    [address["id"] for address in record["addresses"]],
                ),
            )
            for record in records
        ]
    ) == {
        gid: (
            (node["defaultEmailAddress"] or {}).get("emailAddress"),
            (node["defaultPhoneNumber"] or {}).get("phoneNumber"),
            moment(node["updatedAt"]),
            node["numberOfOrders"],
            [address["id"] for address in node["addressesV2"]["nodes"]],
        )
        for gid, node in stored(folder, "customers").items()
    }
    asked = {entry["path"] for entry in sandbox.log.entries("shopify")}
    assert "/admin/api/2025-07/graphql.json" in asked


def test_airbyte_source_shopify_reads_every_product(airbyte_python, folder, sandbox, tmp_path):
    """airbyte-source-shopify gets each product once, with its variants and its images."""
    grant = requests.post(
        f"{sandbox.url}/admin/oauth/access_token",
        data={
            "grant_type": "client_credentials",
            "client_id": sandbox.env["SHOPIFY_CLIENT_ID"],
            "client_secret": sandbox.env["SHOPIFY_CLIENT_SECRET"],
        },
        timeout=10,
    )
    config = {
        "shop": sandbox.env["SHOPIFY_SHOP"].removesuffix(".myshopify.com"),
        "start_date": BEFORE_THE_STORE[:10],
        "credentials": {
            "auth_method": "api_password",
            "api_password": grant.json()["access_token"],
        },
        "bulk_window_in_days": 400,
    }
    stream = {
        "stream": {
            "name": "products",
            "json_schema": {},
            "supported_sync_modes": ["full_refresh", "incremental"],
        },
        "sync_mode": "full_refresh",
        "destination_sync_mode": "overwrite",
    }
    arguments = [
        "--config",
        written(tmp_path, "config.json", config),
        "--catalog",
        written(tmp_path, "catalog.json", {"streams": [stream]}),
    ]

    source = (airbyte_python, "run_airbyte_source.py", sandbox, tmp_path)
    output = run(*source, "read", *arguments)

    messages = map(json.loads, output.splitlines())
    records = [each["record"]["data"] for each in messages if each["type"] == "RECORD"]
    assert once(
        [
            (
                record["admin_graphql_api_id"],
                (
                    record["title"],
                    moment(record["updated_at"]),
                    record["total_variants"],
                    [variant["id"] for variant in record["variants"]],
                    [image["id"] for image in record["images"]],
                ),
            )
            for record in records
        ]
    ) == {
        gid: (
            node["title"],
            moment(node["updatedAt"]),
            len(node["variants"]["nodes"]),
            [int(variant["legacyResourceId"]) for variant in node["variants"]["nodes"]],
            [
                int(medium["image"]["id"].rpartition("/")[2])
                for medium in node["media"]["nodes"]
                if "image" in medium
            ],
        )
        for gid, node in stored(folder, "products").items()
    }
