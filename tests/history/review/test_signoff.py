"""A sign-off of a change of policy: it holds for exactly that change, by keys that main believes, and once."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.repository import changes
from custody.trust import attestation, bundle, places
from history.review.proposing import FOLDER, Proposal
from support import logged
from trust.signing_keys import Signer


@pytest.fixture
def proposal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Proposal:
    return Proposal(tmp_path, monkeypatch, capsys)


@pytest.fixture
def signed(proposal: Proposal) -> Proposal:
    """The proposal, signed off and committed."""
    assert proposal.approve().status == 0
    proposal.project.commit()
    return proposal


def test_a_loosening_is_a_no_until_it_is_signed_off(proposal: Proposal) -> None:
    status, told = proposal.review()
    assert (status, told["holds"], told["needed"], told["counted"]) == (1, False, {"approver": 1}, {})
    said = proposal.custody("review", "--meaning").out
    assert "sign-off: missing (0 of 1 approver)" in said
    [command] = re.findall(r"sign it off: custody (.*) KEY", said)
    ran = proposal.custody(*command.split(), str(proposal.ada.path), "--meaning", "--reason", "agreed with the owners")
    assert ran.status == 0, ran.err
    assert "privacy.k: 5 → 3: loosens" in ran.out, "what is signed is shown"
    status, told = proposal.review()
    assert (status, told["holds"], told["counted"]) == (0, True, {"ada": "approver"})
    assert "agreed with the owners" in proposal.custody("review", "--meaning").out
    assert "sign-off: holds" in proposal.custody("review", "--meaning", "--format", "markdown").out
    assert proposal.review("main..proposal")[0] == 1, "it is not committed yet"
    proposal.project.commit()
    assert proposal.review("main..proposal")[0] == 0


def test_history_is_read_only_where_a_sign_off_is_brought(proposal: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ever = changes.ever

    def told(root: Path, base: str, folder: str) -> Iterator[bytes]:
        asked.append(folder)
        return ever(root, base, folder)

    monkeypatch.setattr(changes, "ever", told)
    assert (proposal.review()[0], asked) == (1, [])
    assert proposal.approve().status == 0
    assert (proposal.review()[0], set(asked)) == (0, {FOLDER})


def test_what_does_not_loosen_needs_none_and_none_is_given(proposal: Proposal) -> None:
    assert proposal.review("proposal..main") == (0, None)
    ran = proposal.approve("proposal..main")
    assert (ran.status, ran.err.count("\n")) == (3, 1)
    assert "nothing here asks for a sign-off" in ran.err
    assert not (proposal.root / FOLDER).exists()


def test_sign_offs_are_no_signatures_of_a_release(signed: Proposal) -> None:
    [name] = [path.name for path in (signed.root / FOLDER).iterdir()]
    assert (places.signed_and_rebuilt(signed.root, "HEAD"), places.signatures_of(signed.root, "HEAD")) == (({}, {}), {})
    text = (signed.root / FOLDER / name).read_bytes()
    assert not attestation.is_release(bundle.read(text, name).payload), "verifying a release leaves it alone"


def test_comments_and_commits_do_not_void_it(signed: Proposal) -> None:
    path = signed.root / "params.yaml"
    path.write_text("# a word\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (signed.root / "notes.txt").write_text("nothing of the policy\n", encoding="utf-8")
    assert signed.review()[0] == 0
    signed.project.commit()
    assert signed.review("main..proposal")[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  k: 3\n", "  k: 2\n"),
        ("  k: 3\n", "  k: 4\n"),
        ("min_quality_score: 0.9\n", "min_quality_score: 0.95\n"),
        ("description: OpenSSH logins on the bastion host", "description: logins"),
    ],
)
def test_any_later_change_of_head_s_policy_voids_it(signed: Proposal, old: str, new: str) -> None:
    signed.edit(old, new)
    status, told = signed.review()
    assert (status, told["reasons"]) == (1, ["ada's is of another head/params.yaml"])


def test_any_later_change_of_base_s_policy_voids_it(signed: Proposal) -> None:
    signed.project.git("checkout", "--quiet", "main")
    signed.edit("min_quality_score: 0.9\n", "min_quality_score: 0.95\n")
    signed.project.commit()
    status, told = signed.review("main..proposal")
    assert (status, told["reasons"]) == (1, ["ada's is of another base/params.yaml"])


def test_a_key_that_the_proposal_adds_voids_it_and_signs_nothing_off(signed: Proposal, tmp_path: Path) -> None:
    mallory = Signer(tmp_path, "mallory")
    signed.trusts(ada=signed.ada.entry(role="approver"), mallory=mallory.entry(role="approver"))
    signed.project.commit()
    assert signed.review("main..proposal")[1]["reasons"] == ["ada's is of another head/.custody/trust.yaml"]
    refused = signed.approve("main..proposal", by=mallory)
    assert (refused.status, "KEY: is not among the trusted keys" in refused.err) == (3, True)
    ran = signed.approve("main..proposal", "--trusted", ".custody/trust.yaml", by=mallory)
    assert ran.status == 0
    signed.project.commit()
    for words in ("main..proposal",), ():
        status, told = signed.review(*words)
        assert (status, told["counted"]) == (1, {})
        assert "mallory's key is not among the trusted ones" in told["reasons"]


def test_a_role_that_may_not_is_refused(proposal: Proposal) -> None:
    ran = proposal.approve(by=proposal.rita)
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert "rita has the role releaser, and a sign-off needs approver" in ran.err
    assert not (proposal.root / FOLDER).exists()


def test_how_many_are_needed_is_said_by_base_alone(proposal: Proposal) -> None:
    path = proposal.root / ".custody" / "trust.yaml"
    asks_none = path.read_text(encoding="utf-8") + "approvals:\n  releaser: 1\n"
    path.write_text(asks_none, encoding="utf-8")
    proposal.project.commit()
    status, told = proposal.review("main..proposal")
    assert (status, told["needed"]) == (1, {"approver": 1})
    assert proposal.approve("main..proposal", by=proposal.rita).status == 1
    proposal.project.git("branch", "--force", "main", "proposal")
    proposal.edit("  k: 3\n", "  k: 2\n")
    assert proposal.approve(by=proposal.ada).status == 1
    assert proposal.approve(by=proposal.rita).status == 0
    assert proposal.review()[0] == 0


def test_a_key_that_main_has_taken_back_since_does_not_count(signed: Proposal) -> None:
    signed.project.git("checkout", "--quiet", "main")
    signed.trusts(ada=signed.ada.entry(role="approver", status="compromised"))
    signed.project.commit()
    signed.project.git("checkout", "--quiet", "proposal")
    assert signed.review()[1]["reasons"] == ["ada's key is compromised"]


def test_a_reviewer_s_own_list_decides(signed: Proposal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nobody.yaml").write_text("signers: {}\n", encoding="utf-8")
    assert signed.review("--trusted", str(tmp_path / "nobody.yaml"))[0] == 1
    monkeypatch.setenv("CUSTODY_TRUST", str(tmp_path / "nobody.yaml"))
    assert signed.review()[0] == 1


def test_a_sign_off_is_used_up_by_the_merge_even_where_its_file_is_removed(signed: Proposal) -> None:
    git = signed.project.git
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    kept = Path(shutil.copytree(signed.root / FOLDER, signed.root.parent / "kept"))
    signed.edit("  k: 3\n", "  k: 5\n")
    git("rm", "--quiet", "-r", FOLDER)
    signed.project.commit()
    git("checkout", "--quiet", "-b", "again")
    signed.edit("  k: 5\n", "  k: 3\n")
    shutil.copytree(kept, signed.root / FOLDER)
    signed.project.commit()
    status, told = signed.review("main..again")
    assert (status, told["reasons"]) == (1, ["ada's was used up by an earlier merge; sign off anew"])
    time.sleep(1.1)  # the time of signing tells one sign-off from another
    assert signed.approve("main..again").status == 0
    assert signed.review()[0] == 0


def test_where_history_was_cut_off_nobody_can_tell_whether_it_was_used(signed: Proposal, tmp_path: Path) -> None:
    cut = tmp_path / "cut"
    signed.project.git("clone", "--quiet", "--depth=3", "--branch=proposal", f"file://{signed.root}", str(cut))
    signed._patch.chdir(cut)
    ran = signed.custody("review", "--meaning", "HEAD~2..HEAD")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "BASE: history was cut off here, so a sign-off may have been used before" in ran.err


def test_main_without_a_list_of_keys_believes_nobody(proposal: Proposal) -> None:
    git = proposal.project.git
    git("checkout", "--quiet", "main")
    git("rm", "--quiet", ".custody/trust.yaml")
    proposal.project.commit()
    status, told = proposal.review("main..proposal")
    assert (status, told["counted"]) == (1, {})
    assert proposal.approve("main..proposal").status == 3


def test_the_audit_log_tells_who_meant_to_and_who_did(proposal: Proposal) -> None:
    assert proposal.approve("--reason", "case 7").status == 0
    before, after = logged("approve")
    assert (before["outcome"], before["reason"], after["outcome"]) == ("granted", "case 7", "done")
    assert before["about"].items() <= after["about"].items()
    assert set(after["about"]) == {"base", "head", "report", "key"}
    assert '"ada"' not in json.dumps(after), "a name would tell who acted"
    ran = proposal.approve("--reason", " ")
    assert (ran.status, "--reason: is empty" in ran.err) == (3, True)
