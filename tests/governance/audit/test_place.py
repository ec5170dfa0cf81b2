"""Every project has a place for its log, whatever its folder is called."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from custody.governance.audit import place


@pytest.mark.parametrize("repository", [False, True])
def test_a_folder_whose_name_is_no_utf_8_has_a_log(tmp_path: Path, *, repository: bool) -> None:
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    root.mkdir()
    if repository:
        subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    found = place.folder_of(root)
    assert found == place.folder_of(root)
    assert found != place.folder_of(tmp_path)
