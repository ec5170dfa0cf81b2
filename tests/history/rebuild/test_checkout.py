"""A revision in a clone of its own: real git, real DVC."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.history.rebuild import checkout, environment
from custody.history.rebuild.judging import UnverifiableError
from custody.history.rebuild.place import fresh
from custody.history.rebuild.running import Programs
from pipeline.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A DVC project in a folder of a repository, with one tracked file on a remote beside it."""
    made = Project(tmp_path / "all")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made = Project(made.root / "project")
    made.root.mkdir()
    made.must("dvc", "init", "--quiet", "--subdir")
    made.must("dvc", "remote", "add", "--quiet", "--default", "store", "../store")
    (made.root / "raw.csv").write_text("a\n1\n")
    made.must("dvc", "add", "--quiet", "raw.csv")
    made.commit()
    made.must("dvc", "push", "--quiet")
    return made


@pytest.fixture
def programs() -> Iterator[Programs]:
    with fresh() as place:
        yield Programs(place, environment.current())


def _clone(project: Project, programs: Programs, name: str) -> Path:
    commit = project.git("rev-parse", "HEAD").strip()
    return checkout.clone(project.root, commit, programs.place.root / name, programs)


def test_sources_come_from_the_cache_then_from_the_remote_and_else_are_named(
    project: Project, programs: Programs, tmp_path: Path
) -> None:
    clone = _clone(project, programs, "one")
    assert clone.name == "project"
    checkout.bring_sources(clone, programs)
    assert (clone / "raw.csv").read_text() == "a\n1\n"
    shutil.rmtree(project.root / ".dvc" / "cache")
    clone = _clone(project, programs, "two")
    checkout.bring_sources(clone, programs)
    assert (clone / "raw.csv").read_text() == "a\n1\n"
    shutil.rmtree(project.root / ".dvc" / "cache")
    shutil.rmtree(
        next(
            path
            for path in (project.root.parent / "store", tmp_path / "store", project.root / "store")
            if path.exists()
        )
    )
    clone = _clone(project, programs, "three")
    with pytest.raises(UnverifiableError, match=r"what raw.csv.dvc names is neither in DVC's cache"):
        checkout.bring_sources(clone, programs)


def test_a_copy_is_a_project_of_its_own_and_goes_with_its_block(project: Project, programs: Programs) -> None:
    clone = _clone(project, programs, "one")
    with checkout.copied(clone, programs) as copy:
        checkout.bring_sources(copy, programs)
        assert (copy / "raw.csv").is_file()
        assert not (clone / "raw.csv").exists()
    assert [path.name for path in programs.place.root.iterdir() if path.name.startswith("one")] == ["one"]


def test_hooks_do_not_run_and_a_submodule_is_cloned_from_where_git_keeps_it(
    project: Project, programs: Programs, tmp_path: Path
) -> None:
    outer = Project(tmp_path / "outer")
    outer.root.mkdir()
    outer.git("init", "--quiet", "--initial-branch=main")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(project.root.parent), "inner")
    inner = Project(outer.root / "inner" / "project")
    hook = tmp_path / "hooks" / "post-checkout"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    inner.git("config", "--global", "core.hooksPath", str(hook.parent))
    clone = _clone(inner, programs, "clone")
    assert (clone / "raw.csv.dvc").is_file()
    assert not (tmp_path / "ran").exists()
