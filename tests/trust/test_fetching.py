"""`custody fetch`: a release of another repository arrives verified, or not at all."""

from __future__ import annotations

import hashlib
import http.server
import json
import shutil
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import custody
from custody.repository.lock import output
from support import logged

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from pipeline.project import Project
    from trust.conftest import Signed

pytestmark = pytest.mark.xdist_group("attacks")


@pytest.fixture
def released(signed: Signed) -> dict[str, bytes]:
    """The files of the release, as they are before anything is done to them."""
    return {path.name: path.read_bytes() for path in (signed.project.root / "data" / "released").iterdir()}


def fetch(here: Project, *words: str, rev: str = "main", **environment: str) -> subprocess.CompletedProcess[str]:
    return here.run("custody", "fetch", "../project", "got", "--rev", rev, *words, **environment)


def _refused(here: Project, ran: subprocess.CompletedProcess[str], words: str, status: int = 1) -> None:
    assert (ran.returncode, ran.stdout) == (status, "")
    assert ran.stderr.count("\n") == 1
    assert words in ran.stderr
    assert list(here.root.iterdir()) == [], "and nothing is left"


def test_a_release_arrives_with_its_signatures_and_loads(here: Project, signed: Signed) -> None:
    ran = fetch(here)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "fetched auth-events: 5,513 rows, signed by ada; got/released\n"
    assert sorted(path.name for path in (here.root / "got").iterdir()) == ["audit", "released", "signatures"]
    released = signed.project.root / "data" / "released"
    for path in released.iterdir():
        assert (here.root / "got" / "released" / path.name).read_bytes() == path.read_bytes()
    assert len(custody.load("got/released")) == 5513
    fetched, loaded = logged()
    assert (fetched["action"], fetched["outcome"], loaded["action"], loaded["outcome"]) == (
        "fetch",
        "done",
        "load",
        "done",
    )
    assert fetched["release"] == loaded["release"]
    assert fetched["about"] == {"revision": signed.project.git("rev-parse", "main").strip()}


def test_a_release_that_was_signed_in_a_later_commit_arrives_with_what_it_was_judged_by(
    here: Project, signed: Signed
) -> None:
    project = signed.project
    shutil.rmtree(project.root / "data" / "signatures")
    project.commit()
    earlier = project.git("rev-parse", "HEAD").strip()
    (before,) = (project.root / "data" / "audit").glob("*.jsonl")
    held = before.read_bytes()
    project.must("custody", "release", "sign", "--key", str(signed.ada.path), "--trusted", str(signed.trusted))
    project.commit()
    assert len(before.read_bytes()) > len(held), "signing is in the log"
    ran = fetch(here, rev=earlier)
    assert ran.returncode == 0, ran.stderr
    assert "signed by ada" in ran.stdout
    for name in ("signatures", "audit"):
        made = {path.name: path.read_bytes() for path in (project.root / "data" / name).iterdir()}
        assert {path.name: path.read_bytes() for path in (here.root / "got" / name).iterdir()} == made
    assert len(custody.load("got/released")) == 5513


def test_from_a_remote_alone(here: Project, signed: Signed) -> None:
    signed.project.must("dvc", "remote", "add", "-d", "store", "../store")
    signed.project.must("dvc", "push", "--quiet")
    signed.project.commit()
    shutil.rmtree(signed.project.root / ".dvc" / "cache")
    shutil.rmtree(signed.project.root / "data" / "released")
    assert fetch(here).returncode == 0
    assert len(custody.load("got/released")) == 5513


def test_nobody_is_believed_for_the_keys_that_come_along(here: Project, signed: Signed) -> None:
    (signed.project.root / ".custody").mkdir(exist_ok=True)
    shutil.copy(signed.trusted, signed.project.root / ".custody" / "trust.yaml")
    signed.project.commit()
    _refused(here, fetch(here, CUSTODY_TRUST=""), "its key is not among the trusted ones")
    assert [(one["action"], one["outcome"]) for one in logged()] == [("fetch", "refused")]


def test_an_unsigned_release_is_refused(here: Project, signed: Signed) -> None:
    shutil.rmtree(signed.project.root / "data" / "signatures")
    signed.project.commit()
    _refused(here, fetch(here), "nobody whose key you trust signed it, and it was not made here")


def test_a_release_that_was_retracted_since_is_refused(here: Project, signed: Signed) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    signed.project.must("custody", "release", "retract", ".", "--reason", "labels were wrong")
    newest = signed.project.root / ".custody" / "retractions.json"
    _refused(here, fetch(here, "--retractions", str(newest), rev=earlier), "labels were wrong")
    signed.project.commit()
    _refused(here, fetch(here, rev=earlier), "was retracted on ")


def test_a_release_that_was_refused_since_is_refused(here: Project, signed: Signed) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    params = signed.project.root / "params.yaml"
    params.write_text(params.read_text().replace("  min_rows: 1000", "  min_rows: 100000"))
    assert signed.project.repro().returncode != 0
    signed.project.commit()
    _refused(here, fetch(here, rev=earlier), "a later decision on this data set is a refusal")
    _refused(here, fetch(here), "the gate refused this release")


