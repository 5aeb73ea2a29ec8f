"""`python -m sandbox.generator.later FILE …` writes a store's orders from one on.

It lives through all orders, since what is drawn for one depends on all before it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.generator.catalogue import Catalogue
from sandbox.generator.files import open_lines
from sandbox.generator.money import currencies
from sandbox.generator.order_nodes import order_line
from sandbox.generator.register import Register
from sandbox.generator.schedule import schedule
from sandbox.generator.selling import orders as sold


def write_later(path: Path, orders: int, seed: int, first: int) -> None:
    """Write those orders of a store of that many whose slot is the first or a later one."""
    moments, people = schedule(orders, seed)
    register = Register(seed, people)
    with open_lines(path) as file:
        for order in sold(moments, seed, Catalogue(orders, seed), register, currencies()):
            register.add_order(order)
            if order.slot >= first:
                file.write(order_line(order, seed))


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.generator.later")
    parser.add_argument("file", type=Path, help="where to write the orders")
    parser.add_argument("--orders", type=int, required=True, help="how many the store has")
    parser.add_argument("--seed", type=int, required=True, help="of the store")
    parser.add_argument("--first", type=int, required=True, help="the first to be written")
    arguments = parser.parse_args()
    write_later(arguments.file, arguments.orders, arguments.seed, arguments.first)


if __name__ == "__main__":
    main()
