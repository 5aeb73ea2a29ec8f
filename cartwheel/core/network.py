"""The network settings of the environment: proxies and certificates, and nothing more.

requests would also send the passwords of ~/.netrc, and this machine's own addresses by way
of the proxy; so its sessions read no environment, and what they need is read here.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from cartwheel.core.addresses import host_of, is_loopback
from cartwheel.core.errors import SettingsError

# the first that is set counts; OpenSSL, too, overlooks its own where they name nothing
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_OF_OPENSSL = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def proxies_for(url: str) -> dict[str, str]:
    """The proxies for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.

    None for this machine's own addresses. Raises SettingsError for a proxy that cannot be
    used, unseen, since it may hold a password.
    """
    if is_loopback(urlsplit(url).hostname or ""):
        return {}
    proxies = dict(get_environ_proxies(url))
    proxy = select_proxy(url, proxies)
    if proxy and not _is_usable(proxy):
        raise SettingsError(
            f"{_variable(url, proxies, proxy)} is not a valid address of an HTTP proxy. Write "
            "it like http://proxy.example:3128, or unset it."
        )
    return proxies


def proxy_named(url: str, proxies: dict[str, str]) -> str:
    """How a message calls the proxy that an address is asked by; "" where there is none."""
    proxy = select_proxy(url, proxies)
    if not proxy:
        return ""
    return f"{host_of(_whole(proxy))} of {_variable(url, proxies, proxy)}"


def _variable(url: str, proxies: dict[str, str], proxy: str) -> str:
    """The variable that names a proxy."""
    schemes = (urlsplit(url).scheme, "all")
    found = (f"{name.upper()}_PROXY" for name in schemes if proxies.get(name) == proxy)
    return next(found, "the system's proxy")


def _is_usable(proxy: str) -> bool:
    try:
        parts = urlsplit(_whole(proxy))
        return parts.scheme in ("http", "https") and bool(parts.hostname and parts.port != 0)
    except ValueError:
        return False


def _whole(proxy: str) -> str:
    """A proxy's address, whose http:// may have been left out."""
    return proxy if "://" in proxy else f"http://{proxy}"


def trusted_certificates() -> str | bool:
    """The file or folder of certificates to trust, or True for those that requests brings.

    Raises SettingsError if REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names nothing.
    """
    for name in (*_BUNDLES, *_OF_OPENSSL):
        text = os.environ.get(name, "")
        if text and Path(text).exists():
            return text
        if text and name in _BUNDLES:
            raise SettingsError(
                f"{name} is {text!r}, and there is no such file. Set it to your company's "
                "certificate bundle, or unset it."
            )
    return True
