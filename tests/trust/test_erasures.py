"""The list of erasures: what it says, and what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custody.errors import CustodyError
from custody.trust import erasures
from custody.trust.erasures import Erasures, Source

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = ("a" * 32, "b" * 32, "1" * 32)
ANN, BOB = "1" * 64, "2" * 64


def _source(was: str, now: str, path: str = "data/sources/x: y#.sealed") -> Source:
    return Source(path=path, was=was, now=now)


def test_what_is_written_is_read_back_and_written_again_alike(tmp_path: Path) -> None:
    path = tmp_path / "erasures.yaml"
    first = Erasures().add("case-7", "2026-11-26", [BOB, ANN], [_source(A, B)])
    whole = first.add("case-8", "2026-11-27", [ANN], [_source(B, C), _source(f"{A}.dir", f"{B}.dir", "data/sources/d")])
    erasures.write(path, whole)
    assert erasures.read(path.read_bytes(), "erasures.yaml") == whole
    assert whole.subjects == {ANN, BOB}
    assert [path.name for path in tmp_path.iterdir()] == ["erasures.yaml"]


def test_a_file_leads_to_the_last_that_took_its_place() -> None:
    whole = (
        Erasures().add("case-7", "2026-11-26", [ANN], [_source(A, B)]).add("b", "2026-11-27", [BOB], [_source(B, C)])
    )
    assert (whole.now(A), whole.now(B), whole.now(C), whole.now("f" * 32)) == (C, C, C, "f" * 32)


def test_the_same_again_adds_nothing_and_an_erasure_can_be_added_to() -> None:
    one = Erasures().add("case-7", "2026-11-26", [ANN], [_source(A, B)])
    assert one.add("case-7", "2027-01-01", [ANN], [_source(A, B)]) == one
    more = one.add("case-7", "2027-01-01", [BOB], [_source(B, C)]).erasures["case-7"]
    assert (more.date, more.subjects, len(more.sources)) == ("2026-11-26", (ANN, BOB), 2)
    with pytest.raises(CustodyError, match="under another id already"):
        one.add("case-8", "2027-01-01", [BOB], [_source(A, B)])


PEOPLE = f"date: '2026-11-26', subjects: ['{ANN}']"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "erasures: []",
        "more: {}",
        "erasures: {case-7: {}}",
        f"erasures: {{case-7: {{{PEOPLE}, sources: []}}}}",
        f"erasures: {{case-7: {{{PEOPLE}, sources: [{{path: ../x, was: '{A}', now: '{B}'}}]}}}}",
        f"erasures: {{case-7: {{{PEOPLE}, sources: [{{path: x, was: '{A}', now: '{B}.dir'}}]}}}}",
        f"erasures: {{case-7: {{{PEOPLE}, sources: [{{path: x, was: '{A}', now: '{A}'}}]}}}}",
        f"erasures: {{case-7: {{{PEOPLE}, sources: [{{path: x, was: '{A}', now: '{B}', more: 1}}]}}}}",
        f"erasures: {{case-7: {{{PEOPLE.replace(ANN, 'ann')}, sources: [{{path: x, was: '{A}', now: '{B}'}}]}}}}",
        f"erasures: {{case-7: &a {{{PEOPLE}, sources: [{{path: x, was: '{A}', now: '{B}'}}]}}, case-8: *a}}",
        f"""erasures: {{case-7: {{{PEOPLE}, sources: [{{path: x, was: '{A}', now: '{B}'}},
          {{path: x, was: '{A}', now: '{C}'}}]}}}}""",
        f"""erasures: {{case-7: {{{PEOPLE}, sources: [{{path: x, was: '{A}', now: '{B}'}},
          {{path: x, was: '{B}', now: '{C}'}}, {{path: x, was: '{C}', now: '{A}'}}]}}}}""",
        "\xff",
    ],
)
def test_what_is_no_list_of_erasures_stops_in_one_line_without_what_it_holds(text: str) -> None:
    with pytest.raises(CustodyError, match=r"^erasures.yaml: is no list of erasures") as stopped:
        erasures.read(text.encode("latin-1"), "erasures.yaml")
    assert "ann" not in str(stopped.value)
    assert stopped.value.status == 3


def test_more_than_can_be_read_back_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "erasures.yaml"
    with pytest.raises(CustodyError, match="is no list of erasures"):
        erasures.write(path, Erasures().add("a", "2026-11-26", (f"{i:064x}" for i in range(15_000)), [_source(A, B)]))
    assert not path.exists()
