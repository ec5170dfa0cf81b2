"""Records as collect reads them, as many as asked for."""

from __future__ import annotations

from pathlib import Path

from custody.profiling.sample import fields_of, sample


def test_clean_text_by_field_and_what_could_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n 1 ,x\n2\n,y\n")
    seen = sample(file, {"type": "csv"}, ("a", "b"))
    assert (seen.records, seen.malformed, seen.skipped, seen.whole) == (2, 1, 1, True)
    assert seen.columns["a"].to_pylist() == ["1", None]


def test_it_ends_soon_after_what_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n" + "1,2\n" * 500_000)
    seen = sample(file, {"type": "csv"}, ("a", "b"), 1_000)
    assert not seen.whole
    assert seen.records < 500_000


def test_a_damaged_file_counts_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(b"\x1f\x8b\x08" + b"x" * 50)
    seen = sample(file, {"type": "csv", "header": False, "names": ["a"]}, ("a",))
    assert (seen.records, seen.whole) == (0, False)


def test_documents_have_the_fields_of_their_kind() -> None:
    assert fields_of({"type": "document"}, ()) == ("body", "encoding")
    assert "subject" in fields_of({"type": "document", "kind": "email"}, ())
