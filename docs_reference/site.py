"""What mkdocs lacks to make the site of docs/: a hook, named in mkdocs.yml.

It runs in the environment of mkdocs, which has nothing of ours. The pages of the repository's
root that documents link to become pages of the site, and dbt's documentation a file of it.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
# a file of the repository -> its page in the site
PAGES = {
    "CHANGELOG.md": "CHANGELOG.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "DECISIONS.md": "DECISIONS.md",
    "SECURITY.md": "SECURITY.md",
    "bench/README.md": "bench.md",
    "README.md": "README.md",  # its place is taken by the first page of docs/
}
# made by `make docs` before the site; one page, with everything in it
DBT = ROOT / "target" / "docs" / "static_index.html"

LINK = re.compile(r"(\]\()([^)#\s:]+)((?:#[^)\s]*)?\))")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root, and dbt's documentation."""
    for source, page in PAGES.items():
        if source != "README.md":
            files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    files.append(File.generated(config, "dbt/index.html", abs_src_path=str(DBT)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Have links lead within the site, from where a page stands in it."""
    sources = {there: here for here, there in PAGES.items() if here != "README.md"}
    at = page.file.src_uri
    source = sources.get(at, f"docs/{at}")

    def led(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[2]))
        in_site = PAGES.get(target) or target.removeprefix("docs/")
        if target not in PAGES and not target.startswith("docs/"):
            return f"{match[1]}{match[2]}{match[3]}"
        # the first page of the site has other headings than the repository's README
        heading = ")" if target == "README.md" else match[3]
        return f"{match[1]}{posixpath.relpath(in_site, posixpath.dirname(at) or '.')}{heading}"

    parts = re.split(r"(^```.*?^```$)", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else LINK.sub(led, part) for part in parts)
