"""The project as dbt parsed and compiled it: what each model reads, and its tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cartwheel.build.data_tests import DataTest
from cartwheel.build.dbt import dbt, keep_newest, parse, target_folder
from cartwheel.core.privacy import private_files
from cartwheel.core.settings import Settings
from cartwheel.core.working_folders import lock_of, locked

_KEPT = 4  # files of earlier states of the project, or of other warehouses or vars
_CLOCK = "macro.cartwheel.cartwheel_now"
_VIEWS = {"view", "replaced_view", "ephemeral"}


@dataclass(frozen=True)
class Model:
    """A model: schema.table, and the unique ids of what it reads.

    reads_clock: whether the time of the build stands in its SQL.
    """

    relation: str
    is_stored: bool
    reads_clock: bool
    parents: list[str]


@dataclass(frozen=True)
class Project:
    """Every model by its unique id, and every data test."""

    models: dict[str, Model]
    tests: list[DataTest]

    def affected(self, changed: Iterable[str]) -> set[str]:
        """These ids, and all models that read one of them, themselves or by way of others."""
        readers: dict[str, list[str]] = {}
        for key, model in self.models.items():
            for parent in model.parents:
                readers.setdefault(parent, []).append(key)
        found, new = set[str](), list(changed)
        while new:
            key = new.pop()
            if key not in found:
                found.add(key)
                new += readers.get(key, [])
        return found

    def to_build(self, changed: Iterable[str]) -> list[str]:
        """The ids of the models to build after a change of these ids.

        Of the views only those in which the time stands: the others are as they were.
        """
        ids = self.affected(changed)
        return [
            key
            for key, model in self.models.items()
            if (key in ids if model.is_stored else model.reads_clock)
        ]

    def tests_of(self, ids: set[str]) -> list[DataTest]:
        """The tests that read one of these."""
        return [test for test in self.tests if not ids.isdisjoint(test.parents)]

    def watched(self) -> list[str]:
        """The sources, as schema.table, whose rows a stored model or a test relies on.

        What is read by views alone needs no build: they show what there is.
        """
        found: set[str] = set()
        for test in self.tests:
            found |= {each for each in test.parents if each.startswith("source.")}
        for source in {each for model in self.models.values() for each in model.parents}:
            if source.startswith("source.") and any(
                self.models[key].is_stored for key in self.affected([source]) - {source}
            ):
                found.add(source)
        return sorted(".".join(each.split(".")[2:]) for each in found)


def read_project(
    settings: Settings, fingerprint: str, variables: Mapping[str, object] | None
) -> Project:
    """The project; compiled by dbt if it was not before, with this fingerprint.

    It is kept in dbt's target folder, under the name of the database: that stands in the SQL.
    Where several processes need it at once, one has it compiled and the others wait.
    """
    folder = target_folder() / "compiled_tests"
    path = folder / f"{settings.warehouse.stem}-{fingerprint[:16]}.json"
    with private_files():
        folder.mkdir(parents=True, exist_ok=True)
        with locked(lock_of(path), wait=True):
            if path.is_file():
                return _read(json.loads(path.read_text(encoding="utf-8")))
            project = _compile(settings, variables)
            written = path.with_suffix(f".{os.getpid()}")
            written.write_text(json.dumps(asdict(project)), encoding="utf-8")
            written.replace(path)
    keep_newest(folder.glob("*.json"), _KEPT)
    return project


def _read(kept: dict[str, Any]) -> Project:
    return Project(
        {key: Model(**model) for key, model in kept["models"].items()},
        [DataTest(**test) for test in kept["tests"]],
    )


def _compile(settings: Settings, variables: Mapping[str, object] | None) -> Project:
    manifest = parse(settings, variables)
    results = dbt(
        settings,
        *("compile", "--select", "resource_type:test"),
        variables=variables,
        manifest=manifest,
    )
    models = {
        key: Model(
            f"{node.schema}.{node.alias}",
            str(node.config.materialized) not in _VIEWS,
            _CLOCK in node.depends_on.macros,
            list(node.depends_on.nodes),
        )
        for key, node in manifest.nodes.items()
        if str(node.resource_type) == "model"
    }
    return Project(models, [DataTest.of(result.node) for result in results])
