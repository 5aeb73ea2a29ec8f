"""Generated stores, read back from their files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sandbox.generator import generate

Node = dict[str, Any]


@dataclass(frozen=True)
class GeneratedStore:
    """A store folder, parsed whole."""

    folder: Path

    @cache  # noqa: B019 - one store is read in a whole run
    def nodes(self, name: str) -> list[Node]:
        """The nodes of one of the folder's files, which no test changes."""
        lines = (self.folder / f"{name}.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def document(self, name: str) -> Node:
        """A JSON document of the folder."""
        document: Node = json.loads((self.folder / name).read_text())
        return document


@pytest.fixture(scope="session")
def generated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 600 orders."""
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, orders=600, seed=5)
    return folder


@pytest.fixture(scope="session")
def generated(generated_folder: Path) -> GeneratedStore:
    """A store of 600 orders, to be read."""
    return GeneratedStore(generated_folder)


@pytest.fixture(scope="session")
def orders(generated: GeneratedStore) -> list[Node]:
    """The orders of the store of 600."""
    return generated.nodes("orders")


@pytest.fixture(scope="session")
def customers(generated: GeneratedStore) -> list[Node]:
    """The customers of the store of 600."""
    return generated.nodes("customers")


@pytest.fixture(scope="session")
def checkouts(generated: GeneratedStore) -> list[Node]:
    """The abandoned checkouts of the store of 600."""
    return generated.nodes("abandoned_checkouts")


@pytest.fixture(scope="session")
def products(generated: GeneratedStore) -> list[Node]:
    """The products of the store of 600."""
    return generated.nodes("products")
