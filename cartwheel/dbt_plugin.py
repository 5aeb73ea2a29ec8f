"""Makes plain `dbt build` as private as `cartwheel transform`; profiles.yml names it.

dbt-duckdb creates its plugins before it opens the warehouse, so before the first byte.
"""

from __future__ import annotations

import os
from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin

from cartwheel.core.privacy import OTHERS, close_warehouse


class Plugin(BasePlugin):
    """Closes the warehouse to other users, and all that this process makes from now on."""

    def initialize(self, plugin_config: dict[str, object]) -> None:
        """Called once, when dbt knows its profile."""
        del plugin_config
        os.umask(OTHERS)
        if self.creds is not None and self.creds.path != ":memory:":
            close_warehouse(Path(self.creds.path))