def test_altered_bytes_are_refused(here: Project, signed: Signed) -> None:
    released = signed.project.root / "data" / "released"
    (name,) = sorted(path.name for path in released.glob("*.parquet"))[:1]
    listing = json.loads(next((signed.project.root / ".dvc/cache/files/md5").glob("*/*.dir")).read_text())
    assert listing
    md5 = hashlib.md5((released / name).read_bytes(), usedforsecurity=False).hexdigest()
    held = signed.project.root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    held.chmod(0o644)
    data = bytearray(held.read_bytes())
    data[len(data) // 2] ^= 1
    held.unlink()
    held.write_bytes(data)
    _refused(here, fetch(here), "was altered, its digest is not the statement's")


def test_what_is_there_is_never_replaced(here: Project) -> None:
    (here.root / "got").mkdir()
    (here.root / "got" / "mine.txt").write_text("mine")
    ran = fetch(here)
    assert (ran.returncode, ran.stderr) == (
        3,
        "custody: PATH: got is there already, and nothing is replaced; choose another\n",
    )
    assert (here.root / "got" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("repository", "rev", "words"),
    [
        ("../project", "no-such", "--rev: is no revision of REPO"),
        ("../project", "--output=x", "--rev: is no revision of REPO"),
        ("../nothing", "main", "REPO: cannot be cloned"),
        ("ext::sh -c touch% ran", "main", "REPO: cannot be cloned"),
        ("--upload-pack=touch ran", "main", "REPO: cannot be cloned"),
    ],
)
def test_what_is_no_release_stops_in_one_line(here: Project, repository: str, rev: str, words: str) -> None:
    ran = here.run("custody", "fetch", "--rev", rev, "--", repository, "got")
    _refused(here, ran, words, 3)
    assert not [path for path in here.root.parent.rglob("*") if path.name in ("ran", "x")]


@pytest.fixture
def remote(here: Project, signed: Signed, tmp_path: Path) -> Iterator[list[str]]:
    """The project's data on a web server alone; the paths of all that was asked of it."""
    asked: list[str] = []

    class Counting(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    project = signed.project
    project.must("dvc", "remote", "add", "-d", "store", "../store")
    project.must("dvc", "push", "--quiet")
    shutil.rmtree(project.root / ".dvc" / "cache")
    shutil.rmtree(project.root / "data" / "released")
    assert here.root.is_dir()
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Counting, directory=str(tmp_path / "store"))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        project.must("dvc", "remote", "modify", "store", "url", f"http://127.0.0.1:{server.server_port}")
        project.commit()
        yield asked
        server.shutdown()


def _objects(signed: Signed, released: dict[str, bytes]) -> dict[str, str]:
    """Where a remote has each file of the release, and the list of them."""
    lock = (signed.project.root / "dvc.lock").read_bytes()
    md5s = {name: hashlib.md5(text, usedforsecurity=False).hexdigest() for name, text in released.items()}
    md5s[""] = str(output(lock, "gate", "data/released"))
    return {name: f"/files/md5/{md5[:2]}/{md5[2:]}" for name, md5 in md5s.items()}


def _retract(signed: Signed) -> None:
    signed.project.must("custody", "release", "retract", "HEAD", "--reason", "labels were wrong")
    signed.project.commit()


def _unsign(signed: Signed) -> None:
    shutil.rmtree(signed.project.root / "data" / "signatures")
    signed.project.commit()


@pytest.mark.parametrize("harm", [_unsign, _retract], ids=["nobody signed", "retracted"])
def test_nothing_but_the_statement_is_brought_before_somebody_vouches_for_it(
    here: Project, signed: Signed, released: dict[str, bytes], remote: list[str], harm: Callable[[Signed], None]
) -> None:
    objects = _objects(signed, released)
    assert fetch(here).returncode == 0
    assert set(objects.values()) <= set(remote), "believed, all of it is"
    shutil.rmtree(here.root / "got")
    harm(signed)
    remote.clear()
    ran = fetch(here)
    _refused(here, ran, "was retracted" if harm is _retract else "nobody whose key you trust signed it")
    assert objects["statement.json"] in remote
    assert set(remote) <= {objects[""], objects["statement.json"]}, "and the list of files, where it is not known yet"


@pytest.mark.parametrize(
    ("suffix", "words"),
    [
        ("statement.json", "is larger than 16777216 bytes, so no gate wrote it"),
        (".parquet", "was altered, its digest is not the statement's"),
    ],
)
def test_a_huge_file_is_not_brought_whole(
    here: Project,
    signed: Signed,
    released: dict[str, bytes],
    remote: list[str],
    tmp_path: Path,
    suffix: str,
    words: str,
) -> None:
    objects = _objects(signed, released)
    path = tmp_path / "store" / objects[min(name for name in objects if name.endswith(suffix))].lstrip("/")
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.truncate(2**34)
    _refused(here, fetch(here), words)
    assert remote
