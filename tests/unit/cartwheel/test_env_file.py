"""A settings file says what is wrong in it, and shows nothing of what it holds."""

from __future__ import annotations

import pytest

from cartwheel.core.env_file import read_env_file
from cartwheel.core.errors import SettingsError
from cartwheel.core.settings import Settings

TOKEN = "shpat_0123456789"


@pytest.fixture
def written(tmp_path):
    """Writes a settings file with these bits of access, and gives its path."""

    def write(text, mode=0o600):
        path = tmp_path / "a b.env"
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def test_what_is_a_setting_a_comment_or_blank_is_read(written):
    """Quotes, export, blanks around =, values of several lines and empty ones are good."""
    file = written(
        "# comment\n\n  # another\nA=1\nexport B = two words # comment\nC='#3'\n"
        'D="line 1\nline 2"\nE=\nA=4\n'
    )

    assert read_env_file(file) == {
        "A": "4",
        "B": "two words",
        "C": "#3",
        "D": "line 1\nline 2",
        "E": "",
    }


@pytest.mark.parametrize(
    "line",
    [
        f"SHOPIFY_ACCESS_TOKEN {TOKEN}",
        f"SHOPIFY_ACCESS_TOKEN: {TOKEN}",
        f"SHOPIFY ACCESS TOKEN={TOKEN}",
        f"={TOKEN}",
        TOKEN,
        f'SHOPIFY_ACCESS_TOKEN="{TOKEN}',
        f"SHOPIFY_ACCESS_TOKEN='{TOKEN}' too",
        f"export {TOKEN}",
    ],
)
def test_a_line_that_is_no_setting_is_named_and_not_shown(written, line):
    """The message has the file and the line's number, and nothing of the line."""
    file = written(f"# first\nSHOPIFY_SHOP=a\n\n  \n{line}\nHUBSPOT_ACCESS_TOKEN=pat\n")

    with pytest.raises(SettingsError) as raised:
        Settings.read(file, environ={})

    assert str(raised.value).startswith(f"{file}, line 5: this is neither NAME=value")
    assert TOKEN not in str(raised.value)


def test_all_bad_lines_are_named_at_once(written):
    """Two bad lines are one error."""
    with pytest.raises(SettingsError, match=r"a b\.env, lines 1, 3: "):
        read_env_file(written("one\nA=1\ntwo\n"))


def test_lines_of_windows_are_counted_as_lines(written):
    """A file with carriage returns has the same line numbers."""
    with pytest.raises(SettingsError, match=r"line 3: "):
        read_env_file(written("A=1\r\n\r\nwrong\r\n"))


def test_text_of_another_encoding_is_named_with_its_line(written):
    """What is not UTF-8 is an error with the line, not a traceback."""
    file = written("")
    file.write_bytes(b"A=1\nB=m\xfcller\n")

    with pytest.raises(SettingsError, match=r"line 2: this is not UTF-8 text"):
        read_env_file(file)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
@pytest.mark.parametrize(
    "name", ["SHOPIFY_CLIENT_SECRET", "HUBSPOT_ACCESS_TOKEN", "UK_SHOPIFY_ACCESS_TOKEN"]
)
def test_a_secret_that_others_can_read_is_told(written, mode, name):
    """The warning holds the command that closes the file, its name quoted, and no secret."""
    file = written(f"{name}={TOKEN}\n", mode)

    (warning,) = Settings.read(file, environ={}).warnings

    assert warning.endswith(f"Run: chmod 600 '{file}'")
    assert TOKEN not in warning


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        (f"SHOPIFY_ACCESS_TOKEN={TOKEN}\n", 0o600),
        (f"SHOPIFY_ACCESS_TOKEN={TOKEN}\n", 0o400),
        ("SHOPIFY_SHOP=a\nSHOPIFY_ACCESS_TOKEN=\n", 0o644),
    ],
)
def test_a_closed_file_or_one_without_a_secret_is_not_told(written, text, mode):
    """A file of the owner's alone, or one that holds no secret, is in order."""
    assert Settings.read(written(text, mode), environ={}).warnings == ()
