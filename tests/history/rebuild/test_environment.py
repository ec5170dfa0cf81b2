"""The libraries of a lock file, installed once and with their hashes."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
from pathlib import Path

import pytest

from custody.history.rebuild import environment, installed
from custody.history.rebuild.judging import UnverifiableError
from custody.history.rebuild.place import fresh
from support import ROOT


def _pinned(name: str) -> str:
    """One library of the project's own lock file, with its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==.*\n(?:    --hash=.*\n)+", text, re.MULTILINE)
    assert found is not None
    return found[0]


def test_an_environment_is_made_once_and_again_only_where_it_is_broken() -> None:
    text = _pinned("annotated-types").encode()

    def made() -> tuple[Path, int]:
        with fresh() as place, environment.locked(place, text) as folder:
            done = subprocess.run([str(folder / "python"), "-B", "-c", "import annotated_types"], check=False)
            assert done.returncode == 0
            return folder, (folder.parent / installed.MARK).stat().st_mtime_ns

    folder, first = made()
    assert made() == (folder, first)
    ours = subprocess.run([str(folder / "python"), "-B", "-c", "import custody"], capture_output=True, check=False)
    assert ours.returncode
    [library] = (folder.parent / "lib").glob("python*/site-packages/annotated_types/__init__.py")
    library.unlink()
    assert made()[1] > first


def test_an_environment_that_somebody_uses_is_not_made_anew_under_him() -> None:
    text = _pinned("annotated-types").encode()
    with fresh() as place, environment.locked(place, text) as folder:
        (folder.parent / installed.MARK).unlink()
        held = os.open(folder.parent.with_name(f"{folder.parent.name}.lock"), os.O_RDWR)
        with pytest.raises(BlockingIOError):  # what another one would wait for
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        os.close(held)


def test_a_library_with_another_hash_is_not_installed() -> None:
    text = re.sub(r"sha256:\w{4}", "sha256:0000", _pinned("annotated-types")).encode()
    said = r"annotated-types==\S+ is not to be had for Python"
    with fresh() as place, pytest.raises(UnverifiableError, match=said), environment.locked(place, text):
        pass


def test_libraries_of_today_that_differ_are_named() -> None:
    text = (ROOT / "requirements.lock").read_bytes()
    assert environment.differences(text) == []
    older = re.sub(rb"^pyyaml==\S+", b"pyyaml==1.0", text, flags=re.MULTILINE)
    [said] = environment.differences(older + b"no-such-library==1.0 ; python_version < '3' \\\n")
    assert said.startswith("pyyaml 1.0 → ")


def test_a_revision_without_a_lock_file_cannot_be_verified() -> None:
    said = "its libraries are not known"
    with fresh() as place, pytest.raises(UnverifiableError, match=said), environment.locked(place, None):
        pass
