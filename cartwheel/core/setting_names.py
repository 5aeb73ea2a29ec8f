"""Names that look like a setting of ours and are none, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from difflib import get_close_matches

PREFIXES = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")

# what the secrets of a store are called, whether or not shops.toml lists it
_OF_A_STORE = re.compile(r"[A-Z][A-Z0-9_]*_SHOPIFY_(CLIENT_ID|CLIENT_SECRET|ACCESS_TOKEN)")
# How much of a name must agree. What stands in our file is meant for us, so a likely name is
# offered early: TOKEN for ACCESS_TOKEN agrees in 59 %. The environment is everybody's: only a
# slip of the keyboard is told, which is seldom more than a letter or two.
_LIKELY = 0.58
_SLIP = 0.85
_WHOLE_SLIP = 0.9  # with the prefix, where that itself may be misspelt


def unknown_names(
    file: str, from_file: Mapping[str, str], environ: Mapping[str, str], known: Set[str]
) -> Iterator[str]:
    """A sentence for each name that is not a setting, with the likely one; never a value.

    known holds all settings. Of the file, every other name with one of our prefixes is told,
    and one that misspells the prefix of a setting that is set nowhere; of the environment,
    which other tools share, only a name that is close to a setting.
    """
    unset = {name for name in known if not (from_file.get(name) or environ.get(name))}
    for name in _others(from_file, known):
        folded = _folded(name)
        if folded.startswith(PREFIXES):
            likely = _closest(folded, known, _LIKELY)
            instead = (
                f"did you mean {likely}?" if likely else "see .env.example for those known"
            )
            yield f"{name} in {file} is not a setting; {instead}"
        elif close := get_close_matches(folded, sorted(unset), 1, _WHOLE_SLIP):
            yield f"{name} in {file} is not a setting; did you mean {close[0]}?"
    for name in _others(environ, known | set(from_file)):
        likely = _closest(_folded(name), known, _SLIP)
        if likely:
            yield f"{name} in the environment is not a setting; did you mean {likely}?"


def _others(names: Iterable[str], known: Set[str]) -> Iterator[str]:
    return (name for name in names if name not in known and not _OF_A_STORE.fullmatch(name))


def _folded(name: str) -> str:
    """A name as settings are written: shopify-shop is SHOPIFY_SHOP."""
    return re.sub(r"\W", "_", name.upper())


def _closest(name: str, known: Set[str], share: float) -> str | None:
    """The setting of the same prefix that is most like a name, by what follows the prefix."""
    for prefix in PREFIXES:
        if name.startswith(prefix):
            rest = sorted(
                each.removeprefix(prefix) for each in known if each.startswith(prefix)
            )
            close = get_close_matches(name.removeprefix(prefix), rest, 1, share)
            return prefix + close[0] if close else None
    return None
