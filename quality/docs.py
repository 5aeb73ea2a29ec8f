"""Data Docs for reading offline: Great Expectations' pages with local styling."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cartwheel.core.errors import OutputError
from cartwheel.core.privacy import private_files
from cartwheel.core.working_folders import MARKER, is_folder, is_ours, make, passing_folder
from quality.history import Finding

_HERE = Path(__file__).parent
_UNREACHABLE = re.compile(
    r"<script.*?</script>"
    r"|<link[^>]+href=\"(?:https?://|[^\"]*static/)[^>]*>"
    r"|<img[^>]+src=\"https?://[^>]*>",
    re.IGNORECASE | re.DOTALL,
)


@contextmanager
def write_docs(
    target: Path, run_id: str, now: datetime
) -> Iterator[tuple[Path, Callable[[list[Finding]], None]]]:
    """Give a folder for Great Expectations' site and a function that finishes it.

    finish(findings) takes the scripts, which need remote libraries, and the remote styles
    and pictures out of the pages, adds a first page of our own (theirs draws its table by
    script) and puts the whole in the place of target, whose old pages stay until then.
    All of it is readable by its owner alone. What a killed run left behind is removed.

    Raises OutputError if the pages cannot be written, or something that is not ours stands
    in their place.
    """
    with private_files(), _told(target), passing_folder(target.parent, ".data_docs-") as work:
        site = work / "site"
        make(site)

        def finish(findings: list[Finding]) -> None:
            style = (_HERE / "docs.css").read_text(encoding="utf-8")
            shutil.rmtree(site / "static", ignore_errors=True)
            for page in site.rglob("*.html"):
                text = _UNREACHABLE.sub("", page.read_text(encoding="utf-8"))
                text = text.replace("</head>", f"<style>{style}</style></head>", 1)
                page.write_text(text, encoding="utf-8")
            pages = _pages(site, findings)
            templates = Environment(
                loader=FileSystemLoader(_HERE),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
            )
            index = templates.get_template("docs.html.j2").render(
                findings=findings, pages=pages, run_id=run_id, now=now, style=style
            )
            (site / "index.html").write_text(index, encoding="utf-8")
            (site / MARKER).touch()
            _put_in_place(site, target, work)

        yield site, finish


def _pages(site: Path, findings: list[Finding]) -> dict[str, str]:
    """The page of each table; Great Expectations itself only logs one that it cannot write."""
    found = {path.stem: path for path in site.glob("validations/**/*.html")}
    pages = {}
    for table in dict.fromkeys(finding.table for finding in findings):
        path = next((path for stem, path in found.items() if stem.endswith(table)), None)
        if path is None:
            raise OutputError(
                f"The Data Docs of {table} could not be written below {site.parent.parent}. "
                "Free space on its disk, then run: cartwheel check"
            )
        pages[table] = path.relative_to(site).as_posix()
    return pages


def _put_in_place(site: Path, target: Path, work: Path) -> None:
    """Move the site to target, and an earlier one out of the way; nothing else."""
    if target.exists() or target.is_symlink():
        if not (is_ours(target) or (is_folder(target) and not any(target.iterdir()))):
            raise OutputError(
                f"{target} was not made by cartwheel check, so it is not replaced and the Data "
                "Docs were not written. Move it away, then run: cartwheel check"
            )
        target.rename(work / "before")
    site.rename(target)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Say what to do where the pages cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise OutputError(
            f"The Data Docs cannot be written to {target}: {error.strerror}. Check the rights "
            f"and the space of {target.parent}, then run: cartwheel check"
        ) from error
