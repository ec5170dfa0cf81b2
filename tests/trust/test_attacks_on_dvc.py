"""Attacks that DVC calls up to date: on its lock file, its cache, its remote, its md5s, and on code as a stage runs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import custody
from custody.errors import RefusedError
from trust import harm
from trust.harm import RELEASED

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.conftest import Answer, Signed

    Verify = Callable[..., Answer]

pytestmark = [pytest.mark.xdist_group("attacks"), pytest.mark.usefixtures("signed")]
EDITS = """#!/bin/sh
{python} "$@" || exit
case "$1" in stages/collect.py) echo '# edited' >> stages/custody/sources/summary.py ;; esac
"""


def test_a_forged_lock_with_a_planted_object_is_found(signed: Signed, verify: Verify) -> None:
    harm.flip(harm.first())
    harm.forge()
    signed.project.commit()
    assert "altered" in verify().codes
    assert verify("HEAD").codes == ["altered"]
    assert "up to date" in signed.project.must("dvc", "status", "gate", "enforce")


def test_a_tampered_object_in_the_cache_is_found(verify: Verify) -> None:
    path = harm.place(harm.md5(harm.first().read_bytes()))
    path.chmod(0o644)
    harm.flip(path)
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["altered"])


def test_a_tampered_object_in_the_remote_is_found(signed: Signed, verify: Verify) -> None:
    signed.project.must("dvc", "remote", "add", "-d", "store", "../store")
    signed.project.must("dvc", "push", "--quiet")
    shutil.rmtree(".dvc/cache")
    remote = harm.place(harm.md5(harm.first().read_bytes()), "../store")
    remote.chmod(0o644)
    remote.write_bytes(b"PAR1" + remote.read_bytes()[4:-9] + b"tampered!")
    answer = verify("HEAD")
    assert (answer.status, answer.codes) == (1, ["altered"])


def test_a_colliding_pair_that_is_swapped_is_called_a_forgery(signed: Signed, verify: Verify, real_data: Path) -> None:
    """A signed release lists one of two files with one md5; whoever swaps them changes nothing that DVC looks at."""
    one, two = ((real_data / "md5_collision" / name).read_bytes() for name in ("a.bin", "b.bin"))
    name, path = harm.first().name, RELEASED / "statement.json"
    told = json.loads(path.read_text())
    listed = next(file for file in told["files"] if file["name"] == name)
    listed.update(sha256=hashlib.sha256(one).hexdigest(), md5=harm.md5(one), bytes=len(one))
    harm.writable(path).write_text(json.dumps(told, sort_keys=True, indent=2) + "\n")
    harm.writable(harm.first()).write_bytes(one)
    harm.forge()
    signed.project.must("custody", "release", "sign", "--key", str(signed.ada.path))
    signed.project.commit()
    assert verify().codes == verify("HEAD").codes == []
    harm.writable(RELEASED / name).write_bytes(two)
    assert harm.plant(two) == harm.md5(one)
    assert "up to date" in signed.project.must("dvc", "status", "gate", "enforce")
    for what in ((), ("HEAD",), ("data/released",)):
        answer = verify(*what)
        assert (answer.status, answer.codes) == (1, ["collision"]), what
        assert "has the md5 that is stated and another SHA-256: a forgery" in answer.verdict["reasons"][0]["what"]
    with pytest.raises(RefusedError, match="was altered"):
        custody.load(RELEASED)


def test_code_edited_while_a_stage_ran_is_found(signed: Signed, verify: Verify, tmp_path: Path) -> None:
    """DVC records the code as it is when the stage ends; the stage says which it began with."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(EDITS.format(python=sys.executable))
    (tmp_path / "bin" / "python").chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = signed.project.repro("--force", "--no-run-cache", PATH=path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert Path("stages/custody/sources/summary.py").read_text().endswith("# edited\n")
    assert "up to date" in signed.project.must("dvc", "status")
    answer = verify("--unsigned-ok")
    assert (answer.status, answer.codes) == (1, ["stale"])
    assert answer.verdict["reasons"][0]["what"].endswith("other code or libraries than those here, in: collect")
    signed.project.commit()
    assert verify("HEAD", "--unsigned-ok").codes == ["stale"]


def test_code_edited_and_committed_to_the_lock_without_a_run_is_found(signed: Signed, verify: Verify) -> None:
    path = Path("stages/custody/quality/score.py")
    path.write_text(path.read_text() + "# edited\n")
    signed.project.must("dvc", "commit", "--force")
    assert "up to date" in signed.project.must("dvc", "status")
    answer = verify()
    assert (answer.status, answer.codes) == (1, ["stale"])
    assert "other code" in answer.verdict["reasons"][0]["what"]
