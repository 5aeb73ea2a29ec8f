"""The folder of a run's files, and the lock that keeps a second run of the shop out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cartwheel.core.errors import AlreadyRunning
from cartwheel.core.file_errors import disk_told
from cartwheel.core.privacy import private_files
from cartwheel.core.shop_name import shop_name
from cartwheel.core.working_folders import (
    clear_abandoned,
    close_to_others,
    lock_of,
    locked,
    make,
    remove,
)


@contextmanager
def staging_folder(warehouse: Path, shop: str) -> Iterator[Path]:
    """A new folder beside the warehouse that only its owner can read; removed at the end.

    What killed runs left behind, of any shop, is removed too: it holds customers' data.

    Raises AlreadyRunning while another process has the shop's folder, SettingsError if shop
    is not a store's name, OutputError if something that we did not make is in the way.
    """
    above = warehouse.with_name(f"{warehouse.name}.spool")
    # without a name, the folder would be the one that all shops share
    folder = above / shop_name(shop or ".", "SHOPIFY_SHOP")
    close_to_others(above)
    try:
        with ExitStack() as held:
            held.enter_context(private_files())
            try:
                held.enter_context(locked(lock_of(folder)))
            except BlockingIOError:
                raise AlreadyRunning(
                    f"Another run reads {shop} into {warehouse}. Wait for it to end, or end "
                    "it, then run the same command again"
                ) from None
            clear_abandoned(above)
            if folder.exists() or folder.is_symlink():
                remove(folder)
            make(folder)
            held.callback(remove, folder)
            with disk_told():
                yield folder
    finally:
        with suppress(OSError):  # not empty: another shop is being read
            above.rmdir()
