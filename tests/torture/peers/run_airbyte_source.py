"""Runs airbyte-source-shopify against the sandbox: run_airbyte_source.py ADDRESS ARGUMENTS…

For the Python that airbyte-source-shopify is installed in.
"""

import sys

from redirect import send_to
from source_shopify.run import run

if __name__ == "__main__":
    send_to(sys.argv.pop(1))
    run()
