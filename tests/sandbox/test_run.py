"""Serving a folder that cannot be served, or that must not be written to."""

from __future__ import annotations

import pytest

from sandbox.run import run_sandbox


def test_neither_folder_nor_size_is_refused():
    """Without a store folder and a number of orders there is nothing to serve."""
    with pytest.raises(ValueError, match="--store DIR or --orders N"):
        run_sandbox(None)


def test_a_folder_without_a_store_is_refused(tmp_path):
    """A folder that is no store is named, with the command that makes one."""
    with pytest.raises(ValueError, match=rf"{tmp_path} is no store folder.*sandbox\.generator"):
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
    with pytest.raises(ValueError, match="no store folder"):
        run_sandbox(tmp_path, write_env=left)

    assert not left.exists()
