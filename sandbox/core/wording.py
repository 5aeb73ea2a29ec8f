"""What Python found wrong with something that was sent, in words for whoever sent it."""

from __future__ import annotations


def in_words(error: BaseException) -> str:
    """Say what is wrong, without the exception's class and its quotes."""
    if isinstance(error, KeyError):
        return f"it lacks {', '.join(map(str, error.args))}"
    if isinstance(error, AttributeError):
        return "a value in it is not of the type that is needed"
    return str(error) or "it is not complete"
