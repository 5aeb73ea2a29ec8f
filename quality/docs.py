"""Data Docs that can be read offline: Great Expectations' pages with local styling."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

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
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".data_docs-") as name:
        site = Path(name) / "site"
        site.mkdir()

        def finish(findings: list[Finding]) -> None:
            style = (_HERE / "docs.css").read_text(encoding="utf-8")
            shutil.rmtree(site / "static", ignore_errors=True)
            for page in site.rglob("*.html"):
                text = _UNREACHABLE.sub("", page.read_text(encoding="utf-8"))
                text = text.replace("</head>", f"<style>{style}</style></head>", 1)
                page.write_text(text, encoding="utf-8")
            pages = {
                finding.table: next(
                    path.relative_to(site).as_posix()
                    for path in site.glob("validations/**/*.html")
                    if path.stem.endswith(finding.table)
                )
                for finding in findings
            }
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
            if target.exists():
                target.rename(Path(name) / "before")
            site.rename(target)

        yield site, finish
