"""Takes the README's picture: the top of a page, as a browser shows it.

.venv/bin/python -m tests.picture dashboard.html docs/dashboard.png
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 1130


def take(page: Path, target: Path) -> None:
    """Open the page in the system's Chromium and write what stands at its top."""
    executable = which("chromium") or which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        seen = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        seen.goto(page.resolve().as_uri())
        seen.wait_for_selector("#orders_over_time .main-svg")
        seen.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    take(*map(Path, sys.argv[1:]))
