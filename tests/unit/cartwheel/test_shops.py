"""shops.toml: several stores, whose secrets stand elsewhere."""

from __future__ import annotations

import re

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.settings import Settings
from cartwheel.core.shops import ListedShop, read_shops

UK, DE = "uk-store.myshopify.com", "de-store.myshopify.com"
LISTED = f'[[shops]]\nshop = "{UK}"\nsecrets = "UK"\n\n[[shops]]\nshop = "{DE}"\n'


@pytest.fixture
def refused(tmp_path):
    """The message that refuses a shops.toml of this text."""

    def read(text):
        (tmp_path / "shops.toml").write_text(text)
        with pytest.raises(SettingsError) as refusal:
            read_shops(tmp_path / "shops.toml")
        return str(refusal.value)

    return read


@pytest.fixture
def settings(tmp_path):
    """Reads settings from these variables, with a shops.toml of two stores beside the file."""
    (tmp_path / "a.env").write_text("")
    (tmp_path / "shops.toml").write_text(LISTED)
    return lambda **environ: Settings.read(tmp_path / "a.env", environ=environ)


SECRETS = {
    "UK_SHOPIFY_CLIENT_ID": "uk-id",
    "UK_SHOPIFY_CLIENT_SECRET": "uk-secret",
    "DE_STORE_SHOPIFY_ACCESS_TOKEN": "de-token",
}


def test_a_store_is_read_with_its_own_words(tmp_path):
    """Every key is taken, and names lose their capitals."""
    (tmp_path / "shops.toml").write_text(
        '[[shops]]\nshop = "UK-Store.myshopify.com"\nsecrets = "UK"\n'
        'api_version = "2027-01"\napi_url = "http://127.0.0.1:8765/"\n'
    )

    assert read_shops(tmp_path / "shops.toml") == (
        ListedShop(UK, "UK", "2027-01", "http://127.0.0.1:8765"),
    )


def test_without_more_words_the_name_says_it_all(tmp_path):
    """The address and the beginning of the secrets' names come from the store's name."""
    (tmp_path / "shops.toml").write_text(f'[[shops]]\nshop = "{UK}"\n')

    assert read_shops(tmp_path / "shops.toml") == (
        ListedShop(UK, "UK_STORE", "", f"https://{UK}"),
    )


@pytest.mark.parametrize(
    ("key", "belongs"),
    [
        ("client_id", "UK_SHOPIFY_CLIENT_ID"),
        ("client_secret", "UK_SHOPIFY_CLIENT_SECRET"),
        ("SHOPIFY_CLIENT_SECRET", "UK_SHOPIFY_CLIENT_SECRET"),
        ("api_secret_key", "UK_SHOPIFY_CLIENT_SECRET"),
        ("access_token", "UK_SHOPIFY_ACCESS_TOKEN"),
        ("password", "UK_SHOPIFY_ACCESS_TOKEN"),
        ("hubspot_access_token", "HUBSPOT_ACCESS_TOKEN"),
    ],
)
def test_a_secret_in_the_file_is_refused(refused, key, belongs):
    """The message names the store, the key and where its value belongs, not the value."""
    message = refused(f'[[shops]]\nshop = "{UK}"\nsecrets = "UK"\n{key} = "0123456789abcdef"\n')

    assert f"{UK} contains a secret under {key!r}" in message
    assert f"put {belongs} into .env" in message
    assert "0123456789abcdef" not in message


@pytest.mark.parametrize("key", ["secrets", "api_url", "note"])
def test_a_secret_under_another_key_is_refused(refused, key):
    """A value that looks like Shopify's tokens is one, whatever its key."""
    message = refused(f'[[shops]]\nshop = "{UK}"\n{key} = "shpat_0123456789abcdef"\n')

    assert f"contains a secret under {key!r}" in message
    assert "0123456789abcdef" not in message


def test_a_secret_in_place_of_its_name_is_not_shown(refused):
    """What secrets says is no name, so it may be the secret: the message does not repeat it."""
    message = refused(f'[[shops]]\nshop = "{UK}"\nsecrets = "0123456789abcdef"\n')

    assert f'{UK}: write the prefix of the names of its secrets, like secrets = "UK"' in (
        message
    )
    assert "0123456789abcdef" not in message


