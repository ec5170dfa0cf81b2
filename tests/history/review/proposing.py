"""A repository with approvers on main and a proposal that lowers k, and the command line in this process."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from custody.cli import main
from pipeline.project import Project
from support import ROOT
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "data/signatures/approvals"


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


class Proposal:
    """On branch `proposal`, k is 3 instead of 5; ada may approve, rita may release."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys
        self.ada, self.rita = Signer(root, "ada"), Signer(root, "rita")
        self.project = Project(root / "project")
        self.root = self.project.root
        self.root.mkdir()
        self.project.git("init", "--quiet", "--initial-branch=main")
        self.project.commit()
        shutil.copy(ROOT / "params.yaml", self.root)
        self.trusts(ada=self.ada.entry(role="approver"), rita=self.rita.entry())
        self.project.commit()
        self.project.git("checkout", "--quiet", "-b", "proposal")
        self.edit("  k: 5\n", "  k: 3\n")
        self.project.commit()
        monkeypatch.chdir(self.root)
        monkeypatch.setenv("XDG_STATE_HOME", str(self.project.state))

    def trusts(self, **entries: dict[str, str]) -> None:
        """Write the list of trusted keys."""
        (self.root / ".custody").mkdir(exist_ok=True)
        (self.root / ".custody" / "trust.yaml").write_bytes(trust(**entries))

    def edit(self, old: str, new: str) -> None:
        """Change the policy at one place."""
        edited(self.root / "params.yaml", old, new)

    def custody(self, *words: str) -> Ran:
        """Run `custody …`."""
        self._patch.setattr(sys, "argv", ["custody", *words])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = self._capsys.readouterr()
        return Ran(int(left.value.code or 0), out, err)

    def approve(self, *words: str, by: Signer | None = None) -> Ran:
        """Sign off."""
        return self.custody("policy", "approve", "--meaning", *words, "--key", str((by or self.ada).path))

    def review(self, *words: str) -> tuple[int, Any]:
        """Return the exit status, and what is said of sign-offs."""
        ran = self.custody("review", "--meaning", "--json", *words)
        assert ran.out, ran.err
        return ran.status, json.loads(ran.out)["signoff"]


def edited(path: Path, old: str, new: str) -> None:
    """Change a file at the one place where it reads so."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
