"""A signature belongs to a commit: at its tag it verifies for ever, in any clone, whatever became of the code since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.project import Project

if TYPE_CHECKING:
    from trust.conftest import Signed

pytestmark = pytest.mark.xdist_group("attacks")


def test_a_clone_verifies_the_tag_after_the_code_has_changed(signed: Signed, tmp_path: Path) -> None:
    project = signed.project
    project.must("dvc", "remote", "add", "-d", "store", str(tmp_path / "store"))
    project.must("dvc", "push", "--quiet")
    project.commit()
    project.git("tag", "v1")
    path = Path("stages/custody/quality/score.py")
    path.write_text(path.read_text() + "# another version\n")
    project.commit()
    project.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Project(tmp_path / "clone")
    at_tag = clone.run("custody", "verify", "v1", "--trusted", str(signed.trusted), "--require-release")
    assert (at_tag.returncode, "signed by ada" in at_tag.stdout) == (0, True), at_tag.stdout + at_tag.stderr
    later = clone.run("custody", "verify", "HEAD", "--trusted", str(signed.trusted))
    assert later.returncode == 1
    assert "stale: was made by other code or libraries" in later.stdout
