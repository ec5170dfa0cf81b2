"""The statement is a closed model: what contradicts itself is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from custody.errors import RefusedError
from custody.records.plain import read_json
from custody.release import statement
from custody.release.stating import STEPS, metrics, plot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_what_was_written_is_read(released: Path, tmp_path: Path) -> None:
    stated = statement.read(released)
    statement.write(tmp_path, stated)
    assert (tmp_path / "statement.json").read_bytes() == (released / "statement.json").read_bytes()


def test_a_refusal_is_read_too(refused: Path) -> None:
    stated = statement.read(refused)
    assert [condition.id for condition in stated.broken] == ["rows", "quality_score"]


# how the JSON is altered → words of the refusal
ALTERED: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda s: s.update(schema="custody/statement/v2"), "is not of version"),
    (lambda s: s.pop("schema"), "is not of version"),
    (lambda s: s.pop("policy"), "incomplete or was altered"),
    (lambda s: s.update(note="trust me"), "incomplete or was altered"),
    (lambda s: s.update(rows=61), "incomplete or was altered"),
    (lambda s: s.update(rows="60"), "incomplete or was altered"),
    (lambda s: s.update(decision="refused"), "incomplete or was altered"),
    (lambda s: s["conditions"][0].update(held=False), "incomplete or was altered"),
    (lambda s: s["conditions"].clear(), "incomplete or was altered"),
    (lambda s: s["files"].pop(), "incomplete or was altered"),
    (lambda s: s["files"].reverse(), "incomplete or was altered"),
    (lambda s: s["files"].append(s["files"][0]), "incomplete or was altered"),
    (lambda s: s["files"][0].update(name="../x.parquet"), "incomplete or was altered"),
    (lambda s: s["files"][0].update(name="/etc/x.parquet"), "incomplete or was altered"),
    (lambda s: s["files"][0].update(name="x.parquet\n"), "incomplete or was altered"),
    (lambda s: s["files"][0].update(name="C:x.parquet"), "incomplete or was altered"),
    (lambda s: s["files"][0].update(sha256="0"), "incomplete or was altered"),
    (lambda s: s["accounting"].update(released=59, refused=1), "incomplete or was altered"),
    (lambda s: s["accounting"].update(withheld=5), "incomplete or was altered"),
    (lambda s: s["accounting"].update(malformed=None), "incomplete or was altered"),
    (lambda s: s["columns"].clear(), "incomplete or was altered"),
]


@pytest.mark.parametrize(("alter", "words"), ALTERED)
def test_an_altered_statement_is_refused(released: Path, alter: Callable[..., Any], words: str) -> None:
    told = read_json(released / "statement.json")
    alter(told)
    (released / "statement.json").write_text(json.dumps(told))
    with pytest.raises(RefusedError, match=words):
        statement.read(released)


OTHER: list[Callable[[bytes], bytes]] = [
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.decode().encode("utf-16"),
    lambda text: text.decode().encode("utf-32-le"),
    lambda text: text.replace(b'"internal"', b'"\xed\xa0\xbd\xed\xb8\x80"'),
    lambda text: text.replace(b'"rows":', b'"rows": 1, "rows":', 1),
    lambda text: text.replace(b'"expires": null', b'"expires": NaN'),
]


@pytest.mark.parametrize("alter", OTHER)
def test_a_statement_is_json_in_utf_8_of_one_reading(released: Path, alter: Callable[[bytes], bytes]) -> None:
    text = statement.text(released)
    assert alter(text) != text
    with pytest.raises(RefusedError, match="is not the JSON that the gate writes"):
        statement.of(alter(text), released)


def test_metrics_are_the_decision_as_numbers(released: Path) -> None:
    assert metrics(statement.read(released)) == {"released": 1, "rows": 60, "broken": 0}


def test_metrics_of_a_refusal_say_no(refused: Path) -> None:
    assert metrics(statement.read(refused)) == {"released": 0, "rows": 0, "broken": 2}


def test_the_plot_holds_every_step_in_order(released: Path) -> None:
    stated = statement.read(released)
    head, *lines = plot(stated).splitlines()
    assert head == "step,records"
    told = {line.split(",")[0].split(". ")[1]: int(line.split(",")[1]) for line in lines}
    assert told == stated.accounting.model_dump()
    assert list(told) == list(STEPS)
