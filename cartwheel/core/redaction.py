"""What a text that is kept or shown may not hold: e-mails, and the secrets of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable

# bounded, so that a long text without an @ costs no more than its length
_EMAIL = re.compile(r"[^\s@\"'<>()\[\],;:=/]{1,64}(?:@|%40)[^\s@\"'<>()\[\],;:/]{1,255}", re.I)

_SECRET = 8  # characters of a secret, at least: a shorter text is part of ordinary words


def redacted(text: str, secrets: Iterable[str] = (), paths: Iterable[str] = ()) -> str:
    """The text with a placeholder for each e-mail and for each of these secrets.

    What looks like an e-mail within one of these paths, which the user named, stays.
    """
    for secret in secrets:
        if len(secret) >= _SECRET:
            text = text.replace(secret, "(secret)")
    named = [
        found.span() for path in paths if path for found in re.finditer(re.escape(path), text)
    ]

    def placeholder(found: re.Match[str]) -> str:
        begin, end = found.start(), found.start() + len(found[0].rstrip("."))
        if any(first <= begin and end <= last for first, last in named):
            return found[0]
        return "(e-mail)"

    return _EMAIL.sub(placeholder, text)
