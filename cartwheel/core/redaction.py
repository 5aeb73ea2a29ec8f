"""What a text that is kept or shown may not hold: e-mails, and the secrets of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable

# bounded, so that a long text without an @ costs no more than its length
_EMAIL = re.compile(r"[^\s@\"'<>()\[\],;:=/]{1,64}(?:@|%40)[^\s@\"'<>()\[\],;:/]{1,255}", re.I)

_SECRET = 8  # characters of a secret, at least: a shorter text is part of ordinary words


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with a placeholder for each e-mail and for each of these secrets."""
    for secret in secrets:
        if len(secret) >= _SECRET:
            text = text.replace(secret, "(secret)")
    return _EMAIL.sub("(e-mail)", text)
