"""The words of a page in a language: English, or what a file of translations says."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from cartwheel.core.errors import SettingsError
from cartwheel.core.shop_name import DOMAIN
from dashboard.report import Names

ENGLISH = "en"
_FOLDER = Path(__file__).parent / "languages"
# what a script asks the page's words for
_SAID = re.compile(r"""say\(\s*(["'])(.+?)\1""", re.DOTALL)
# what Shopify and our models say where nobody gave a name
TOKENS = {
    "web": "Online store",
    "pos": "Point of sale",
    "shopify_draft_order": "Draft orders",
    "subscription_contract": "Subscriptions",
    "direct": "Direct",
    "first to second": "First to second order",
    "later": "Later orders",
    "new_customer": "New customer",
    "abandoned_checkout": "Abandoned checkout",
    "re_engagement": "Re-engagement",
    "could be mailed": "Could be mailed",
    "could not be mailed": "Could not be mailed",
}
NOBODYS = {"unknown": "Unknown", "not a product": "Not a product"}


class Words:
    """What is said, in one language; what a file does not translate stays English.

    language is a code such as en, de or pt-BR. Raises SettingsError if there is no such
    language, or none of its translations.
    """

    def __init__(self, language: str = ENGLISH) -> None:
        self.language = language.strip().replace("_", "-") or ENGLISH
        try:
            self.locale = Locale.parse(self.language, sep="-")
        except (UnknownLocaleError, ValueError) as error:
            raise SettingsError(
                f"{language!r} is not a language. Name one of: {', '.join(languages())}"
            ) from error
        if self.locale.language not in languages():
            raise SettingsError(
                f"The reports are not translated into {language!r}. "
                f"Name one of: {', '.join(languages())}"
            )
        self._translated = _translations(self.locale.language)

    @property
    def dates(self) -> Locale:
        """The locale of dates: English ones have the day before the month."""
        return Locale("en", "GB") if self.language == ENGLISH else self.locale

    def say(self, text: str, **values: str) -> str:
        """The text in this language; {name} in it is one of the values."""
        said = self._translated.get(text, text)
        for name, value in values.items():
            said = said.replace(f"{{{name}}}", value)
        return said

    def name(self, text: str | None, names: Names) -> str | None:
        """What a column of text says, in words where the text is ours or a token of Shopify's.

        What somebody gave a name to keeps it.
        """
        if text is None:
            return None
        if names == "shop":
            return text.removesuffix(DOMAIN)
        known = NOBODYS if names == "given" else NOBODYS | TOKENS
        if text in known or names == "words":
            return self.say(known.get(text, text))
        return text

    def of_script(self, script: str) -> dict[str, str]:
        """What a script says, translated; what stays English is left out."""
        said = {text for _, text in _SAID.findall(script)}
        return {text: self._translated[text] for text in sorted(said & self._translated.keys())}


@cache
def languages() -> list[str]:
    """The codes of the languages, English first."""
    return [ENGLISH, *sorted(path.stem for path in _FOLDER.glob("*.toml"))]


@cache
def _translations(language: str) -> dict[str, str]:
    if language == ENGLISH:
        return {}
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def chosen_language(asked: str, setting: str, shop: str | None = None) -> str:
    """The language asked for, else that of the setting, else the shop's, else English.

    The setting may be of labels alone, and the shop's language none that is translated.
    """
    if asked:
        return asked
    for known in (setting, shop):
        with suppress(SettingsError):
            if known:
                return Words(known).language
    return ENGLISH
