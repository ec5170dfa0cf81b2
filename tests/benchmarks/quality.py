"""What 16 checks of a million records cost, next to primitives, Pandera and Great Expectations, in one run.

    python tests/benchmarks/quality.py [RECORDS]        (default: 1000000)

The same made-up records, of which some 6% fail at least one check, are judged by all, in one thread, and every
failing record is named, so that it can be quarantined. Each is handed the records as it holds them: that is not
measured. Printed are CPU seconds, the best of some runs, and ratios. The primitives are what any program must do: a
pass over a column for each check, a 64-bit hash of each row for duplicates and of each id, sorted, and the suspects
confirmed by value. Pandera (on polars) and Great Expectations (on pandas) stand in the dependency group `bench`;
where one is not installed, that is said. Great Expectations is measured twice: asked for the places of failing
records alone, which is the cheapest that it has, and as its manual identifies failed rows, by the name of a column
that tells them apart (`unexpected_index_column_names`).
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

os.environ["POLARS_MAX_THREADS"] = "1"  # before polars is imported

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.quality import Quality
from custody.quality import confirming
from custody.quality.fingerprints import Seeds
from custody.quality.judging import Plan, judge
from custody.quality.merging import merge
from custody.quality.rules import rules
from custody.quality.verdicts import table as verdicts
from custody.records.parquet import ROW_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from custody.quality.confirming import Values, Wanted

EMAIL = r"[a-z0-9.]+@[a-z0-9.]+\.[a-z]{2,}"
EVENTS = ["login", "logout", "failure", "lockout"]
STATES = ["200", "301", "401", "403", "404"]
FIRST, LAST = 1_750_000_000_000_000, 1_760_000_000_000_000
SCHEMA = {
    "id": "text",
    "user": "text",
    "email": "text",
    "event": "category",
    "status": "category",
    "score": "number",
    "hits": "integer",
    "limit": "integer",
    "ts": "timestamp",
}
_TIMES = ("2025-06-15T15:06:40Z", "2025-10-09T08:53:20Z")
QUALITY = Quality.model_validate(
    {
        "rules": {
            "id": {"complete": {}, "unique": {}},
            "user": {"complete": {}, "length": {"min": 1, "max": 12}},
            "email": {"complete": {}, "pattern": {"regex": EMAIL}},
            "event": {"allowed": {"values": tuple(EVENTS)}},
            "status": {"allowed": {"values": tuple(STATES)}},
            "score": {"finite": {}, "range": {"min": 0, "max": 1}},
            "hits": {"range": {"min": 0, "max": 1000}},
            "limit": {"range": {"min": 0, "max": 1100}},
            "ts": {"complete": {}, "range": {"min": _TIMES[0], "max": _TIMES[1]}},
        },
        "predicates": {"within": {"left": "hits", "op": "<=", "right": "limit"}},
    }
)


def records(count: int) -> pa.Table:
    """Make records, half a percent of them wrong by each check."""
    draw = np.random.default_rng(1)

    def spoiled(good: NDArray[Any], bad: Any) -> NDArray[Any]:
        return np.where(draw.random(count) < 0.005, bad, good)

    number = draw.integers(0, 50_000, count)
    ids = spoiled(np.arange(count), 7)
    hits = spoiled(draw.integers(0, 900, count), 1001)
    columns = {
        "id": pa.array([f"r{one:08}" for one in ids]),
        "user": pa.array([None if one < 250 else f"user{one}" for one in number]),
        "email": pa.array([f"user{one}@corp.example" if one % 200 else "no address" for one in number]),
        "event": pa.array(spoiled(np.array(EVENTS)[number % 4], "reboot").tolist()),
        "status": pa.array(spoiled(np.array(STATES)[number % 5], "999").tolist()),
        "score": pa.array(spoiled(draw.random(count), 1.5), pa.float64()),
        "hits": pa.array(hits, pa.int64()),
        "limit": pa.array(spoiled(np.full(count, 1000), 1200), pa.int64()),
        "ts": pa.array(spoiled(draw.integers(FIRST, LAST, count), 5), pa.int64()).cast(pa.timestamp("us", "UTC")),
    }
    whole = pa.table(columns)
    copies = draw.integers(0, count, count // 200)
    keep = np.sort(np.concatenate([np.arange(count - len(copies)), copies]))
    return whole.take(pa.array(keep))


def custody(parts: list[pa.Table]) -> int:
    """Judge all partitions and build their verdicts; return how many records are quarantined."""
    ruled = rules(QUALITY)
    plan = Plan(ruled, tuple(sorted(SCHEMA)), QUALITY, Seeds(1))

    def look(wanted: Sequence[tuple[int, Wanted]], numbered: bool) -> list[Values]:  # noqa: FBT001  # as its type says
        return [confirming.values(parts[i], plan, one, numbered=numbered) for i, one in wanted]

    merged = merge(confirming.confirm([judge(part, plan) for part in parts], plan, look), ruled)
    for bits, rows in zip(merged.verdicts, merged.rows, strict=True):
        verdicts(bits, rows, [rule.id for rule in ruled])
    return merged.broken_by_any(ruled, [rule.id for rule in ruled])


def partitions(table: pa.Table) -> list[pa.Table]:
    constant = {"!source": "edge", "!file": "f", "!line": 1, "!repeat": 1}
    for name, value in constant.items():
        table = table.append_column(name, pa.array([value] * table.num_rows))
    return [table.slice(start, ROW_GROUP).combine_chunks() for start in range(0, table.num_rows, ROW_GROUP)]


def primitives(table: pa.Table) -> int:
    """Do the least that the 16 checks take."""
    column = {name: table.column(name) for name in table.column_names}
    broken = [
        pc.is_null(column["id"]),
        pc.is_null(column["user"]),
        pc.greater(pc.utf8_length(column["user"]), 12),
        pc.is_null(column["email"]),
        pc.invert(pc.match_substring_regex(column["email"], rf"\A(?:{EMAIL})\z")),
        pc.invert(pc.is_in(column["event"], pa.array(EVENTS))),
        pc.invert(pc.is_in(column["status"], pa.array(STATES))),
        pc.invert(pc.is_finite(column["score"])),
        pc.or_(pc.less(column["score"], 0.0), pc.greater(column["score"], 1.0)),
        pc.or_(pc.less(column["hits"], 0), pc.greater(column["hits"], 1000)),
        pc.or_(pc.less(column["limit"], 0), pc.greater(column["limit"], 1100)),
        pc.greater(column["hits"], column["limit"]),
        pc.is_null(column["ts"]),
        pc.or_(
            pc.less(column["ts"], pa.scalar(FIRST, pa.timestamp("us", "UTC"))),
            pc.greater(column["ts"], pa.scalar(LAST, pa.timestamp("us", "UTC"))),
        ),
    ]
    any_ = np.zeros(table.num_rows, dtype=np.bool_)
    for one in broken:
        any_ |= pc.fill_null(one, False).to_numpy()  # noqa: FBT003  # the value of nulls
    frame = pl.DataFrame(pl.from_arrow(table))
    for hashes, columns in ((frame.hash_rows(1), frame.columns), (frame.select("id").hash_rows(1), ["id"])):
        any_ |= _repeated(hashes.to_numpy(), frame, columns)
    return int(any_.sum())


def _repeated(hashes: NDArray[np.uint64], frame: pl.DataFrame, columns: list[str]) -> NDArray[np.bool_]:
    """Find repeated rows by a sorted 64-bit hash, and confirm the suspects by value."""
    order = np.argsort(hashes)
    ranked = hashes[order]
    same = np.flatnonzero(ranked[1:] == ranked[:-1])
    suspects = np.unique(order[np.concatenate([same, same + 1])])
    confirmed = frame.select(columns)[suspects].is_duplicated().to_numpy()
    found = np.zeros(len(hashes), dtype=np.bool_)
    found[suspects] = confirmed
    return found


def pandera(frame: pl.DataFrame) -> int | None:
    """Judge with Pandera on polars, lazily, so that every failure is collected."""
    try:
        import pandera.polars as pandera_  # type: ignore[import-not-found]  # noqa: PLC0415
    except ImportError:
        return None
    column, check = pandera_.Column, pandera_.Check
    low, high = (pl.Series([one]).cast(pl.Datetime("us", "UTC"))[0] for one in (FIRST, LAST))
    schema = pandera_.DataFrameSchema(
        {
            "id": column(str, unique=True),
            "user": column(str, check.str_length(1, 12)),
            "email": column(str, check.str_matches(rf"^(?:{EMAIL})$")),
            "event": column(str, check.isin(EVENTS)),
            "status": column(str, check.isin(STATES)),
            "score": column(float, check.in_range(0, 1)),
            "hits": column(int, check.in_range(0, 1000)),
            "limit": column(int, check.in_range(0, 1100)),
            "ts": column(pl.Datetime("us", "UTC"), check.in_range(low, high)),
        },
        checks=check(lambda data: data.lazyframe.select(pl.col("hits") <= pl.col("limit")), name="within"),
        unique=list(SCHEMA),
    )
    try:
        schema.validate(frame, lazy=True)
    except pandera_.errors.SchemaErrors as found:
        return int(found.failure_cases.select("index").drop_nulls().n_unique())
    return 0


def expectations(frame: pd.DataFrame, key: str | None = None) -> int | None:
    """Judge with Great Expectations on pandas; failing records are asked for by place, or by a naming column."""
    try:
        import great_expectations as gx  # type: ignore[import-not-found]  # noqa: PLC0415
    except ImportError:
        return None
    expect = gx.expectations
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("bench")
        .add_dataframe_asset("records")
        .add_batch_definition_whole_dataframe("all")
    ).get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(
        name="bench",
        expectations=[
            *(expect.ExpectColumnValuesToNotBeNull(column=name) for name in ("id", "user", "email", "ts", "score")),
            expect.ExpectColumnValuesToBeUnique(column="id"),
            expect.ExpectColumnValueLengthsToBeBetween(column="user", min_value=1, max_value=12),
            expect.ExpectColumnValuesToMatchRegex(column="email", regex=rf"^(?:{EMAIL})$"),
            expect.ExpectColumnValuesToBeInSet(column="event", value_set=EVENTS),
            expect.ExpectColumnValuesToBeInSet(column="status", value_set=STATES),
            expect.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=1),
            expect.ExpectColumnValuesToBeBetween(column="hits", min_value=0, max_value=1000),
            expect.ExpectColumnValuesToBeBetween(column="limit", min_value=0, max_value=1100),
            expect.ExpectColumnValuesToBeBetween(column="ts", min_value=_TIMES[0], max_value=_TIMES[1]),
            expect.ExpectColumnPairValuesAToBeGreaterThanB(column_A="limit", column_B="hits", or_equal=True),
            expect.ExpectCompoundColumnsToBeUnique(column_list=list(SCHEMA)),
        ],
    )
    named = {"unexpected_index_column_names": [key]} if key else {}
    done = batch.validate(suite, result_format={"result_format": "COMPLETE", **named})
    places = (one.result.get("unexpected_index_list") or [] for one in done.results)
    return len({place[key] if key else place for found in places for place in found})


def clocked(work: Callable[[Any], int | None], data: Any, times: int) -> tuple[float, int | None]:
    """CPU seconds, the best of some, and what came out."""
    best, result = float("inf"), None
    for _ in range(times):
        start = time.process_time()
        result = work(data)
        best = min(best, time.process_time() - start)
    return best, result


def main() -> None:
    """Print a line per program."""
    warnings.simplefilter("ignore")
    pa.set_cpu_count(1)
    table = records(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    print(f"{table.num_rows:,} records, 16 checks")
    own, failing = clocked(custody, partitions(table), 3)
    print(f"{'custody':<22}{own:>8.2f} s   {failing:,} records fail")
    frame = table.to_pandas()
    others: tuple[tuple[str, Callable[[Any], int | None], Any, int], ...] = (
        ("primitives", primitives, table, 3),
        ("Pandera", pandera, pl.DataFrame(pl.from_arrow(table)), 3),
        ("Great Expectations", expectations, frame, 2),
        ("  by a named column", partial(expectations, key="row"), frame.assign(row=range(len(frame))), 2),
    )
    for name, work, data, times in others:
        spent, found = clocked(work, data, times)
        if found is None:
            print(f"{name:<22}not installed: see the dependency group bench")
        else:
            print(f"{name:<22}{spent:>8.2f} s   {found:,} records fail; custody takes {own / spent:.3f} of it")


if __name__ == "__main__":
    main()
