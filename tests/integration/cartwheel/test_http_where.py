"""Where requests go: to the address that was given, and nowhere else."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import ServiceError, SettingsError
from cartwheel.core.http import Http
from tests.integration.cartwheel.servers import Proxy, Server, serving, with_tls

VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC"),
)


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch):
    """A home and a network of the test's own."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def server():
    """A server that answers 200."""
    with serving(Server()) as running:
        yield running


@pytest.fixture
def shop(tmp_path):
    """shop.example over TLS on this machine; .trusted is the file of its certificate."""
    server = Server()
    server.trusted = with_tls(server, tmp_path, "shop.example")
    with serving(server) as running:
        yield running


@pytest.fixture
def proxy(shop):
    """A proxy by which shop.example can be reached."""
    with serving(Proxy(shop.port)) as running:
        yield running


def ask(address: str) -> int:
    """The status of a request that is tried once."""
    return Http("Shopify", address, attempts=1).send("GET", "/").status_code


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer ours"}])
def test_no_password_of_netrc_is_sent(server, tmp_path, headers):
    """A .netrc neither adds an Authorization header nor takes the place of ours."""
    (tmp_path / ".netrc").write_text("default login anna password hidden\n")
    (tmp_path / ".netrc").chmod(0o600)

    Http("HubSpot", server.url, headers=headers).send("GET", "/")

    assert server.seen[0].headers.get("Authorization") == headers.get("Authorization")


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_company_has_its_own_proxy_and_certificates(shop, proxy, monkeypatch, name):
    """HTTPS_PROXY and a bundle of certificates are honoured."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv(name, str(shop.trusted))

    assert ask("https://shop.example") == 200
    assert proxy.asked == ["shop.example:443"]


def test_a_proxy_without_a_trusted_certificate_reads_nothing(shop, proxy, monkeypatch):
    """What a proxy leads to must prove who it is: no request goes to an unknown one."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)

    with pytest.raises(ServiceError, match="certificate"):
        ask("https://shop.example")

    assert shop.seen == []


def test_no_proxy_is_honoured(proxy, monkeypatch):
    """A host of NO_PROXY is not asked for by way of the proxy."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "shop.invalid")

    with pytest.raises(ServiceError):
        ask("https://shop.invalid")

    assert proxy.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_loopback_goes_past_any_proxy(server, proxy, monkeypatch, name, host):
    """What listens on this machine is asked directly, whatever the environment says."""
    monkeypatch.setenv(name, proxy.url)

    assert ask(f"http://{host}:{server.port}") == 200
    assert proxy.asked == []


def test_a_bundle_that_is_not_there_is_named(monkeypatch, tmp_path):
    """A file of certificates that does not exist is an error that names its variable."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))

    with pytest.raises(SettingsError, match=r"REQUESTS_CA_BUNDLE.*gone\.pem"):
        ask("https://shop.invalid")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server, method, status):
    """A redirect is an error that names the host it points to, and nothing is sent there."""
    where = f"{server.url}/taken?token=unsaid"
    with (
        serving(Server(status, Location=where)) as api,
        pytest.raises(
            ServiceError, match=rf"HTTP {status}.*127\.0\.0\.1:{server.port}"
        ) as found,
    ):
        Http("HubSpot", api.url, setting="HUBSPOT_API_URL").send(method, "/", json={"a": 1})

    assert (len(api.seen), server.seen) == (1, [])
    assert "HUBSPOT_API_URL" in str(found.value)
    assert "unsaid" not in str(found.value)


def test_a_redirect_to_nowhere_is_an_error_too():
    """A 3xx without an address, or with nonsense for one, is a sentence."""
    for headers in ({}, {"Location": "http://["}):
        with (
            serving(Server(304, **headers)) as api,
            pytest.raises(ServiceError, match="HTTP 304"),
        ):
            Http("Shopify", api.url).send("GET", "/")


@pytest.mark.parametrize(
    "path", ["@other.example/", ".other.example/", "https://other.example/"]
)
def test_a_path_cannot_lead_to_another_host(server, path):
    """What follows the address begins with a slash, so that the host stays what it is."""
    with pytest.raises(ValueError, match="path"):
        Http("Shopify", server.url).send("GET", path)
