"""A store's name is read in one place, whichever way it came in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import SettingsError
from cartwheel.core.settings import Settings
from cartwheel.core.shop_name import shop_name
from extract.replay import replay
from extract.run import extract

NAME = "corner-shop.myshopify.com"


@pytest.mark.parametrize(
    "written",
    [
        "corner-shop",
        "Corner-Shop",
        NAME,
        "CORNER-SHOP.MYSHOPIFY.COM",
        f"  {NAME}\n",
        f"https://{NAME}",
        f"https://{NAME}/",
        f"http://{NAME}/admin/orders?status=open#top",
        f"https://{NAME}:443/",
        f"{NAME}/admin",
        "https://admin.shopify.com/store/corner-shop",
        "https://admin.shopify.com/store/Corner-Shop/orders?query=1",
        "admin.shopify.com/store/corner-shop/",
    ],
)
def test_a_name_is_read_as_people_paste_it(written):
    """Short names, whole names and pasted addresses give the same name."""
    assert shop_name(written, "SHOPIFY_SHOP") == NAME


REFUSED = [
    "../../x",
    "..",
    "/etc",
    "corner shop",
    "corner_shop",
    "-corner",
    "a/../../x",
    "www.example.com",
    "https://www.example.com/corner-shop.myshopify.com",
    "corner-shop.myshopify.com.evil.example",
    "evil.example/corner-shop.myshopify.com",
    "corner.shop.myshopify.com",
    ".myshopify.com",
    f"https://someone@{NAME}/",
    f"https://{NAME}:8443/",
    f"ftp://{NAME}/",
    "https://admin.shopify.com/",
    "https://admin.shopify.com/store/../x",
    "https://admin.shopify.com/organization/1",
    "https://[::1/",
    "corner\x00shop",
    "kelvin\N{KELVIN SIGN}",
    "x" * 200,
    "x'; drop table raw.orders; --",
]


@pytest.mark.parametrize("written", REFUSED)
def test_anything_else_is_refused_with_what_to_write(written):
    """The message names the setting and says how the name is written."""
    with pytest.raises(SettingsError, match=r"SHOPIFY_SHOP.*SHOPIFY_SHOP=name\.myshopify"):
        shop_name(written, "SHOPIFY_SHOP")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project's folder two levels down, with somebody's own folder x above it."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "precious").write_text("mine")
    below = tmp_path / "project" / "w.duckdb.spool"
    below.mkdir(parents=True)
    monkeypatch.chdir(below.parent)
    monkeypatch.setenv("CARTWHEEL_WAREHOUSE", str(below.parent / "w.duckdb"))
    monkeypatch.setenv("SHOPIFY_ACCESS_TOKEN", "t")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract"],
        ["extract", "--shop", "../../x"],
        ["extract", "--from-jsonl", "lines.jsonl"],
        ["extract", "--from-jsonl", "lines.jsonl", "--shop", "../../x"],
        ["sync"],
        ["sync", "--shop", "../../x", "--dry-run"],
        ["status"],
    ],
    ids=" ".join,
)
def test_a_path_for_a_name_touches_no_file(folder, arguments):
    """../../x is refused by every command before anything is opened, made or deleted."""
    (folder / "project" / "lines.jsonl").write_text('{"id":"gid://shopify/Customer/1"}\n')
    before = sorted(folder.rglob("*"))
    env = {"SHOPIFY_SHOP": "a"} if "--shop" in arguments else {"SHOPIFY_SHOP": "../../x"}

    done = CliRunner(env=env).invoke(main, arguments)

    assert done.exit_code != 0
    assert "'../../x', which is not a valid name of a store" in done.output
    assert sorted(folder.rglob("*")) == before


def test_no_settings_hold_anything_but_a_name(tmp_path):
    """Settings that a program makes by itself are held to the same rule."""
    settings = Settings(warehouse=tmp_path / "w.duckdb", shop=NAME, shopify_access_token="t")

    for step in (extract, lambda changed: replay(changed, [])):
        with pytest.raises(SettingsError, match="not a valid name"):
            step(replace(settings, shop="../../x"))

    assert list(tmp_path.iterdir()) == []


def test_a_list_takes_pasted_addresses_too(tmp_path):
    """shops.toml names a store as SHOPIFY_SHOP may: the same store, the same secrets."""
    (tmp_path / "a.env").write_text("CORNER_SHOP_SHOPIFY_ACCESS_TOKEN=t\n")
    (tmp_path / "shops.toml").write_text(f'[[shops]]\nshop = "https://{NAME}/admin"\n')

    [listed] = Settings.read(tmp_path / "a.env", environ={}).shops("Corner-Shop")

    assert (listed.shop, listed.shopify_access_token) == (NAME, "t")
