"""What the shipped .gitignore leaves to git and DVC: DVC's own files of sources, and nothing raw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.project import create

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_dvc_keeps_what_its_own_files_of_sources_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    project = create(tmp_path / "project")
    (project.root / "data/sources/vpn.sealed").write_text("as sealed", encoding="utf-8")
    (project.root / "data/sources/raw.csv").write_text("raw", encoding="utf-8")
    project.must("dvc", "add", "--quiet", "data/sources/vpn.sealed")
    assert "data/sources/vpn.sealed" in project.must("dvc", "list", ".", "--recursive", "--dvc-only").split()
    project.must("dvc", "gc", "--workspace", "--force", "--quiet")
    assert [path.read_text() for path in (project.root / ".dvc/cache/files").rglob("*") if path.is_file()] == [
        "as sealed"
    ]
    project.git("add", "--all")
    held = project.git("ls-files", "data/sources").split()
    assert held == ["data/sources/.gitignore", "data/sources/vpn.sealed.dvc"]
