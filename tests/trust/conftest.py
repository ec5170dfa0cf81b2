"""A real project with a signed release, copied for each attack on it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from custody.cli import main
from custody.governance.audit.place import folder_of
from pipeline.project import Project, demo
from trust.signing_keys import Signer, trust


@dataclass(frozen=True)
class Signed:
    """A committed release, its signer, and the verifier's own list of keys."""

    project: Project
    ada: Signer
    trusted: Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, run, signed and committed once."""
    root = tmp_path_factory.mktemp("signed")
    environment = {"HOME": str(root / "home"), "DVC_SITE_CACHE_DIR": str(root / "site"), "GIT_CONFIG_NOSYSTEM": "1"}
    project = demo(root / "project")
    ran = project.repro(**environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ada = Signer(root, "ada")
    (root / "trusted.yaml").write_bytes(trust(ada=ada.entry()))
    signed = ["custody", "release", "sign", "--key", str(ada.path), "--trusted", str(root / "trusted.yaml")]
    project.must(*signed, **environment)
    project.commit()
    return root


@pytest.fixture
def signed(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signed:
    """A copy to harm, with the work directory in it."""
    shutil.copytree(built / "project", tmp_path / "project", symlinks=True)
    shutil.copy(built / "ada.pem", tmp_path / "ada.pem")
    shutil.copy(built / "trusted.yaml", tmp_path / "trusted.yaml")
    monkeypatch.chdir(tmp_path / "project")
    project = Project(tmp_path / "project")
    monkeypatch.setenv("XDG_STATE_HOME", str(project.state))
    (log,) = (Project(built / "project").state / "custody" / "audit").iterdir()
    shutil.copytree(log, folder_of(Path()))  # the log of the clone that it is, at the place where it stands now
    monkeypatch.setenv("CUSTODY_TRUST", str(tmp_path / "trusted.yaml"))
    ada = object.__new__(Signer)
    ada.name, ada.path = "ada", tmp_path / "ada.pem"
    return Signed(project, ada, tmp_path / "trusted.yaml")


@pytest.fixture
def here(signed: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty folder of whoever fetches, beside the repository of the release, with keys of his own."""
    signed.project.commit()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    project = Project(tmp_path / "here")
    monkeypatch.setenv("XDG_STATE_HOME", str(project.state))
    return project


@dataclass(frozen=True)
class Answer:
    status: int
    verdict: dict[str, Any]
    err: str

    @property
    def codes(self) -> list[str]:
        """Kinds of the reasons, in their order."""
        return [reason["code"] for reason in self.verdict["reasons"]]


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run `custody verify … --json` in this process."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["custody", "verify", "--json", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return Answer(int(left.value.code or 0), json.loads(out) if out else {}, err)

    return run
