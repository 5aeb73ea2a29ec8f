"""Where a sentence of our messages ends."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")


def first_sentence(text: str) -> str:
    """The first sentence of a text; one within brackets ends none."""
    text = text.strip()
    for end in _SENTENCE.finditer(text):
        said = text[: end.start()]
        if said.count("(") <= said.count(")"):
            return said
    return text