def test_a_secret_outside_of_any_store_is_refused(refused):
    """A secret above the first store is named too."""
    message = refused(f'access_token = "0123456789abcdef"\n[[shops]]\nshop = "{UK}"\n')

    assert "put NAME_SHOPIFY_ACCESS_TOKEN into .env" in message
    assert "0123456789abcdef" not in message


def test_a_secret_belongs_into_the_file_that_is_read(tmp_path):
    """With --env, the message names that file."""
    (tmp_path / "a.env").write_text("")
    (tmp_path / "shops.toml").write_text('access_token = "0123456789abcdef"\n')

    with pytest.raises(SettingsError, match=rf"TOKEN into {tmp_path}/a\.env or the env"):
        Settings.read(tmp_path / "a.env", environ={})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[shops]]\nshop = "a.myshopify.com\n', "not valid TOML: .*line 2.*Fix that line"),
        (
            '[[shops]]\nshop = "a.myshopify.com"\napi_version = 2026-10\n',
            "not valid TOML: .*line 3",
        ),
        ("", r"lists no store\. Write each as \[\[shops\]\]"),
        ("shops = 3\n", "lists no store"),
        ('[shops]\nshop = "a.myshopify.com"\n', "lists no store.*two brackets"),
        ('shop = "a.myshopify.com"\n', r"'shop' outside of any store\. Write each store as"),
        ('[[shops]]\nsecrets = "A"\n', "Store 1: write the name .*which is missing"),
        ('[[shops]]\nshop = "www.a.example"\n', "Store 1: write the name .*www.a.example"),
        (
            '[[shops]]\nshop = "a.myshopify.com"\nversion = "x"\n',
            "a.myshopify.com has an unknown key 'version'; known: shop, secrets, api_version",
        ),
        (
            '[[shops]]\nshop = "a.myshopify.com"\napi_url = 8765\n',
            "a.myshopify.com: write the value of api_url in quotes",
        ),
        (
            '[[shops]]\nshop = "a.myshopify.com"\napi_url = "127.0.0.1:8765"\n',
            "a.myshopify.com: api_url is not a valid address",
        ),
        ('[[shops]]\nshop = "4a.myshopify.com"\n', '4a.myshopify.com: .*secrets = "UK"'),
        (LISTED + f'[[shops]]\nshop = "{UK.upper()}"\n', f"{UK} is listed 2 times"),
    ],
)
def test_what_is_written_wrongly_is_named(refused, text, said):
    """The message names the line or the store, and how to write it."""
    message = refused(text)

    assert "shops.toml" in message
    assert re.search(said, message), message


def test_all_that_is_wrong_is_named_at_once(refused):
    """Two stores that are written wrongly stand in one message."""
    message = refused(
        f'[[shops]]\nshop = "{UK}"\nversion = "x"\n[[shops]]\nshop = "b.example"\n'
    )

    assert "unknown key 'version'" in message
    assert "Store 2: write the name" in message


def test_each_store_has_its_own_secrets(settings):
    """The settings of a store hold what stands under its own names."""
    uk, de = settings(**SECRETS, CARTWHEEL_WAREHOUSE="w.duckdb").shops()

    assert (
        uk.shop,
        uk.shopify_client_id,
        uk.shopify_client_secret,
        uk.shopify_access_token,
    ) == (
        UK,
        "uk-id",
        "uk-secret",
        "",
    )
    assert (de.shop, de.shopify_client_id, de.shopify_access_token) == (DE, "", "de-token")
    assert uk.warehouse == de.warehouse


def test_messages_can_name_a_stores_own_settings(settings):
    """A store knows what its settings are called."""
    uk, de = settings(**SECRETS).shops()

    assert uk.secret_name("SHOPIFY_CLIENT_SECRET") == "UK_SHOPIFY_CLIENT_SECRET"
    assert de.secret_name("SHOPIFY_ACCESS_TOKEN") == "DE_STORE_SHOPIFY_ACCESS_TOKEN"


