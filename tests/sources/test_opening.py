"""A source is read as what it was identified as, sealed or plain, or not at all."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custody.engine import serial
from custody.errors import CustodyError
from custody.policy.sources import Source
from custody.records import seal
from custody.records.zone import Zone
from custody.sources.discover import Found, discover
from custody.sources.opening import SourceFile, identify, look, opened, source_label

if TYPE_CHECKING:
    from pathlib import Path

ZONE, OTHER = Zone("z", bytes(range(32))), Zone("z", bytes(range(1, 33)))


def source(**more: Any) -> Source:
    provenance = {"owner": "team", "license": "Apache-2.0", "basis": "security", "review_by": "2027-01-01"}
    raw = {"path": "a", "format": {"type": "csv"}, "columns": {"a": "a"}, "provenance": provenance, "purposes": ("p",)}
    return Source.model_validate({**raw, **more})


def sealed(path: Path, content: bytes, zone: Zone = ZONE) -> Path:
    """Seal for the place of a file that stands right in its project."""
    path.write_bytes(seal.seal(content, source_label(path.name), zone))
    return path


def files(root: Path, paths: list[Path], **more: Any) -> list[SourceFile]:
    found = [Found("s", number, path, path.relative_to(root).as_posix()) for number, path in enumerate(paths, 1)]
    stored = look(found, {"s": source(**more)}, root, serial.run)
    return identify(stored, {"s": source(**more)}, ZONE, serial.run)


def plain(root: Path, name: str, content: bytes) -> Path:
    (root / name).write_bytes(content)
    return root / name


def test_sealed_and_plain_files_of_one_content_have_one_digest(tmp_path: Path) -> None:
    content = b"a,b\n" * 700_000
    both = files(tmp_path, [plain(tmp_path, "a.csv", content), sealed(tmp_path / "b.csv.sealed", content)])
    digest = hashlib.sha256(content).hexdigest()
    assert [(one.sha256, one.bytes, one.id) for one in both] == [
        (digest, len(content), digest[:16]), (digest, len(content), digest[:16] + "-2")
    ]  # fmt: skip
    for one in both:
        with opened(one, ZONE) as stream:
            assert stream.read() == content


def test_the_digest_that_is_told_before_the_key_is_known_is_not_that_of_a_sealed_files_content(tmp_path: Path) -> None:
    content = b"x\n"
    shut, open_ = sealed(tmp_path / "a.sealed", content), plain(tmp_path, "b", content)
    found = [Found("s", 1, shut, "a.sealed"), Found("s", 2, open_, "b")]
    closed, clear = look(found, {"s": source()}, tmp_path, serial.run)
    assert clear.digest == hashlib.sha256(content).hexdigest()
    assert closed.digest != clear.digest


def test_the_label_is_the_path_in_the_project_without_the_suffix() -> None:
    label = source_label("data/sources/auth.log.sealed")
    assert label == source_label("data/sources/auth.log") == "source/data/sources/auth.log"


def test_sealed_files_of_one_name_cannot_be_swapped_between_folders(tmp_path: Path) -> None:
    sources = {name: source(path=f"{name}/log.sealed") for name in ("vpn", "web")}
    for name in sources:
        (tmp_path / name).mkdir()
        place = f"{name}/log.sealed"
        (tmp_path / place).write_bytes(seal.seal(f"{name}\n".encode(), source_label(place), ZONE))

    def read() -> list[bytes]:
        stored = look(discover(sources, tmp_path), sources, tmp_path, serial.run)
        contents = []
        for file in identify(stored, sources, ZONE, serial.run):
            with opened(file, ZONE) as stream:
                contents.append(stream.read())
        return contents

    assert read() == [b"vpn\n", b"web\n"]
    (tmp_path / "vpn/log.sealed").rename(tmp_path / "kept")
    (tmp_path / "web/log.sealed").rename(tmp_path / "vpn/log.sealed")
    (tmp_path / "kept").rename(tmp_path / "web/log.sealed")
    with pytest.raises(CustodyError, match=r"^sources\.vpn: file 1: was altered, belongs elsewhere"):
        read()


def test_a_wrong_key_name_or_byte_stops_without_naming_the_file(tmp_path: Path) -> None:
    good = sealed(tmp_path / "alice.sealed", b"x" * 3_000_000).read_bytes()
    cases = {
        "alice.sealed": seal.seal(b"x", "source/alice", OTHER),
        "bob.sealed": good,
        "alice2.sealed": seal.seal(b"x" * 3_000_000, "source/alice2", ZONE)[:-1],
        "alice3.sealed": bytes([*good[:-5], good[-5] ^ 1, *good[-4:]]),
        "alice4.sealed": good[:20],
    }
    for name, data in cases.items():
        with pytest.raises(CustodyError, match=r"^sources\.s: file 1: was altered, belongs elsewhere") as caught:
            files(tmp_path, [plain(tmp_path, name, data)])
        assert "alice" not in str(caught.value)
        assert "bob" not in str(caught.value)


def test_a_pinned_digest_is_that_of_the_plain_content(tmp_path: Path) -> None:
    content = b"a\n1\n"
    pin = hashlib.sha256(content).hexdigest()
    for path in (plain(tmp_path, "a.csv", content), sealed(tmp_path / "a.csv.sealed", content)):
        assert files(tmp_path, [path], sha256=pin)[0].sha256 == pin
        with pytest.raises(CustodyError, match=r"^sources\.s\.sha256: "):
            files(tmp_path, [path], sha256="0" * 64)


@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_changes_while_it_is_read_stops(tmp_path: Path, late: bool) -> None:  # noqa: FBT001
    path = plain(tmp_path, "a.csv", b"a,b\n" * 1_000_000)
    (file,) = files(tmp_path, [path])
    with (
        pytest.raises(CustodyError, match=r"^sources\.s: file 1: changed while it was being read"),
        opened(file, ZONE) as stream,
    ):
        stream.read(10)
        with path.open("r+b") as other:
            other.seek(0, io.SEEK_END if late else io.SEEK_SET)
            other.seek(3_000_000 if not late else other.tell())
            other.write(b"X")


def test_what_a_reader_leaves_out_is_checked_all_the_same(tmp_path: Path) -> None:
    path = plain(tmp_path, "a.csv", b"a,b\n" * 1_000_000)
    (file,) = files(tmp_path, [path])
    with opened(file, ZONE) as stream:
        stream.seek(-4, io.SEEK_END)
        assert stream.read() == b"a,b\n"
        stream.seek(0)
        assert stream.read(2) == b"a,"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.integers(0, 2_600_000), st.integers(0, 1_500_000)), max_size=5)
)
def test_a_sealed_file_is_sought_in_as_a_plain_one(tmp_path: Path, moves: list[tuple[int, int, int]]) -> None:
    content = bytes(range(256)) * 10_000
    both = files(tmp_path, [plain(tmp_path, "a", content), sealed(tmp_path / "b.sealed", content)])
    with opened(both[0], ZONE) as one, opened(both[1], ZONE) as two:
        for whence, offset, size in moves:
            place = {0: offset, 1: 0, 2: -min(offset, len(content))}[whence]
            assert one.seek(place, whence) == two.seek(place, whence)
            assert one.read(size) == two.read(size)
            assert one.tell() == two.tell()


def test_a_source_that_dvc_keeps_in_the_clear_stops_until_the_policy_says_why(tmp_path: Path) -> None:
    path = plain(tmp_path, "a.csv", b"a\n1\n")
    plain(tmp_path, "a.csv.dvc", b"outs:\n- path: a.csv\n")
    with pytest.raises(CustodyError, match=r"^sources\.s\.plaintext: DVC keeps this source in the clear"):
        files(tmp_path, [path])
    assert files(tmp_path, [path], plaintext="public test data")
    shut = sealed(tmp_path / "b.sealed", b"a\n1\n")
    plain(tmp_path, "b.sealed.dvc", b"outs:\n- path: b.sealed\n")
    assert files(tmp_path, [shut])


def test_a_file_that_is_gone_is_named_by_source_and_number(tmp_path: Path) -> None:
    (file,) = files(tmp_path, [plain(tmp_path, "alice.csv", b"a\n")])
    file.found.path.unlink()
    with pytest.raises(CustodyError, match=r"^sources\.s: file 1: cannot be read \(No such file"), opened(file, ZONE):
        pass
