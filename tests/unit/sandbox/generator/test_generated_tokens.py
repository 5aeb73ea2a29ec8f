"""Tokens: several at once are the same as each alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sandbox.generator.core.draw import mixed, tokens

WORD = st.integers(0, 2**64 - 1)


@given(
    seed=WORD, salt=st.integers(0, 100), index=st.integers(0, 2**40), count=st.integers(1, 6)
)
def test_tokens_at_once_are_those_one_by_one(seed, salt, index, count):
    """A token is the two numbers of its salt and the next, however many are drawn at once."""
    alone = [
        f"{mixed(seed, each, index):016x}{mixed(seed, each + 1, index):016x}"
        for each in range(salt, salt + 2 * count, 2)
    ]

    assert tokens(seed, salt, index, count) == alone
