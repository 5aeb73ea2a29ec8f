"""`python -m sandbox.generator FOLDER --orders N --seed S` writes a store folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.generator import generate


def main() -> None:
    """Read the command line and generate."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.generator", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write the store folder")
    parser.add_argument("--orders", type=int, default=1_000, help="how many orders")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another store")
    parser.add_argument(
        "--processes", type=int, choices=(1, 2), help="unless said, two for a large store"
    )
    parser.add_argument("--shop", help="its name.myshopify.com; unless said, one of its own")
    arguments = parser.parse_args()
    generate(
        arguments.folder,
        arguments.orders,
        arguments.seed,
        arguments.processes,
        shop=arguments.shop,
    )


if __name__ == "__main__":
    main()
