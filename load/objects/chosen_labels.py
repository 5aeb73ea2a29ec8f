"""Which language labels are in: the one that is named, else the shop's own, else English."""

from __future__ import annotations

from dataclasses import dataclass

from load.objects.language import Labels, base_language, choose_labels, english, shipped_labels

NOT_READ = (
    "labels are English, because the shop's language is not known before a store was read. To "
    "have the shop's language, run: cartwheel sync"
)


@dataclass(frozen=True)
class ChosenLabels:
    """Labels, and why they are English though nobody asked for that; "" for all others."""

    labels: Labels
    remark: str = ""


def labels_for(named: str, shop: str | None) -> ChosenLabels:
    """The labels of a language or a file that is named, else of the shop's primary language.

    shop is that language, "" where Shopify does not tell it, None where no store was read.
    Raises SettingsError for a named one that does not exist; a language of the shop's that is
    not shipped is English.
    """
    if named:
        return ChosenLabels(choose_labels(named))
    if shop is None:
        return ChosenLabels(english(), NOT_READ)
    wanted = base_language(shop)
    found = next((each for each in shipped_labels() if each.language == wanted), None)
    if found is not None:
        return ChosenLabels(found)
    return ChosenLabels(
        english(),
        f"labels are English, because there are none in {shop}, the shop's language. Copy "
        f"load/objects/labels/fr.toml to {wanted}.toml, translate it, and run: cartwheel setup "
        f"--language {wanted}.toml",
    )
