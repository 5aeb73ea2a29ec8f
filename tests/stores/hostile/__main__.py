"""Write the hostile store into the folder named."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.stores.hostile import write_hostile_store

write_hostile_store(Path(sys.argv[1]))
