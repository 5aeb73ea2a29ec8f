"""Sends what a client of `requests` means for *.myshopify.com to a server of ours.

The clients write https and myshopify.com into their code. The answer keeps the address that
was asked for: a changed one means to them that the shop was renamed.
"""

from urllib.parse import urlsplit, urlunsplit

from requests.adapters import HTTPAdapter

SHOPS = ".myshopify.com"


def send_to(server):
    """Send every later request for a shop to this address, http://host:port."""
    scheme, host = urlsplit(server)[:2]
    send = HTTPAdapter.send

    def redirected(self, request, *arguments, **options):
        asked = request.url
        parts = urlsplit(asked)
        if not (parts.hostname or "").endswith(SHOPS):
            return send(self, request, *arguments, **options)
        request.url = urlunsplit((scheme, host, *parts[2:]))
        response = send(self, request, *arguments, **options)
        response.url = request.url = asked
        return response

    HTTPAdapter.send = redirected  # type: ignore[method-assign]  # of every session to come
