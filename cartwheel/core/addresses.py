"""Addresses that HTTP may go to: https anywhere, plain http on this machine alone."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from cartwheel.core.errors import SettingsError

_PRINTABLE = re.compile(r"[!-\[\]-~]+")  # ASCII without blanks and the backslash
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?")
_BRACKETED = re.compile(r"[0-9a-f:.]+")


def api_address(name: str, text: str) -> str:
    """The address of an API as a setting says it, without a slash at its end.

    Raises SettingsError, naming the setting and no part of what may be secret.
    """
    problem = problem_of(text)
    if problem is None and ("?" in text or "#" in text):
        problem = "it contains a ? or a #, which the address of an API must not"
    if problem:
        raise SettingsError(
            f"{name} is not a valid address: {problem}. Write it like "
            "https://name.example, or http://127.0.0.1:8765 for a sandbox on this machine."
        )
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def problem_of(url: object) -> str | None:
    """Why nothing may be sent to an address, as a clause; None if it is allowed."""
    if not isinstance(url, str) or not _PRINTABLE.fullmatch(url):
        return "it contains a space, a backslash or a non-ASCII character"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "it is not written like https://name.example"
    if parts.scheme not in ("http", "https"):
        return "it does not begin with https://"
    if "@" in parts.netloc:
        return "it contains a user name or a password before an @"
    if not host:
        return "it names no host"
    # another library may read as part of the host what urlsplit overlooks
    if parts.netloc.lower() != _netloc(host, port) or not _is_host(host):
        return "its host is not a name, an IP address or one of them with a port"
    if parts.scheme == "http" and not is_loopback(host):
        return (
            "it is plain http, which others can read in transit; only https is accepted, "
            "except for this machine"
        )
    return None


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, judged by its spelling and not by DNS."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_of(url: str) -> str:
    """The host of an address, with its port if it has one, for messages; "" if it has none."""
    try:
        parts = urlsplit(url)
        return _netloc(parts.hostname or "", parts.port)
    except ValueError:
        return ""


def _netloc(host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _is_host(host: str) -> bool:
    if ":" in host:
        return bool(_BRACKETED.fullmatch(host)) and _is_ip(host)
    return bool(_NAME.fullmatch(host))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
