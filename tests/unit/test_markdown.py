"""The documents name files and headings that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.unit.repository import ROOT, anchors, prose, text_files

DOCUMENTS = [path for path in text_files() if path.suffix == ".md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
# a path below the root, with the placeholders that people write in one
BELOW = re.compile(r"\.?[\w-]+(?:/[\w.<>*{}-]+)+/?")
PLACES = {path.parts[0] for path in text_files() if len(path.parts) > 1}


def broken_links(page: Path) -> Iterator[str]:
    """The relative links of a document that lead nowhere."""
    for line in prose(page):
        for link in LINK.findall(line):
            target, _, heading = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            to = (page.parent / target) if target else page
            found = Path(*(ROOT / to).resolve().relative_to(ROOT).parts)
            if not (ROOT / found).exists():
                yield f"{page}: {link} does not exist"
            elif heading and heading not in anchors(found):
                yield f"{page}: {link} has no such heading"


def named_paths(page: Path) -> Iterator[str]:
    """The paths below the repository's folders that a document names as code."""
    for line in (ROOT / page).read_text().splitlines():
        for code in CODE.findall(line):
            for word in code.partition("#")[0].split():
                if BELOW.fullmatch(word) and word.split("/")[0] in PLACES:
                    yield word


def exists(path: str) -> bool:
    """Whether something of the repository is at the path; <anything> stands for any name."""
    return any(ROOT.glob(re.sub(r"<[^>]*>|\{[^}]*\}", "*", path).rstrip("/")))


def test_links_lead_somewhere():
    """A relative link leads to a file, and its fragment to a heading."""
    offenders = [line for page in DOCUMENTS for line in broken_links(page)]

    assert not offenders, "\n".join(offenders)


def test_paths_exist():
    """A path that a document names exists."""
    offenders = [
        f"{page}: {path}"
        for page in DOCUMENTS
        for path in named_paths(page)
        if not exists(path)
    ]

    assert not offenders, "\n".join(offenders)


def test_the_documents_hold_paths_and_links():
    """There is something to check: the architecture page names the files of an order."""
    page = Path("docs/architecture.md")

    assert "load/run.py" in set(named_paths(page))
    assert any(LINK.search(line) for line in prose(page))


def test_the_readme_lists_every_folder():
    """The README's tree has a line for each folder of the repository, and for no other."""
    tree = (ROOT / "README.md").read_text().partition("## The folders")[2].split("```")[1]
    listed = {line.split()[0].rstrip("/") for line in tree.splitlines() if line.strip()}

    assert listed == {place for place in PLACES if not place.startswith(".")}


def test_the_architecture_names_every_room():
    """Each folder of the steps' packages that holds modules has its line."""
    rooms = {
        "/".join(path.parts[:2])
        for path in text_files()
        if path.parts[0] in {"cartwheel", "extract", "load", "sandbox"}
        and path.suffix == ".py"
        and len(path.parts) > 2
    }
    named = set(named_paths(Path("docs/architecture.md")))

    assert rooms - named == set()
