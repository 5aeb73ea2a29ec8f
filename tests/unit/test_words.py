"""Messages, help, docstrings, comments and documents use the glossary's words."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.repository import ROOT, text_files

READ = {".graphql", ".html", ".j2", ".md", ".py", ".sql", ".toml", ".yaml", ".yml"}
UNNAMED = {"Makefile", ".env.example"}
# tests quote the words that they look for; docs/reference tells of other people's products
NOT_READ = ("tests/", "docs/reference/")

# pattern of misleading words -> what to say instead; ~ stands for the blank between two words
WORDS = {
    r"roads?": "the pipeline; end to end",
    r"stations?": "step, stage",
    r"settled": "acknowledged, charged: what it is",
    r"mend(?:s|ed|ing)?": "fix; refetch",
    r"for~ever": "forever",
    r"anyhow": "anyway",
    r"anew": "again; start over",
    r"(?:there~)?(?:is|are)~no~(?!longer\b|more\b|less\b|older\b|different\b|such\b)\w+": (
        "is not a"
    ),
    r"(?:is|are)~none~of~(?:its|ours|mine|theirs|the)": "is not one of",
    r"unsent": "skipped, quarantined, rejected: which it is",
    r"left~alone": "kept, unchanged",
    r"(?<!\.)spool(?:s|ed)?": "staging folder",
    r"manifest(?!\.json)": "run log",
    r"(?:un)?fold(?:s|ed|ing)?~(?:(?:the|a|in|into)\b|journal)": "compact; merge",
    r"(?<!in\s)flights?": "concurrency",
    r"holders?": "match",
    r"paces?": "rate, rate limit, throttle",
    r"what~became~of": "the outcome of",
    r"(?:is|are|was|were|be)~gone": "deleted, expired, no longer there: which it is",
}
# files where a word is the right one -> the words, in lower case
EXCEPTIONS: dict[str, set[str]] = {
    "sandbox/generator/nodes/addresses.py": {"road"},  # of a street
    "cartwheel/build/dbt.py": {"manifest"},  # dbt's own word
}

# what may stand between two words where a sentence goes on in the next line: the mark of a
# comment, or the end of a literal and the beginning of the next
BREAK = r"""[ ]*["']?[ ]*\n\s*(?:--|\#)?[ ]*f?["']?"""
PATTERNS = {
    re.compile(
        rf"(?<![\w/-]){pattern.replace('~', f'(?:[ ]|{BREAK})')}(?![\w-])", re.IGNORECASE
    ): instead
    for pattern, instead in WORDS.items()
}
LITERALS = {"STRING", "FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END"}


def sentences(text: str, suffix: str) -> str:
    """The text of a file; of Python only its comments and literals, where they stand."""
    if suffix != ".py":
        return text
    lines = [" " * len(line) for line in text.splitlines()]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        if kind == "COMMENT" or kind in LITERALS:
            row, column = token.start
            # before 3.12 an f-string is one literal, code in braces included
            is_formatted = kind == "STRING" and "f" in token.string.partition('"')[0].lower()
            said = re.sub(r"\{[^{}]*\}", _blank, token.string) if is_formatted else token.string
            for line, part in enumerate(said.split("\n"), row - 1):
                lines[line] = lines[line][:column] + part + lines[line][column + len(part) :]
                column = 0
    return "\n".join(lines)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def misleading(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, the words, and what to say instead, of each misleading word in a text."""
    for pattern, instead in PATTERNS.items():
        for match in pattern.finditer(text):
            said = " ".join(re.sub(r"""["'#]|--""", " ", match[0]).lower().split())
            if said.startswith("there "):
                continue  # "there is no", unlike "that is no"
            yield text.count("\n", 0, match.start()) + 1, said, instead


def offenders(path: Path) -> Iterator[str]:
    """Each misleading word of a file, as file:line."""
    text = sentences((ROOT / path).read_text(), path.suffix)
    for line, said, instead in sorted(misleading(text)):
        if said not in EXCEPTIONS.get(str(path), set()):
            yield f"{path}:{line}: “{said}” (say: {instead})"


def test_misleading_words_are_not_used():
    """No text outside the tests uses a word that the glossary replaces by another."""
    found = [
        line
        for path in text_files()
        if path.suffix in READ or path.name in UNNAMED
        if not str(path).startswith(NOT_READ)
        for line in offenders(path)
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".py", '"""Send it through the whole road."""'),
        (".py", "x = 1  # the order of the stations"),
        (".py", 'say(f"{path} is no TOML: {error}")'),
        (".py", 'say(\n    "an answer that is "\n    "no GraphQL"\n)'),
        (".py", "# begun\n# for\n# ever"),
        (".sql", "-- a line that is\n-- no line item"),
        (".sql", "/* computed anew */"),
        (".yml", "description: The contact that is gone."),
        (".md", "Requests keep the pace."),
    ],
)
def test_a_misleading_word_is_found(suffix, text):
    """The rule finds a word in each kind of text, over the end of a line too."""
    assert list(misleading(sentences(text, suffix)))


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".py", "holder = station.pace"),
        (".py", 'say(f"{pace:.0f} rows a second")'),
        (".py", '"""It is no longer there, and there is no other."""'),
        (".md", "Ten requests are in flight."),
        (".md", "dbt's manifest.json and warehouse.duckdb.spool"),
    ],
)
def test_other_words_are_let_through(suffix, text):
    """Names in code, and words that mean what they say, are no offence."""
    assert not list(misleading(sentences(text, suffix)))
