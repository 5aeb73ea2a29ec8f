"""Landing saved files of bulk operations, without any API."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartwheel.core.errors import CartwheelError, SettingsError
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from extract.land.landing import land
from extract.land.run_log import Run, RunLogEntry, TableFigures
from extract.land.staged_file import StagedFile
from extract.land.staging_folder import staging_folder
from extract.land.tables import create_tables, refuse_mixed_stores
from extract.land.unreadable import looks_like_record
from extract.report import ExtractReport
from extract.shopify.api_usage import Usage
from extract.shopify.lenient_json import read_json
from extract.shopify.resources import ALL, ORDER_AGREEMENTS, ORDERS, REFUNDS, Resource


@dataclass(frozen=True)
class Saved:
    """A saved file, and what it holds; resource is None where it holds no line."""

    path: Path
    resource: Resource | None


def replay(settings: Settings, files: Sequence[Path], say: Say = silent) -> ExtractReport:
    """Land saved files of bulk operations (.jsonl, also .gz) under the shop's name.

    Its lines tell what a file holds, not its name. No watermark moves: nothing says that a file
    is complete, so the next run reads from Shopify what it would have read anyway, and lands
    what differs.

    Raises SettingsError without SHOPIFY_SHOP; CartwheelError, before anything is landed,
    if a file is missing or holds something else; IncompleteData if one is broken.
    """
    if not settings.shop and settings.listed:
        listed = ", ".join(each.shop for each in settings.listed)
        raise SettingsError(
            f"{settings.shops_file} lists {listed}, and nothing says under which of them the "
            "files are to be landed. Name it: cartwheel extract --shop NAME --replay FILE"
        )
    if not settings.shop:
        raise SettingsError(
            "SHOPIFY_SHOP is missing: it says under which shop the files are to be landed. "
            f"Put it into {settings.settings_file} or before the command: "
            "SHOPIFY_SHOP=name.myshopify.com"
        )
    began, run = time.monotonic(), Run(settings)
    saved = [Saved(path, recognise(path)) for path in files]
    figures: dict[str, TableFigures] = {}
    warnings: list[str] = []

    def note(warning: str) -> None:
        warnings.append(warning)
        say(warning)

    for resource in ALL:
        paths = [each.path for each in saved if each.resource is resource]
        if paths:
            for table in _land(run, resource, paths, say, note):
                figures[table.table] = table
    for each in saved:
        if each.resource is None:
            say(f"{each.path} is empty")
    return ExtractReport(
        run.run_id,
        run.shop,
        tuple(figures.values()),
        requests=0,
        points=0,
        bytes=sum(each.path.stat().st_size for each in saved),
        seconds=time.monotonic() - began,
        warnings=tuple(warnings),
    )


def recognise(path: Path) -> Resource | None:
    """Which resource's lines a file holds, by its first root line; None for no line.

    Raises CartwheelError if it cannot be read or holds something else.
    """
    try:
        root = next(_roots(path), None)
    except (OSError, EOFError, ValueError) as problem:
        raise CartwheelError(
            f"{path} cannot be read as JSON lines ({type(problem).__name__}). Give files as "
            "Shopify's bulk operations write them: cartwheel extract --from-jsonl FILE"
        ) from None
    if root is None:
        return None
    kind = str(root.get("id", "")).removeprefix("gid://shopify/").partition("/")[0]
    if any(isinstance(value, dict) and "nodes" in value for value in root.values()):
        raise CartwheelError(
            f"{path} contains {kind} nodes as in a store folder, not the lines of a bulk "
            f"operation. Serve its folder instead: cartwheel sandbox --store {path.parent}"
        )
    found = _of_order(root) if kind == ORDERS.root else None
    for resource in ALL:
        if resource.root_table and resource.root == kind and kind != ORDERS.root:
            found = resource
    if found is None:
        raise CartwheelError(
            f"{path} begins with a record of type {kind or '(none)'}, which is not one that "
            f"is landed: {', '.join(sorted({resource.root for resource in ALL}))}"
        )
    return found


def _of_order(root: dict[str, Any]) -> Resource:
    """Tell three files apart whose roots are orders, with their own fields or hardly any."""
    if "name" in root:
        return ORDERS
    return ORDER_AGREEMENTS if "updatedAt" in root else REFUNDS


def _roots(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for text in file:
            if text.isspace():
                continue
            try:
                found = read_json(text)
            except ValueError:
                if looks_like_record(text):
                    continue  # the others of the file tell what it holds
                raise
            if isinstance(found, dict) and "__parentId" not in found:
                yield found


def _land(
    run: Run, resource: Resource, paths: list[Path], say: Say, note: Say
) -> list[TableFigures]:
    settings, entry = run.settings, RunLogEntry(resource.name, "file")
    with (
        staging_folder(settings.warehouse, settings.shop) as spill,
        open_warehouse(
            settings.warehouse, memory_limit=settings.memory_limit, spill=spill
        ) as connection,
    ):
        create_tables(connection)
        refuse_mixed_stores(connection, run.shop)
        for path in paths:
            staged = StagedFile(resource, path, None, None, Usage(), complete=False)
            figures = land(connection, staged, run, batch_size=settings.batch_size, say=note)
            entry.add(figures, Usage(size=path.stat().st_size))
        entry.status = "succeeded"
        entry.write(connection, run)
    for line in entry.lines():
        say(line)
    return list(entry.tables.values())
