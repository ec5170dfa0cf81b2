"""`custody release retract`: by revision or by the digest of a statement, with nothing of the data at hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

DIGEST = "0123456789abcdef" * 4
WHY = ("--reason", "labels were wrong")


@pytest.fixture
def repository(project: Path) -> Path:
    """The project, committed, without a release."""
    for words in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "state"]):
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
        subprocess.run(command, cwd=project, check=True)
    return project


def _retracted(repository: Path) -> list[str]:
    told = json.loads((repository / ".custody" / "retractions.json").read_text())
    return [one["statement"] for one in told["retractions"]]


@pytest.mark.parametrize("given", [DIGEST, DIGEST.upper(), f"sha256:{DIGEST}"])
def test_the_digest_of_a_statement_is_enough(repository: Path, custody: Callable[..., Any], given: str) -> None:
    ran = custody("release", "retract", given, *WHY)
    assert (ran.status, ran.out) == (
        0,
        "retracted: release 0123456789ab; commit and push .custody/retractions.json\n",
    )
    assert _retracted(repository) == [DIGEST]
    again = custody("release", "retract", given, *WHY)
    assert (again.status, again.err) == (3, "custody: retractions.json: this release is retracted already\n")


@pytest.mark.parametrize("given", ["no-such", DIGEST[:12], "HEAD", f"{DIGEST}0", "."])
def test_what_names_no_release_retracts_none(repository: Path, custody: Callable[..., Any], given: str) -> None:
    ran = custody("release", "retract", given, *WHY)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1 if given == "." else 3, "", 1)
    assert given == "." or ran.err.endswith("; or give the SHA-256 of its statement\n")
    assert not (repository / ".custody").exists()


def test_a_retraction_says_why(repository: Path, custody: Callable[..., Any]) -> None:
    ran = custody("release", "retract", DIGEST, "--reason", " ")
    assert (ran.status, ran.err) == (3, "custody: --reason: is empty; say why, people will ask\n")
    assert not (repository / ".custody").exists()
