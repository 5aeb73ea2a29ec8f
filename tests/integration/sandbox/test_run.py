"""Serving a store: what is said, and folders and files that must not be written to."""

from __future__ import annotations

import signal

import pytest

from sandbox.run import run_sandbox


def test_neither_folder_nor_size_is_refused():
    """Without a store folder and a number of orders there is nothing to serve."""
    with pytest.raises(ValueError, match="--store DIR or --orders N"):
        run_sandbox(None)


def test_a_folder_without_a_store_is_refused(tmp_path):
    """A folder that is not a store is named, with the command that makes one."""
    with pytest.raises(
        ValueError, match=rf"{tmp_path} is not a store folder.*sandbox\.generator"
    ):
        run_sandbox(tmp_path)


def test_a_store_is_not_written_over(empty_store):
    """A folder that holds a store is not taken for a made-up one, and stays as it is."""
    before = (empty_store / "shop.json").read_bytes()
    with pytest.raises(ValueError, match="already holds a store"):
        run_sandbox(empty_store, orders=1)

    assert (empty_store / "shop.json").read_bytes() == before


def test_settings_of_an_earlier_sandbox_are_removed(tmp_path):
    """An env file that is left over does not outlive a sandbox that cannot start."""
    left = tmp_path / "sandbox.env"
    left.write_text("SHOPIFY_API_URL=http://127.0.0.1:1\n")
    with pytest.raises(ValueError, match="not a store folder"):
        run_sandbox(tmp_path, write_env=left)

    assert not left.exists()


@pytest.mark.parametrize(
    "text",
    ["SHOPIFY_ACCESS_TOKEN=shpat_real\n", "SHOPIFY_API_URL=https://a.example\n", "notes"],
)
def test_settings_that_no_sandbox_wrote_stay(tmp_path, text):
    """A file of one's own is neither removed nor written over; another name is asked for."""
    own = tmp_path / ".env"
    own.write_text(text)
    with pytest.raises(ValueError, match=r"\.env holds .*another file"):
        run_sandbox(tmp_path, orders=1, write_env=own)

    assert own.read_text() == text


def test_settings_in_no_folder_are_refused_at_once(tmp_path):
    """A folder that does not exist is named before a store is made up."""
    with pytest.raises(ValueError, match="no folder"):
        run_sandbox(tmp_path, orders=1, write_env=tmp_path / "none" / "s.env")

    assert not (tmp_path / "shop.json").exists()


def test_without_a_settings_file_the_option_is_named(empty_store):
    """The credentials stand nowhere, so what is said tells how to have them."""
    told: list[str] = []

    def say(line: str) -> None:
        told.append(line)
        if line.startswith("Settings"):
            signal.raise_signal(signal.SIGINT)  # which ends the sandbox

    run_sandbox(empty_store, say=say)

    assert "--write-env s.env" in told[-1]
