"""Statements over blocks of JSON texts."""

from __future__ import annotations

import duckdb
import pytest

from sandbox.store.blocks import LARGEST_BLOCK, ROWS, BlockQuery, defined, in_blocks

KEYS = "select string_agg(node->>'$.n', ' ') from nodes"


def numbered(count):
    """That many JSON texts with a number in each."""
    return [b'{"n": %d}' % number for number in range(count)]


def test_rows_come_in_the_order_of_the_blocks():
    """However many blocks run at once, their rows come in order, each of its own block."""
    texts = numbered(20 * ROWS + 3)
    with BlockQuery(KEYS) as query:
        found = [row for _, (row,) in query.rows(in_blocks(texts))]

    assert len(found) == 21
    assert " ".join(found) == " ".join(str(number) for number in range(len(texts)))


def test_short_block_holds_nothing_of_the_block_before():
    """A block that is not full gives its own texts alone."""
    with BlockQuery("select count(*) from nodes") as query:
        counts = [row for _, row in query.rows([numbered(ROWS), numbered(2)] * 5)]

    assert counts == [(ROWS,), (2,)] * 5


def test_blocks_are_bounded_in_bytes():
    """Large texts make blocks of fewer; one that is larger than a block stands alone."""
    large = b"x" * (LARGEST_BLOCK // 2)
    blocks = list(in_blocks([large, large, b"y", b"z" * (LARGEST_BLOCK + 1), b"y"]))

    assert [len(block) for block in blocks] == [2, 1, 1, 1]


def test_error_stands_in_the_place_of_its_block():
    """What is not JSON is told when its block's turn has come; those before it are given."""
    blocks = [numbered(1), numbered(1), [b"{no json"], numbered(1)]
    with BlockQuery(KEYS) as query:
        rows = query.rows(blocks)
        assert [next(rows)[1], next(rows)[1]] == [("0",), ("0",)]
        with pytest.raises(duckdb.Error, match="Malformed JSON"):
            next(rows)


def test_statements_call_python():
    """A statement calls the function that was defined under its number."""
    statement = "select called(17, length(node)::int, node) from nodes"
    with defined(17, lambda place, text: f"{place}: {text}"), BlockQuery(statement) as query:
        found = [row for _, row in query.rows([[b"{}"], [b'"z"']])]

    assert found == [("2: {}",), ('3: "z"',)]
