"""The extract of one store, or of each of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cartwheel.core.counts import counted
from cartwheel.core.errors import CartwheelError, ShopsFailed
from cartwheel.core.progress import Say, labelled
from cartwheel.core.settings import Settings
from cartwheel.core.shop_name import DOMAIN, shop_name
from cartwheel.step_runs import recorded
from extract.replay import replay as replay_files
from extract.report import ExtractReport
from extract.run import extract


@dataclass(frozen=True)
class ShopFailure:
    """A store that was not read to its end, and its error's own words."""

    shop: str
    message: str


@dataclass(frozen=True)
class ShopsReport:
    """The outcome of each store that was to be read, in the order of shops.toml."""

    shops: tuple[ExtractReport, ...]
    failures: tuple[ShopFailure, ...] = ()

    def plain(self) -> ExtractReport | ShopsReport:
        """The store's own report where only one was read; scripts of one store rely on it."""
        return self if len(self.shops) + len(self.failures) > 1 else self.shops[0]

    def explain(self) -> str:
        """Which stores failed and why, one line each; the first line says what to type."""
        number = len(self.shops) + len(self.failures)
        names = ", ".join(failure.shop for failure in self.failures)
        lines = [
            f"{len(self.failures)} of {number} stores could not be read completely ({names}); "
            "what was landed stays. Fix the problems listed below, then repeat the command; to "
            f"read only one: cartwheel extract --shop {self.failures[0].shop}"
        ]
        lines += [f"  {failure.shop}: {failure.message}" for failure in self.failures]
        return "\n".join(lines)


def extract_all(
    settings: Settings, say: Say, *, shop: str = "", **options: Any
) -> ExtractReport | ShopsReport:
    """Extract from every store of shops.toml, one after another, or from the one named.

    options go to the step, for each store. A store that fails does not stop the
    others. Returns the store's own report if only one is read.

    Raises ShopsFailed at the end, with the report of all, if any of several stores
    failed; where only one is read, its own error. SettingsError stops before the first.
    """
    report = extract_each(settings, settings.shops(shop), say, options)
    if report.failures:
        raise ShopsFailed(report.explain(), report=report)
    return report.plain()


def replay(
    settings: Settings, files: Sequence[Path], say: Say, *, shop: str = ""
) -> ExtractReport:
    """Land saved files of bulk operations under the shop named, or SHOPIFY_SHOP."""
    named = replace(settings, shop=shop_name(shop, "--shop")) if shop else settings
    with recorded(named, "extract", named.shop) as noted:
        report = replay_files(named, files, say)
        noted.detail = _in_words(report)
        return report


def extract_each(
    settings: Settings, shops: Sequence[Settings], say: Say, options: dict[str, Any]
) -> ShopsReport:
    """Read the stores in turn; the only one raises its own error."""
    if len(shops) < len(settings.listed):
        say(f"reading only {shops[0].shop} of the {len(settings.listed)} stores listed")
        if shops[0].shop == settings.shop:
            say(f"warning: {settings.left_out()}")
    if len(shops) == 1:
        return ShopsReport((_extract(shops[0], say, options),))
    names = [shop.shop.removesuffix(DOMAIN) for shop in shops]
    width = max(map(len, names)) + 2
    came: list[ExtractReport] = []
    failures: list[ShopFailure] = []
    for name, shop in zip(names, shops, strict=True):
        say_of_shop = labelled(say, name, width)
        try:
            came.append(_extract(shop, say_of_shop, options))
        except CartwheelError as error:
            failures.append(ShopFailure(shop.shop, str(error)))
            say_of_shop(f"failed: {error}")
    return ShopsReport(tuple(came), tuple(failures))


def _extract(shop: Settings, say: Say, options: dict[str, Any]) -> ExtractReport:
    with recorded(shop, "extract", shop.shop) as noted:
        report = extract(shop, say, **options)
        noted.detail = _in_words(report)
        return report


def _in_words(report: ExtractReport) -> str:
    seen, landed = report.rows_seen, report.rows_landed
    return f"{counted(seen, 'row')} seen, {landed:,} landed from {report.shop}"
