"""The libraries of a lock file, installed once and with their hashes."""

from __future__ import annotations

import re
import subprocess

import pytest

from custody.history.rebuild import environment
from custody.history.rebuild.judging import UnverifiableError
from custody.history.rebuild.place import fresh
from support import ROOT


def _pinned(name: str) -> str:
    """One library of the project's own lock file, with its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==.*\n(?:    --hash=.*\n)+", text, re.MULTILINE)
    assert found is not None
    return found[0]


def test_an_environment_is_made_once_and_holds_what_is_locked() -> None:
    text = _pinned("annotated-types").encode()
    with fresh() as place:
        folder = environment.locked(place, text)
        made = (folder.parent / environment.MARK).stat().st_mtime_ns
        assert environment.locked(place, text) == folder
    assert (folder.parent / environment.MARK).stat().st_mtime_ns == made
    done = subprocess.run([str(folder / "python"), "-c", "import annotated_types"], check=False)
    assert done.returncode == 0
    assert subprocess.run([str(folder / "python"), "-c", "import custody"], capture_output=True, check=False).returncode


def test_a_library_with_another_hash_is_not_installed() -> None:
    text = re.sub(r"sha256:\w{4}", "sha256:0000", _pinned("annotated-types")).encode()
    with fresh() as place, pytest.raises(UnverifiableError, match=r"annotated-types==\S+ is not to be had for Python"):
        environment.locked(place, text)


def test_libraries_of_today_that_differ_are_named() -> None:
    text = (ROOT / "requirements.lock").read_bytes()
    assert environment.differences(text) == []
    older = re.sub(rb"^pyyaml==\S+", b"pyyaml==1.0", text, flags=re.MULTILINE)
    [said] = environment.differences(older + b"no-such-library==1.0 ; python_version < '3' \\\n")
    assert said.startswith("pyyaml 1.0 → ")


def test_a_revision_without_a_lock_file_cannot_be_verified() -> None:
    with fresh() as place, pytest.raises(UnverifiableError, match="its libraries are not known"):
        environment.locked(place, None)
