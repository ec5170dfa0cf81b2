"""A refusal that is signed off can be merged: whoever signs it has seen what the change does to the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from history.effect.asking import review
from trust.signing_keys import Signer, trust

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.project import Project

pytestmark = pytest.mark.xdist_group("past")  # the repository is built once


def test_a_gate_that_flips_to_refused_is_merged_once_an_approver_signs_its_effect(
    copied: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Signer(tmp_path, "ada")
    (tmp_path / "trusted.yaml").write_bytes(trust(ada=ada.entry(role="approver")))
    monkeypatch.setenv("CUSTODY_TRUST", str(tmp_path / "trusted.yaml"))
    copied.git("checkout", "--quiet", "--force", "v4")
    approve = ("custody", "policy", "approve", "v3..v4", "--key", str(ada.path))
    done = copied.run(*approve, "--meaning")
    assert (done.returncode, "nothing here asks for a sign-off" in done.stderr) == (3, True), "what flips was not seen"
    assert "newly broken: quality_score" in copied.must(*approve, "--reason", "the old score was wrong")
    copied.commit()
    signed = review(copied, "v3..HEAD", status=0)
    assert signed["report"]["asks"] == ["the gate flips to refused"]
    assert (signed["signoff"]["holds"], signed["signoff"]["counted"]) == (True, {"ada": "approver"})
    assert copied.must("custody", "review", "v3..HEAD").startswith("released → refused, signed off")
    other = review(copied, "v2..HEAD", status=1)["signoff"]
    assert (other["holds"], other["counted"]) == (False, {})
