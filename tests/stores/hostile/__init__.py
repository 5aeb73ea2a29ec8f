"""The hostile store: every case that breaks naive code, once, each by its name.

    python -m tests.stores.hostile FOLDER

writes a store folder that the sandbox serves (`cartwheel sandbox --store FOLDER`); the same
bytes at each run. A case is a function of one of the modules beside; its docstring says what
it breaks, or what is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from tests.stores.hostile import changes, edges, goods, listings, people, refunds
from tests.stores.hostile.changes import UNKNOWN_SALE
from tests.stores.hostile.shop import Hostile

__all__ = ["CASES", "UNKNOWN_SALE", "Case", "Hostile", "hostile_store", "write_hostile_store"]

Case = Callable[[Hostile], None]


def _cases(module: ModuleType) -> Iterator[Case]:
    """The public functions of a module, in their order."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_"):
            yield value


CASES: tuple[Case, ...] = tuple(
    case
    for module in (people, goods, refunds, changes, edges, listings)
    for case in _cases(module)
)


def hostile_store() -> Hostile:
    """The store, with all its cases."""
    store = Hostile()
    for build in CASES:
        build(store)
    return store


def write_hostile_store(folder: Path) -> None:
    """Write the store folder, with `ledger.json`, what the store must yield."""
    store = hostile_store()
    store.write(folder)
    (folder / "ledger.json").write_text(json.dumps(store.ledger(), indent=2) + "\n")