def test_stores_may_share_an_app(tmp_path, settings):
    """Stores of one organisation name the same secrets."""
    (tmp_path / "shops.toml").write_text(LISTED + 'secrets = "UK"\n')

    assert [each.shopify_client_id for each in settings(**SECRETS).shops()] == ["uk-id"] * 2


def test_all_secrets_that_are_missing_are_named_at_once(settings):
    """One message lists what every store lacks."""
    with pytest.raises(
        SettingsError,
        match=r"UK_SHOPIFY_CLIENT_SECRET.*DE_STORE_SHOPIFY_CLIENT_ID.*DE_STORE_SHOPIFY_CLIENT_SE",
    ):
        settings(UK_SHOPIFY_CLIENT_ID="uk-id").shops()


def test_a_picked_store_needs_its_own_secrets_alone(settings):
    """What another store lacks does not stop the one that is picked."""
    (uk,) = settings(UK_SHOPIFY_ACCESS_TOKEN="t").shops("uk-store")

    assert uk.shop == UK


def test_shopify_shop_picks_one(settings):
    """With both, SHOPIFY_SHOP says which of the listed stores is read."""
    assert [each.shop for each in settings(**SECRETS, SHOPIFY_SHOP=DE).shops()] == [DE]


def test_the_option_wins_over_shopify_shop(settings):
    """What is typed counts more than what is set."""
    assert [each.shop for each in settings(**SECRETS, SHOPIFY_SHOP=DE).shops(UK)] == [UK]


def test_shopify_shop_must_be_listed(settings):
    """A SHOPIFY_SHOP that the list lacks is an error, not another list of one."""
    with pytest.raises(SettingsError, match=r"does not list x\.myshopify.*SHOPIFY_SHOP picks"):
        settings(**SECRETS, SHOPIFY_SHOP="x.myshopify.com").shops()


def test_one_address_for_all_is_refused(settings):
    """SHOPIFY_API_URL would send every store's token to one address."""
    with pytest.raises(SettingsError, match="write api_url below the store"):
        settings(**SECRETS, SHOPIFY_API_URL="http://127.0.0.1:8765").shops()


def test_the_version_is_for_all_that_name_none(tmp_path, settings):
    """SHOPIFY_API_VERSION holds for a store that says nothing else."""
    (tmp_path / "shops.toml").write_text(LISTED + 'api_version = "2027-01"\n')

    shops = settings(**SECRETS, SHOPIFY_API_VERSION="2026-07").shops()
    assert [each.shopify_api_version for each in shops] == ["2026-07", "2027-01"]


def test_the_list_may_stand_elsewhere(tmp_path, settings):
    """CARTWHEEL_SHOPS names the file; the one beside the settings is then not read."""
    (tmp_path / "other.toml").write_text(f'[[shops]]\nshop = "{UK}"\n')

    read = settings(
        CARTWHEEL_SHOPS=str(tmp_path / "other.toml"), UK_STORE_SHOPIFY_ACCESS_TOKEN="t"
    )
    assert [each.shop for each in read.shops()] == [UK]


def test_a_list_that_is_named_must_exist(settings):
    """A CARTWHEEL_SHOPS that is not there is an error."""
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read: .*CARTWHEEL_SHOPS"):
        settings(CARTWHEEL_SHOPS="none.toml")


def test_without_a_list_there_is_one_store(tmp_path):
    """SHOPIFY_SHOP alone works as it always has, and --shop may name it."""
    (tmp_path / "a.env").write_text(f"SHOPIFY_SHOP={UK}\nSHOPIFY_ACCESS_TOKEN=t\n")
    settings = Settings.read(tmp_path / "a.env", environ={})

    assert settings.shops() == settings.shops("uk-store") == (settings,)
    with pytest.raises(SettingsError, match="There is no list of stores"):
        settings.shops("de-store")


def test_the_stores_secrets_are_not_in_the_repr(settings):
    """Printing the settings shows no secret of any store."""
    read = settings(**SECRETS)

    assert "uk-secret" not in repr(read) + repr(read.shops())
    assert "de-token" not in repr(read) + repr(read.shops())
