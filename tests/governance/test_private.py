"""Files of secrets: read where they are plain files, written whole or not at all, in no repository."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import private
from support import STAGES

SECRET = b"a secret " * 1000


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, make: object) -> None:
    path = tmp_path / "key"
    make(path, 0o700)  # type: ignore[operator]
    with pytest.raises(CustodyError, match=re.escape("KEY: ") + ".*(not a plain file|cannot be read)"):
        private.read(path, "KEY", "make one")


def test_a_link_to_a_plain_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "held").touch(mode=0o600)
    (tmp_path / "held").write_bytes(b"text")
    (tmp_path / "key").symlink_to("held")
    assert private.read(tmp_path / "key", "KEY", "make one") == b"text"


def test_a_made_file_is_its_owners_alone_and_so_is_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "key"
    private.create(path, SECRET, "KEY")
    assert path.read_bytes() == SECRET
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["file", "link", "broken link", "folder"])
def test_nothing_is_ever_replaced(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "key", tmp_path / "other"
    other.write_bytes(b"mine")
    if kind == "file":
        path.write_bytes(b"mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(other if kind == "link" else tmp_path / "nowhere")
    with pytest.raises(CustodyError, match="KEY: the file is there already and is never replaced"):
        private.create(path, SECRET, "KEY")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["key", "other"]
    assert other.read_bytes() == b"mine"
    assert path.is_dir() or path.is_symlink() or path.read_bytes() == b"mine"


def test_a_file_in_a_repository_is_not_made_wherever_the_working_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet", "repository"], cwd=tmp_path, check=True)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    target = Path("../repository/secrets/key")
    with pytest.raises(CustodyError, match="KEY: is inside a project, where git or DVC could publish it"):
        private.create(target, SECRET, "KEY")
    with pytest.raises(CustodyError, match="KEY: is inside a project"):
        private.change(target, lambda: SECRET, "KEY")
    assert not target.parent.exists()


@pytest.mark.parametrize("name", ["create", "change"])
def test_what_a_killed_process_left_beside_is_removed(tmp_path: Path, name: str) -> None:
    path, left = tmp_path / "key", tmp_path / ".key.new"
    left.write_bytes(b"half of a sec")
    left.chmod(0o644)
    (tmp_path / "second name").hardlink_to(left)  # as a kill right after the file got its own name
    if name == "create":
        private.create(path, SECRET, "KEY")
    else:
        private.change(path, lambda: SECRET, "KEY")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (SECRET, 0o600)
    assert (tmp_path / "second name").read_bytes() == b"half of a sec"
    assert not left.exists()


def test_a_link_in_the_place_of_the_hidden_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"mine")
    (tmp_path / ".key.new").symlink_to(tmp_path / "other")
    with pytest.raises(CustodyError, match="KEY: cannot be written"):
        private.create(tmp_path / "key", SECRET, "KEY")
    assert (tmp_path / "other").read_bytes() == b"mine"


_WRITING = """
import sys
from pathlib import Path
from custody.errors import CustodyError
from custody.governance import private
path = Path(sys.argv[1])
try:
    if sys.argv[2] == "create":
        private.create(path, b"a secret " * 1000, "KEY")
    else:
        private.change(path, lambda: b"a secret " * 1000, "KEY")
except CustodyError as error:
    sys.exit(str(error))
"""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _write(path: Path, how: str, *before: str, limited: bool = False) -> str:
    command = [*before, sys.executable, "-B", "-c", _WRITING, str(path), how]
    environment = {**os.environ, "PYTHONPATH": str(STAGES)}
    done = subprocess.run(
        command, env=environment, preexec_fn=_limited if limited else None, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    return done.stderr


@pytest.mark.parametrize("how", ["create", "change"])
def test_a_write_that_fails_half_way_leaves_nothing_of_the_secret(tmp_path: Path, how: str) -> None:
    path = tmp_path / "key"
    if how == "change":
        private.create(path, b"before", "KEY")
    said = _write(path, how, limited=True)
    assert said == "KEY: cannot be written (File too large); choose a folder that you may write to, with space\n"
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("key", b"before")] * (how == "change")


_FULL = 'mount -t tmpfs -o size=8k none "$0" && "$@"; status=$?; ls -A "$0" >&2; exit $status'
_MOUNTS = subprocess.run(
    ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
)


@pytest.mark.skipif(_MOUNTS.returncode != 0, reason="this user may mount no file system of his own (unshare --mount)")
@pytest.mark.parametrize("how", ["create", "change"])
def test_a_full_disk_is_said_and_nothing_is_left_on_it(tmp_path: Path, how: str) -> None:
    before = ("unshare", "--map-root-user", "--mount", "sh", "-c", _FULL, str(tmp_path))
    said = _write(tmp_path / "key", how, *before)
    words = "KEY: cannot be written (No space left on device); choose a folder that you may write to, with space\n"
    assert said == words, "and the list of what is left is empty"
