"""Runs tap-shopify against the sandbox: run_tap_shopify.py http://127.0.0.1:PORT ARGUMENTS…

For the Python that tap-shopify is installed in. Its config must name the shop "127": with the
domain that is set here it is the loopback. Its orders and its tokens have addresses of their
own, with `requests`; those are sent to the sandbox too.
"""

import sys
from urllib.parse import urlsplit

import shopify
from redirect import send_to
from tap_shopify import main

if __name__ == "__main__":
    server = sys.argv.pop(1)
    shopify.Session.setup(protocol="http", myshopify_domain="0.0.1", port=urlsplit(server).port)
    send_to(server)
    main()
