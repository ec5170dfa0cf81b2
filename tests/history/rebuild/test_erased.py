"""Which rows a rebuild lacks, and whether they are all of people whose erasure is recorded."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custody.history.rebuild.erased import Erased, are_of, is_as_stated, missing, says_alike
from custody.history.rebuild.replacing import Replaced
from custody.history.version import Version
from custody.records import logical
from support import ZONE


def _table(*rows: tuple[Any, ...]) -> pa.Table:
    ids, users, numbers = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "row_id": pa.array(ids, pa.string()),
            "user": pa.array(users, pa.string()),
            "n": pa.array(numbers, pa.float64()),
        }
    )


NAN = float("nan")
ONE, TWO, THREE = ("1", "ann", 1.0), ("2", "ann", NAN), ("3", "bob", None)
LISTED = frozenset({hashlib.sha256(b"ann").hexdigest()})


def _missing(before: dict[str, pa.Table], after: dict[str, pa.Table]) -> list[tuple[Any, Any]] | None:
    found = missing(before, after)
    if found is None:
        return None
    return [(row["user"], row["n"]) for row in found.to_pylist()]


def test_equal_rows_under_other_ids_in_a_partition_of_another_name_are_no_difference() -> None:
    before = {"edge-aa-0": _table(ONE, TWO, THREE)}
    after = {"edge-bb-0": _table(("8", *THREE[1:])), "edge-bb-1": _table(("9", *ONE[1:]), ("7", *TWO[1:]))}
    assert _missing(before, after) == []
    assert _missing(before, {"edge-bb-0": after["edge-bb-1"]}) == [("bob", None)]


def test_a_row_that_stood_twice_is_missing_where_it_stands_once() -> None:
    assert _missing({"edge-aa-0": _table(ONE, ("2", *ONE[1:]))}, {"edge-bb-0": _table(ONE)}) == [("ann", 1.0)]


@pytest.mark.parametrize(
    "after",
    [
        {"edge-bb-0": _table(ONE, ("2", *ONE[1:]))},
        {"edge-bb-0": _table(ONE, ("2", "ann", 2.0))},
        {"edge-bb-0": _table(("1", "bob", 1.0))},
        {"other-bb-0": _table(ONE)},
        {"edge-aa-0": _table(("5", *ONE[1:]))},
        {"edge-bb-0": _table(ONE).append_column("more", pa.array(["x"]))},
        {"edge-bb-0": _table(ONE).set_column(2, "n", pa.array([1], pa.int64()))},
    ],
    ids=["twice", "a row more", "another's", "another source's", "another id", "a column more", "another type"],
)
def test_a_row_that_is_not_recorded_is_more_than_missing(after: dict[str, pa.Table]) -> None:
    assert _missing({"edge-aa-0": _table(ONE)}, after) is None


def test_nothing_on_either_side_is_nothing_missing() -> None:
    assert _missing({}, {}) == []
    assert are_of(missing({}, {}), None, frozenset())


def test_each_missing_row_must_be_of_somebody_listed() -> None:
    rows = _table(ONE, TWO)
    assert are_of(rows, "user", LISTED)
    assert not are_of(rows, "user", frozenset())
    assert not are_of(rows, "n", LISTED)
    assert not are_of(rows, None, LISTED)
    assert not are_of(_table(ONE, THREE), "user", LISTED)
    assert not are_of(_table(ONE, ("4", None, 1.0)), "user", LISTED), "nobody's row is none of an erased person's"
    assert not are_of(None, "user", LISTED)


def test_what_replaced_files_were_in_a_folder_of_which_the_list_is_gone_cannot_be_told(tmp_path: Path) -> None:
    erased = Erased(Replaced(unlisted=frozenset({"data/sources"}), files=True), LISTED, ZONE)
    found = erased.judge("collect", Version("c" * 40, {}, None), tmp_path, [])
    assert found is not None
    assert (found.stage, found.answer) == ("collect", "unverifiable")
    assert found.why[0].startswith("a list of files that were replaced in data/sources is no longer at hand")


STATED = json.loads((Path(__file__).parents[2] / "trust/golden/0.1.0/released/statement.json").read_text())
[SOURCE, *_] = STATED["sources"]


def _says(change: Callable[[dict[str, Any]], object], *replaced: str) -> bool:
    new = copy.deepcopy(STATED)
    change(new)
    return says_alike(STATED, new, replaced)


def _condition(text: str) -> dict[str, Any]:
    return {"id": text, "held": True, "figure": 1, "threshold": None, "what": "w", "of": None}


def test_a_statement_of_fewer_people_has_other_figures_and_files() -> None:
    assert _says(lambda _: None)
    assert _says(lambda new: new["figures"].update(k_smallest=7))
    assert _says(lambda new: new["conditions"][1].update(figure=7))
    assert _says(lambda new: new["conditions"].append(_condition("findings.drift")))
    assert _says(lambda new: new["sources"][SOURCE]["files"][0].update(sha256="0" * 64), SOURCE)


@pytest.mark.parametrize(
    "change",
    [
        lambda new: new.update(expires="2999-01-01"),
        lambda new: new.update(policy="0" * 64),
        lambda new: new["sources"][SOURCE]["files"][0].update(sha256="0" * 64),
        lambda new: new["sources"][SOURCE].update(license="another"),
        lambda new: next(one for one in new["conditions"] if one["threshold"]).update(threshold=0.25),
        lambda new: new["conditions"].append(_condition("more")),
        lambda new: new["conditions"].pop(),
        lambda new: new.pop("sources"),
        lambda new: new.clear(),
    ],
    ids=["expires", "policy", "files", "license", "threshold", "condition", "no condition", "no sources", "nothing"],
)
def test_what_a_statement_says_of_anything_else_must_be_the_same(change: Callable[[dict[str, Any]], object]) -> None:
    assert not _says(change)


def test_recorded_files_are_those_of_their_statement_and_no_more() -> None:
    table = _table(ONE, TWO)
    told = {"name": "a.parquet", "md5": "0" * 32, "rows": 2, "logical": logical.digest(table)}
    listed = {"statement.json": "1" * 32, "a.parquet": "0" * 32}
    assert is_as_stated([told], {"a.parquet": table}, listed)
    assert not is_as_stated([told], {"a.parquet": table}, {**listed, "more.csv": "0" * 32})
    for other in ({"rows": 3}, {"md5": "2" * 32}, {"logical": "0" * 64}):
        assert not is_as_stated([told | other], {"a.parquet": table}, listed)
