"""A proposal that may be anybody's: what runs must be BASE, and what may be code is not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.history.review import proposal as proposals
from history.review.proposing import Proposal
from support import STAGES


@pytest.fixture
def proposal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Proposal:
    return Proposal(tmp_path, monkeypatch, capsys)


def _why(proposal: Proposal, come_from: proposals.From = "branch") -> str | None:
    base, head = (proposal.project.git("rev-parse", name).strip() for name in ("main", "proposal"))
    found = proposals.only_meaning(proposal.root, base, head, come_from)
    assert found is None or not found.needed
    return found.why if found else None


@pytest.mark.parametrize(
    "name", ["params.yaml", "dvc.lock", ".custody/trust.yaml", "data/sources/new.sealed.dvc", "stages/README.md"]
)
def test_policy_data_and_words_are_no_code(proposal: Proposal, name: str) -> None:
    path = proposal.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# a word\n", encoding="utf-8")
    proposal.project.commit()
    assert _why(proposal) is None
    assert "comes from a fork" in str(_why(proposal, "fork"))


@pytest.mark.parametrize(
    "name",
    [
        "stages/custody/errors.py",
        "stages/README.md.py",
        "dvc.yaml",
        "pyproject.toml",
        "requirements.lock",
        ".github/workflows/review.yml",
        ".gitlab/review.yml",
        ".dvc/config",
        ".gitattributes",
        "Makefile",
        "other/params.yaml",
        "x\nparams.yaml",
    ],
)
def test_whatever_else_changes_may_be_code(proposal: Proposal, name: str) -> None:
    path = proposal.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# a word\n", encoding="utf-8")
    proposal.project.commit()
    assert "changes code" in str(_why(proposal))


def test_code_that_main_changed_meanwhile_is_not_the_proposal_s(proposal: Proposal) -> None:
    git = proposal.project.git
    git("checkout", "--quiet", "main")
    (proposal.root / "Makefile").write_text("all:\n", encoding="utf-8")
    proposal.project.commit()
    assert _why(proposal) is None
    git("checkout", "--quiet", "--orphan", "proposal2")
    proposal.project.commit()
    git("branch", "--force", "proposal", "proposal2")
    assert "changes code" in str(_why(proposal)), "without a commit in common nobody can tell"


def test_what_runs_must_be_base_unchanged_and_its_own_code(proposal: Proposal) -> None:
    base = proposal.project.git("rev-parse", "main").strip()
    code = proposal.root / "stages" / "custody"
    with pytest.raises(CustodyError, match="BASE: is not checked out here"):
        proposals.at_base(proposal.root, base, code)
    proposal.project.git("checkout", "--quiet", "--detach", "main")
    proposals.at_base(proposal.root, base, code)
    with pytest.raises(CustodyError, match="BASE: what runs is installed elsewhere"):
        proposals.at_base(proposal.root, base, STAGES / "custody")
    proposal.edit("  k: 5\n", "  k: 3\n")
    with pytest.raises(CustodyError, match="BASE: the work tree has changes"):
        proposals.at_base(proposal.root, base, code)


@pytest.mark.parametrize("span", [(), ("main",)])
def test_a_proposal_stands_between_two_commits(proposal: Proposal, span: tuple[str, ...]) -> None:
    ran = proposal.custody("review", *span, "--proposal", "branch")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "BASE..HEAD: a proposal is reviewed between two commits" in ran.err
    ran = proposal.custody("review", "main..proposal", "--proposal", "fork")
    assert (ran.status, "BASE: is not checked out here" in ran.err) == (3, True)
