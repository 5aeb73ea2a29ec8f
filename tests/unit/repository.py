"""The repository's own text files, and the headings of its documents."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    ".cfg", ".css", ".csv", ".graphql", ".ini", ".ipynb", ".j2", ".js", ".json", ".md", ".py",
    ".sh", ".sql", ".toml", ".txt", ".yaml", ".yml",
}  # fmt: skip
UNNAMED = {"Makefile", ".env.example", ".sqlfluff", ".gitignore", "run"}
# made here and never committed
MADE = {"__pycache__", "data_docs", "logs", "site", "target"}
HIDDEN = {".ci", ".github"}


@cache
def text_files() -> tuple[Path, ...]:
    """Every file of the repository that a person writes, from its root."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            is_ours = not entry.name.startswith(".") or entry.name in HIDDEN
            if is_ours and entry.name not in MADE and not entry.name.endswith(".egg-info"):
                yield from _walk(Path(entry.path))
        elif entry.name.endswith(".min.js"):
            continue  # what others wrote
        elif Path(entry.name).suffix in TEXTS or entry.name in UNNAMED:
            yield Path(entry.path).relative_to(ROOT)


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a Markdown page, as GitHub makes them of its headings."""
    seen: Counter[str] = Counter()
    found = set()
    for line in prose(page):
        heading = re.match(r"#{1,6} (.+)", line)
        if heading:
            slug = re.sub(r"[^\w\- ]", "", heading[1].strip().lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return frozenset(found)


def prose(page: Path) -> Iterator[str]:
    """The lines of a Markdown page, those of code blocks left blank."""
    is_code = False
    for line in (ROOT / page).read_text().splitlines():
        if line.lstrip().startswith("```"):
            is_code = not is_code
            yield ""
        else:
            yield "" if is_code else line
