"""What the project reads of the environment, which plain `dbt` in a shell may lack."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_no_variable_has_to_be_set():
    """Each that is read has a default, or dbt in a shell would not start."""
    paths = [ROOT / "dbt_project.yml", ROOT / "profiles.yml"]
    for kind in ("sql", "yml"):
        paths += (ROOT / "dbt_project").rglob(f"*.{kind}")
    told = "".join(path.read_text() for path in paths)
    read = re.findall(r"env_var\([^)]*\)", told)

    assert len(read) > 3
    assert [each for each in read if not re.fullmatch(r"env_var\('\w+', '[^']*'\)", each)] == []
