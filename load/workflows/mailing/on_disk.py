"""Leaves the files of the e-mails on disk, for accounts whose plan does not take them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cartwheel.core.errors import OutputError
from load.workflows.mailing.design_files import DesignFile

_HOW = """These are the e-mails of Cartwheel's workflows, as HubSpot's design manager has them.

With Marketing Hub Professional, run `cartwheel workflows create` again: it uploads them.
By hand: in HubSpot, Content > Design Manager, make the folders as they are here and upload the
files, modules first; then create an e-mail for automation from one of the templates.

To see them with your own orders, without an account: cartwheel workflows preview NAME
"""


def leave_on_disk(folder: Path, files: Iterable[DesignFile]) -> Path:
    """Write the files below a folder, with a page that says what to do; gives the folder.

    Raises OutputError if they cannot be written.
    """
    try:
        for file in files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        (folder / "README.txt").write_text(_HOW, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"The files of the e-mails cannot be written to {folder}: {error.strerror}. Name "
            "another folder with --out"
        ) from error
    return folder
