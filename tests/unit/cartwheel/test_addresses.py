"""Addresses and secrets are checked where they are read."""

from __future__ import annotations

import pytest

from cartwheel.core.addresses import problem_of
from cartwheel.core.errors import SettingsError
from cartwheel.core.settings import Settings

SETTINGS = ("SHOPIFY_API_URL", "HUBSPOT_API_URL")
SECRETS = (
    "SHOPIFY_CLIENT_ID",
    "SHOPIFY_CLIENT_SECRET",
    "SHOPIFY_ACCESS_TOKEN",
    "HUBSPOT_ACCESS_TOKEN",
)
RIGHT = [
    ("https://a.example", "https://a.example"),
    ("https://A.Example:8443/", "https://a.example:8443"),
    ("HTTPS://a.example/gate/", "https://a.example/gate"),
    ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
    ("http://127.9.9.9", "http://127.9.9.9"),
    ("http://localhost:1/", "http://localhost:1"),
    ("http://[::1]:8765", "http://[::1]:8765"),
    ("https://10.0.0.7", "https://10.0.0.7"),
]
WRONG = [
    "http://a.example",
    "http://10.0.0.7",
    "http://localhost.example",
    "http://127.1",
    "http://2130706433",
    "http://[::2]",
    "http://0.0.0.0:8765",
    "a.example",
    "//a.example",
    "ftp://a.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///path",
    "https://:443",
    "https://a.example:",
    "https://a.example:0x1",
    "https://a.example:99999",
    "https://[::1",
    "https://[::1]x",
    "https://[nonsense]",
    "https://a..example",
    "https://-a.example",
    "https://" + "a" * 64,
    "https://a_b.example/\\@c.example",
    "https://hidden@a.example",
    "https://anna:hidden@127.0.0.1",
    "https://a.example/a b",
    "https://a.example/\x00",
    "https://ä.example",
]


@pytest.fixture
def read(tmp_path):
    """Reads settings from these variables alone."""
    (tmp_path / "a.env").write_text("")
    return lambda **environ: Settings.read(tmp_path / "a.env", environ=environ)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(("text", "address"), RIGHT)
def test_an_address_is_read(read, name, text, address):
    """https anywhere and http on this machine are taken, without a slash at the end."""
    assert getattr(read(**{name: text}), name.lower()) == address


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(
    "text", [*WRONG, "https://a.example?x=hidden", "https://a.example/#hidden"]
)
def test_an_address_that_data_may_not_go_to_is_refused(read, name, text):
    """Plain http to others, another scheme, a password or nonsense names the setting."""
    with pytest.raises(
        SettingsError, match=f"{name} is not a valid address: .* Write"
    ) as found:
        read(**{name: text})

    assert "hidden" not in str(found.value)


@pytest.mark.parametrize("text", ["http://a.example", "https://anna:hidden@a.example"])
def test_an_address_in_shops_toml_is_refused(tmp_path, text):
    """api_url of a store follows the same rule, and the store is named."""
    (tmp_path / "a.env").write_text("")
    (tmp_path / "shops.toml").write_text(
        f'[[shops]]\nshop = "uk.myshopify.com"\napi_url = "{text}"\n'
    )

    with pytest.raises(
        SettingsError, match=r"uk\.myshopify\.com: api_url is not a valid"
    ) as found:
        Settings.read(tmp_path / "a.env", environ={})

    assert "hidden" not in str(found.value)


@pytest.mark.parametrize("url", [*WRONG, None, 7, ["https://a.example"]])
def test_a_result_is_fetched_from_no_such_address(url):
    """What an API names as the address of a file follows the same rule."""
    assert problem_of(url)


def test_an_address_of_a_result_may_be_signed():
    """The query of a pre-signed address is part of it."""
    assert problem_of("https://storage.example/a%20b/c.jsonl?X-Signature=1%2F2&a=b") is None


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pat-hidden\nX-Other: 1", "a line break"),
        ("pat-hid\rden", "a line break"),
        ("pat-hid\x00den", "a control character"),
        ("Bearer pat-hidden", "a blank"),
        ("pat-hid\tden", "a blank"),
        ("pat-hidden\u200b", "a character that is not plain ASCII"),
        ("pat-hid\u2011den", "a character that is not plain ASCII"),
        ("“pat-hidden”", "a quotation mark"),
        ('"pat-hidden"', "a quotation mark"),
        ("'pat-hidden", "a quotation mark"),
    ],
)
def test_a_secret_that_no_header_can_hold_is_refused(read, name, text, said):
    """What was pasted with a token is named, and the token is not shown."""
    with pytest.raises(SettingsError, match=f"{name} contains {said}") as found:
        read(**{name: text})

    assert "hid" not in str(found.value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_line_break_at_the_end_of_a_secret_is_none(read, name):
    """The end of a pasted line is not part of the secret."""
    assert getattr(read(**{name: " pat-hidden\r\n"}), name.lower()) == "pat-hidden"


def test_a_secret_of_a_listed_store_is_checked(tmp_path):
    """Each store's own secrets follow the same rule, under their own names."""
    (tmp_path / "a.env").write_text("")
    (tmp_path / "shops.toml").write_text('[[shops]]\nshop = "uk.myshopify.com"\n')

    with pytest.raises(SettingsError, match="UK_SHOPIFY_ACCESS_TOKEN contains a blank"):
        Settings.read(tmp_path / "a.env", environ={"UK_SHOPIFY_ACCESS_TOKEN": "shpat a"})


@pytest.mark.parametrize("name", ["SHOPIFY_API_VERSION", "HUBSPOT_API_VERSION"])
@pytest.mark.parametrize("text", ["../../x", "2026-10/../..", "2026-10?x=1", "2026 10"])
def test_a_version_that_is_no_version_is_refused(read, name, text):
    """A version becomes a part of a path, and can be no other path."""
    with pytest.raises(SettingsError, match=f"{name} is .* not a valid version"):
        read(**{name: text})
