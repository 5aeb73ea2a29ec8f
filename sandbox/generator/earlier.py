"""`python -m sandbox.generator.earlier FILE …` writes a store's earlier orders."""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

from sandbox.generator.core.files import open_lines
from sandbox.generator.core.money import currencies
from sandbox.generator.nodes.orders import order_line
from sandbox.generator.orders.register import Register
from sandbox.generator.orders.schedule import schedule
from sandbox.generator.orders.selling import orders as sold
from sandbox.generator.shop.catalogue import Catalogue


def write_earlier(path: Path, orders: int, seed: int, count: int) -> None:
    """Write the first so many orders of a store."""
    moments, people = schedule(orders, seed)
    register = Register(seed, people)
    made = sold(moments, seed, Catalogue(orders, seed), register, currencies())
    with open_lines(path) as file:
        for order in islice(made, count):
            register.add_order(order)
            file.write(order_line(order, seed))


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.generator.earlier")
    parser.add_argument("file", type=Path, help="where to write the orders")
    parser.add_argument("--orders", type=int, required=True, help="how many the store has")
    parser.add_argument("--seed", type=int, required=True, help="of the store")
    parser.add_argument("--count", type=int, required=True, help="how many to write")
    arguments = parser.parse_args()
    write_earlier(arguments.file, arguments.orders, arguments.seed, arguments.count)


if __name__ == "__main__":
    main()
