"""Why a request got no answer, in words that a user can act on."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import requests
from urllib3 import exceptions as urllib3

NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
SERVICE = "Check the network and the service's status page"

Kind = TypeVar("Kind", bound=BaseException)


@dataclass(frozen=True)
class Cause:
    """What went wrong and what to do; is_final where no further attempt can help."""

    what: str
    fix: str
    is_final: bool = False


@dataclass(frozen=True)
class Peer:
    """Whom a request was meant for: host and port, the setting that holds the address, the
    seconds that each step may take, and the proxy in between ("" for none)."""

    host: str
    setting: str
    connect_timeout: float
    read_timeout: float
    proxy: str = ""


def cause_of(error: Exception, peer: Peer) -> Cause:
    """The cause behind an error of requests.

    Holds neither what was sent nor what the libraries say, which may hold addresses.
    """
    chain = list(_chain(error))
    if peer.proxy and _first(chain, requests.exceptions.ProxyError, urllib3.ProxyError):
        return _of_proxy(chain, peer)
    return _of_connection(chain, peer, peer.host)


def _of_connection(chain: list[BaseException], peer: Peer, host: str) -> Cause:
    """The cause on the way to a host, which may be the proxy's."""
    address = f"Check {peer.setting or 'its address'}"
    network = f"{address} and the network of this machine"
    untrusted = _first(chain, ssl.SSLCertVerificationError)
    if untrusted is not None:
        return Cause(
            f"the certificate of {_name(host)} is not trusted: {untrusted.verify_message}",
            f"{address} and this machine's clock; if your company's network inspects TLS, "
            "set REQUESTS_CA_BUNDLE to its certificates",
            is_final=True,
        )
    tls = _first(chain, ssl.SSLError)
    if tls is not None:
        reason = tls.reason or "it ended"
        return Cause(f"the TLS handshake with {host} failed ({reason})", network)
    if _first(chain, socket.gaierror):
        return Cause(f"the name {_name(host)} was not found (DNS)", network)
    impossible = (requests.exceptions.InvalidURL, urllib3.LocationValueError, UnicodeError)
    if _first(chain, *impossible):
        return Cause(f"{_name(host)} is not a valid host name", address, True)
    if _first(chain, ConnectionRefusedError):
        return Cause(
            f"nothing listens at {host} (connection refused)",
            f"{address}, and that the server is running",
        )
    if any(isinstance(link, OSError) and link.errno in NO_WAY for link in chain):
        return Cause(f"{host} cannot be reached (network unreachable)", network)
    return _of_time(chain, peer, host, network) or _of_answer(chain, host)


def _of_time(chain: list[BaseException], peer: Peer, host: str, network: str) -> Cause | None:
    """The step that took too long, if one did."""
    if _first(chain, urllib3.ReadTimeoutError, requests.ReadTimeout):
        return Cause(f"{host} sent nothing for {peer.read_timeout:g} s (time-out)", SERVICE)
    if _first(chain, urllib3.ConnectTimeoutError):
        return Cause(
            f"{host} accepted no connection for {peer.connect_timeout:g} s (time-out)", network
        )
    return None


def _of_answer(chain: list[BaseException], host: str) -> Cause:
    """The cause once a connection stood."""
    if _first(chain, requests.exceptions.ContentDecodingError):
        return Cause(f"the answer of {host} cannot be unpacked", SERVICE)
    if _first(chain, urllib3.IncompleteRead, requests.exceptions.ChunkedEncodingError):
        return Cause(f"the answer of {host} broke off", SERVICE)
    # http.client's RemoteDisconnected is a ConnectionResetError
    if _first(chain, ConnectionResetError, ConnectionAbortedError, BrokenPipeError):
        return Cause(f"{host} cut the connection", SERVICE)
    return Cause(f"the connection to {host} failed ({type(chain[-1]).__name__})", SERVICE)


def _of_proxy(chain: list[BaseException], peer: Peer) -> Cause:
    """The cause at a proxy: its own refusal, or why it cannot be reached."""
    fix = "Check the proxy, or put the host into NO_PROXY"
    statuses = (re.search(r"Tunnel connection failed: (\d{3})", str(link)) for link in chain)
    refused = next((status[1] for status in statuses if status), None)
    if refused:
        return Cause(f"the proxy {peer.proxy} refused with HTTP {refused}", fix)
    found = _of_connection(chain, peer, peer.proxy.partition(" ")[0])
    return Cause(f"the proxy {peer.proxy} failed: {found.what}", fix, found.is_final)


def _first(chain: list[BaseException], *kinds: type[Kind]) -> Kind | None:
    return next((link for link in chain if isinstance(link, kinds)), None)


def _name(host: str) -> str:
    """A host without its port."""
    return host if host.endswith("]") else re.sub(r":\d+$", "", host)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and the errors that caused it, the outermost first."""
    waiting, seen = [error], set()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        inner = (*link.args, link.__cause__, link.__context__)
        more = (getattr(link, name, None) for name in ("reason", "original_error"))
        waiting += [each for each in (*inner, *more) if isinstance(each, BaseException)]
