"""`custody privacy erasure`: digests of keyed pseudonyms and of files, counts on the screen, and no name anywhere."""

from __future__ import annotations

import getpass
import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custody.governance import keys
from custody.policy import load
from custody.privacy.techniques import registry
from custody.trust import erasures
from support import log_path, logged

ADA = "Ada.Lovelace"
SIDECAR = "data/sources/vpn.sealed.dvc"
WAS, NOW = "a" * 32, "b" * 32
ASKED = ("case-7", f"v1:{SIDECAR}")


def _git(*words: str) -> None:
    subprocess.run(("git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words), check=True)


def _names(md5: str, path: str = "vpn.sealed", kind: str = "md5") -> None:
    Path(SIDECAR).write_text(f"outs:\n- md5: {md5}\n  hash: {kind}\n  path: {path}\n", encoding="utf-8")


@pytest.fixture
def ops(project: Path, custody: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a zone of its own whose source was replaced since v1."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert custody("keys", "init", "ops").status == 0
    Path("data/sources").mkdir(parents=True)
    _names(WAS)
    _git("init", "--quiet")
    _git("add", "--all")
    _git("commit", "--quiet", "--message", "v1")
    _git("tag", "v1")
    _names(NOW)
    return project


@pytest.fixture
def erase(custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run the command with a text on standard input."""

    def run(text: str, *words: str) -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        ran = custody("privacy", "erasure", *words)
        assert ADA.casefold() not in (ran.out + ran.err).casefold()
        return ran

    return run


def _digest(name: str, epoch: int = 1) -> str:
    policy = load(Path("params.yaml"))
    column = policy.privacy.columns["user"]
    zone = keys.open_zone(policy.keys, ()).at({"person": epoch})
    [token] = registry.transform(pa.array([name]), column, "user", zone).values.to_pylist()  # type: ignore[union-attr]
    return hashlib.sha256(token.encode()).hexdigest()


def _held() -> erasures.Erasure:
    text = Path(erasures.PATH).read_bytes()
    assert ADA.casefold().encode() not in text.lower()
    return erasures.read(text, "erasures.yaml").erasures["case-7"]


@pytest.mark.usefixtures("ops")
def test_people_and_files_are_recorded_by_digest_and_the_log_has_counts_alone(erase: Callable[..., Any]) -> None:
    ran = erase(f"{ADA}\n\n  {ADA.upper()}\nbob\n", *ASKED)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "case-7: identifiers: 3, sources: 1; commit .custody/erasures.yaml and the .dvc files\n"
    held = _held()
    assert set(held.subjects) == {_digest("ada.lovelace"), _digest("bob")}
    assert held.sources == (erasures.Source(path="data/sources/vpn.sealed", was=WAS, now=NOW),)
    [entry] = logged("erasure")
    assert entry["about"] == {"id": "case-7", "sources": 1, "identifiers": 3, "zone": "ops"}
    assert ADA.casefold() not in log_path().read_text().casefold()


@pytest.mark.usefixtures("ops")
def test_names_are_read_as_utf_8_whatever_the_locale_is(
    custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("josé\n".encode()), encoding="latin-1"))
    assert custody("privacy", "erasure", *ASKED).status == 0
    assert set(_held().subjects) == {_digest("josé")}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("josé\n".encode("latin-1")), encoding="latin-1"))
    ran = custody("privacy", "erasure", *ASKED)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "standard input: is not UTF-8 text" in ran.err


@pytest.mark.usefixtures("ops")
def test_the_same_again_changes_nothing_and_a_second_erasure_goes_on_from_the_first(erase: Callable[..., Any]) -> None:
    assert erase(ADA, *ASKED).status == 0
    before = Path(erasures.PATH).stat()
    assert erase(ADA, *ASKED).status == 0
    assert Path(erasures.PATH).stat() == before
    _names("c" * 32)
    assert erase("bob", "case-8", f"v1:{SIDECAR}").status == 0
    held = erasures.read(Path(erasures.PATH).read_bytes(), "erasures.yaml")
    [source] = held.erasures["case-8"].sources
    assert (source.was, source.now, held.now(WAS)) == (NOW, "c" * 32, "c" * 32)


@pytest.mark.usefixtures("ops")
def test_releases_of_earlier_epochs_are_covered_too(custody: Callable[..., Any], erase: Callable[..., Any]) -> None:
    assert custody("keys", "rotate", "person").status == 0
    assert erase(ADA, *ASKED).status == 0
    assert set(_held().subjects) == {_digest("ada.lovelace", 1), _digest("ada.lovelace", 2)}


@pytest.mark.usefixtures("ops")
def test_on_a_terminal_nothing_that_is_typed_is_shown(
    custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter([ADA, "bob", ""])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert custody("privacy", "erasure", *ASKED).status == 0
    assert len(_held().subjects) == 2


@pytest.mark.parametrize(
    ("words", "text", "says"),
    [
        (("case-7", f"v2:{SIDECAR}"), ADA, "names no .dvc file of a revision"),
        (("case-7", SIDECAR), ADA, "names no .dvc file of a revision"),
        (("case-7", "v1:params.yaml"), ADA, "names no .dvc file of a revision"),
        (("case-7", "v1:data/sources/none.dvc"), ADA, "is no file of REV"),
        (("Case 7", f"v1:{SIDECAR}"), ADA, "ID: must be"),
        (ASKED, "", "standard input: holds no identifiers"),
        (ASKED, "\n \n", "standard input: holds no identifiers"),
        (ASKED, f"{ADA}\x00\n", "standard input: holds no identifiers"),
        (ASKED, "x" * 2**21, "standard input: holds no identifiers"),
    ],
)
@pytest.mark.usefixtures("ops")
def test_a_mistake_is_one_line_and_writes_nothing(
    erase: Callable[..., Any], words: tuple[str, ...], text: str, says: str
) -> None:
    ran = erase(text, *words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert says in ran.err
    assert not Path(erasures.PATH).exists()


@pytest.mark.usefixtures("ops")
def test_a_source_that_is_what_it_was_or_kept_otherwise_is_refused(erase: Callable[..., Any]) -> None:
    for words in ((WAS,), (NOW, "vpn.sealed", "etag"), (NOW, "elsewhere.sealed")):
        _names(*words)
        ran = erase(ADA, *ASKED)
        assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "data/sources/vpn.sealed is what it was at REV" in ran.err
    assert not Path(erasures.PATH).exists()


def _and(path: str, md5: str) -> None:
    with Path(SIDECAR).open("a", encoding="utf-8") as sidecar:
        sidecar.write(f"- md5: {md5}\n  hash: md5\n  path: {path}\n")


@pytest.mark.parametrize("path", ["../../../elsewhere", "/elsewhere"])
@pytest.mark.usefixtures("ops")
def test_a_file_outside_the_project_is_no_source(erase: Callable[..., Any], path: str) -> None:
    _names(WAS)
    _and(path, WAS)
    _git("commit", "--quiet", "--all", "--message", "v2")
    _names(NOW)
    _and(path, NOW)
    ran = erase(ADA, "case-7", f"HEAD:{SIDECAR}")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "REV:PATH: names a file outside the project" in ran.err
    assert not Path(erasures.PATH).exists()


@pytest.mark.usefixtures("ops")
def test_a_file_that_comes_back_is_not_recorded_as_one_without_its_people(erase: Callable[..., Any]) -> None:
    assert erase(ADA, *ASKED).status == 0
    before = Path(erasures.PATH).read_bytes()
    _git("commit", "--quiet", "--all", "--message", "v2")
    _names(WAS)
    ran = erase(ADA, "case-8", f"HEAD:{SIDECAR}")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "by what it took the place of" in ran.err
    assert Path(erasures.PATH).read_bytes() == before


@pytest.mark.usefixtures("ops")
def test_the_same_file_at_two_places_is_replaced_at_both(erase: Callable[..., Any]) -> None:
    _names(WAS)
    _and("copy", WAS)
    _git("commit", "--quiet", "--all", "--message", "v2")
    _names(NOW)
    _and("copy", NOW)
    assert erase(ADA, "case-7", f"HEAD:{SIDECAR}").status == 0
    assert [one.path for one in _held().sources] == ["data/sources/vpn.sealed", "data/sources/copy"]


@pytest.mark.usefixtures("ops")
def test_a_name_that_is_no_text_and_a_closed_standard_input_are_mistakes(
    custody: Callable[..., Any], erase: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "names no .dvc file of a revision" in erase(ADA, "case-7", "v1:\udcff.dvc").err
    monkeypatch.setattr(sys, "stdin", None)
    ran = custody("privacy", "erasure", *ASKED)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "standard input: is closed" in ran.err


def test_without_arguments_it_is_no_command(custody: Callable[..., Any]) -> None:
    assert custody("privacy", "erasure").status == 2
    assert custody("privacy", "erasure", "case-7").status == 2


def test_what_is_no_keyed_pseudonym_could_be_guessed_and_is_refused(ops: Path, erase: Callable[..., Any]) -> None:
    params = ops / "params.yaml"
    text = params.read_text(encoding="utf-8")
    params.write_text(text.replace("  subject: user", "  subject: src_ip"), encoding="utf-8")
    ran = erase("192.0.2.1", *ASKED)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "privacy.subject: must name a column of technique mac or encrypt_deterministic" in ran.err


@pytest.mark.usefixtures("ops")
def test_a_damaged_list_is_left_as_it_is(erase: Callable[..., Any]) -> None:
    Path(".custody").mkdir(exist_ok=True)
    Path(erasures.PATH).write_text("erasures: [", encoding="utf-8")
    ran = erase(ADA, *ASKED)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "is no list of erasures" in ran.err
    assert Path(erasures.PATH).read_text(encoding="utf-8") == "erasures: ["


@pytest.mark.usefixtures("ops")
def test_without_an_entry_in_the_log_nothing_is_opened(
    erase: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    ran = erase(ADA, *ASKED)
    assert (ran.status, ran.out) == (3, "")
    assert "audit log: cannot be written" in ran.err
    assert not Path(erasures.PATH).exists()


def test_the_public_demo_key_makes_no_digest_of_anybody(
    project: Path, erase: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (project / "data/sources").mkdir(parents=True)
    _names(WAS)
    _git("init", "--quiet")
    _git("add", "--all")
    _git("commit", "--quiet", "--message", "v1")
    _git("tag", "v1")
    _names(NOW)
    ran = erase(ADA, *ASKED)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "the demo key is public" in ran.err
