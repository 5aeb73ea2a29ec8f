"""What code and documents cite can be read in this repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.repository import ROOT, anchors, text_files

# a page, from the root, and a heading of it: docs/reference/hubspot.md#batches
PAGE = re.compile(r"(?<![\w/.<-])((?:[\w.-]+/)*[\w-]+\.md)(#[\w-]*)?")
# pages of a book that is not here, by their short names
ELSEWHERE = re.compile(
    r"""\bSPEC\b|\bDESIGN\b|(?<!docs/)(?<!['"])\breference/[\w-]+|\.\./shared\b"""
)
REFERENCE = "docs/reference/"
# they name pages as the site does, from docs/; building it checks them
OF_THE_SITE = ("mkdocs.yml", "docs_reference/", "tests/unit/test_reference.py")


def cited(text: str, at: Path) -> Iterator[str]:
    """What is wrong with the citations in a file that is no document, each as a line."""
    for number, line in enumerate(text.splitlines(), 1):
        for page, heading in PAGE.findall(line):
            problem = wrong(page, heading)
            if problem:
                yield f"{at}:{number}: {page}{heading} {problem}"
        for short in ELSEWHERE.findall(line):
            yield f"{at}:{number}: {short} is not in this repository"


def wrong(page: str, heading: str) -> str | None:
    """Why a citation leads nowhere; None where it leads to a page and a heading."""
    if not (ROOT / page).is_file():
        return "does not exist"
    if not heading:
        return "names no heading" if page.startswith(REFERENCE) else None
    return None if heading[1:] in anchors(Path(page)) else "has no such heading"


def test_every_citation_can_be_followed():
    """A page that a file cites exists, and so does the heading that it names."""
    offenders = [
        line
        for path in text_files()
        if path.suffix != ".md" and path != Path(__file__).relative_to(ROOT)
        if not str(path).startswith(OF_THE_SITE)
        for line in cited((ROOT / path).read_text(), path)
    ]

    assert not offenders, "\n".join(offenders)


def test_code_cites_the_reference():
    """There are citations to check: the pages of docs/reference are there for them."""
    pages = {
        page
        for path in text_files()
        if path.suffix in {".py", ".sql", ".yml"}
        for page, _ in PAGE.findall((ROOT / path).read_text())
    }

    assert {"hubspot", "shopify", "metrics", "rules"} <= {
        page.removeprefix(REFERENCE).removesuffix(".md") for page in pages
    }


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("# docs/reference/hubspot.md#batches", None),
        ("# docs/reference/hubspot.md", "names no heading"),
        ("# docs/reference/hubspot.md#batchs", "has no such heading"),
        ("# docs/reference/hubspott.md#batches", "does not exist"),
        ("# hubspot.md 3.3", "does not exist"),
        ("(SPEC 1.2)", "is not in this repository"),
        ("reference/stack.md, section 3", "is not in this repository"),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(line, problem):
    """The rule tells a good citation from each kind of bad one."""
    found = list(cited(line, Path("some.py")))

    assert (problem is None and not found) or any(str(problem) in each for each in found)
