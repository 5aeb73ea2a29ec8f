"""Data Docs for reading offline: Great Expectations' pages with local styling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from cartwheel.core.errors import OutputError
from cartwheel.core.page_templates import page_templates
from cartwheel.core.privacy import private_files
from cartwheel.core.working_folders import MARKER, is_folder, is_ours, make, passing_folder
from quality.finding import Finding, verdict

Finish = Callable[[Sequence[Finding], Mapping[str, Any]], None]

_HERE = Path(__file__).parent
_UNREACHABLE = re.compile(
    r"<script.*?</script>"
    r"|<link[^>]+href=\"(?:https?://|[^\"]*static/)[^>]*>"
    r"|<img[^>]+src=\"https?://[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
# links to the other pages of Great Expectations' site, and to its makers
_ELSEWHERE = re.compile(r' href="(?:(?:\.\./)+|https?://)[^"]*"')


@contextmanager
def write_docs(target: Path, run_id: str, now: datetime) -> Iterator[Finish]:
    """Give a function that writes the pages and puts them in the place of target.

    finish(findings, results) draws Great Expectations' page of each table, takes out the
    scripts, which need remote libraries, and the remote styles and pictures, and adds a first
    page of our own (theirs draws its table by script). Old pages stay until then.
    All of it is readable by its owner alone. What a killed run left behind is removed.

    Raises OutputError if the pages cannot be written, or something that is not ours stands
    in their place.
    """
    with private_files(), _told(target), passing_folder(target.parent, ".data_docs-") as work:
        site = work / "site"
        make(site)

        def finish(findings: Sequence[Finding], results: Mapping[str, Any]) -> None:
            pages = _draw(site, results)
            first = {"findings": findings, "pages": pages, "run_id": run_id, "now": now}
            first |= {"verdict": verdict(findings)}
            _write_first(site, "docs.html.j2", first)
            _put_in_place(site, target, work)

        yield finish


def write_closed(target: Path, why: Sequence[str], now: datetime) -> None:
    """Put a page in the place of target that says why the gate is closed without a check.

    Raises OutputError as write_docs() does.
    """
    with private_files(), _told(target), passing_folder(target.parent, ".data_docs-") as work:
        site = work / "site"
        make(site)
        _write_first(site, "closed.html.j2", {"why": why, "now": now})
        _put_in_place(site, target, work)


def _write_first(site: Path, template: str, values: Mapping[str, Any]) -> None:
    page = page_templates(_HERE).get_template(template).render(**values, style=_style())
    (site / "index.html").write_text(page, encoding="utf-8")
    (site / MARKER).touch()


def _style() -> str:
    return (_HERE / "docs.css").read_text(encoding="utf-8")


def _draw(site: Path, results: Mapping[str, Any]) -> dict[str, str]:
    """Write Great Expectations' page of each table; gives the pages, from the first page on."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    view: Any = DefaultJinjaPageView()
    renderer: Any = ValidationResultsPageRenderer()
    pages = {}
    for table, result in results.items():
        page = f"tables/{table}.html"
        drawn = view.render(renderer.render(result))
        text = _ELSEWHERE.sub(' href="../index.html"', _UNREACHABLE.sub("", drawn))
        text = text.replace("</head>", f"<style>{_style()}</style></head>", 1)
        (site / page).parent.mkdir(exist_ok=True)
        (site / page).write_text(text, encoding="utf-8")
        pages[table] = page
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
