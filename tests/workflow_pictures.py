"""Takes the pictures of docs/workflows: e-mails of a preview, wide and light, narrow and dark.

.venv/bin/python -m tests.workflow_pictures preview docs/workflows
"""

from __future__ import annotations

import colorsys
import sys
from html import escape
from pathlib import Path
from shutil import which
from zlib import crc32

from playwright.sync_api import Browser, Route, sync_playwright

from load.workflows.preview.run import in_scheme

# the e-mail of each workflow that shows items
SHOWN = ("new_customer_1_en", "abandoned_checkout_1_en", "re_engagement_2_en")
WIDE, NARROW, GAP = 600, 320, 24
WIDTH = WIDE + NARROW + 3 * GAP


def take(preview: Path, target: Path) -> None:
    """Write a picture of each workflow's e-mail; the preview folder holds all of them."""
    target.mkdir(parents=True, exist_ok=True)
    executable = which("chromium") or which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        for name in SHOWN:
            html = (preview / f"{name}.html").read_text(encoding="utf-8")
            _take(browser, html, target / f"{name.rsplit('_', 2)[0]}.png")
        browser.close()


def _take(browser: Browser, html: str, target: Path) -> None:
    page = browser.new_page(viewport={"width": WIDTH, "height": 400})
    page.route("**/*", _goods)
    page.set_content(
        f"<!DOCTYPE html><body style='margin:0;padding:{GAP}px;display:flex;gap:{GAP}px;"
        "background:#d8d4cb;align-items:flex-start'>"
        + "".join(
            f"<iframe width={width} height=400 style='border:0;border-radius:12px;flex:none' "
            f"srcdoc='{escape(in_scheme(html, scheme), quote=True)}'></iframe>"
            for width, scheme in ((WIDE, "light"), (NARROW, "dark"))
        )
    )
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "for (const frame of document.querySelectorAll('iframe'))"
        " frame.height = frame.contentDocument.documentElement.getBoundingClientRect().height"
    )
    page.screenshot(path=target, full_page=True)
    page.close()


def _goods(route: Route) -> None:
    """A picture in place of a made-up product's, which is nowhere: a vase of its own colour."""
    seed = crc32(route.request.url.encode())
    ground, vase = (
        "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, *tone))
        for hue, tone in (
            (seed % 97 / 97, (0.88, 0.35)),
            (seed % 89 / 89, (0.45, 0.35)),
        )
    )
    neck, belly = 9 + seed % 8, 26 + seed % 11
    route.fulfill(
        content_type="image/svg+xml",
        body=f'<svg xmlns="http://www.w3.org/2000/svg" width="144" height="144" fill="{vase}">'
        f'<rect width="144" height="144" fill="{ground}"/>'
        f'<ellipse cx="72" cy="84" rx="{belly}" ry="32"/>'
        f'<rect x="{72 - neck}" y="30" width="{2 * neck}" height="40" rx="4"/></svg>',
    )


if __name__ == "__main__":
    take(*map(Path, sys.argv[1:]))
