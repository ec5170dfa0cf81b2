"""What risk per person costs, next to DuckDB counting distinct subjects the same way, over the same rows.

usage: python tests/benchmarks/risk.py [ROWS …]        (default: 1000000; DuckDB is in requirements-bench.lock)

Ours is the work of anonymize: partitions summarized, summaries merged, measures taken, from Arrow
columns as they are read back. DuckDB has the same Arrow table in memory and one thread. The figures of both must be
equal. CPU seconds, the best of three; machines are shared and noisy: read the ratio, not the seconds.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from custody.privacy import risk
from custody.privacy.merging import Merging
from custody.privacy.risk import inference, l_diversity, linkability, t_closeness, unicity
from custody.privacy.risk.classes import classes
from custody.privacy.risk.groups import Groups, pairs, sizes
from custody.privacy.risk.sensitive import words
from custody.privacy.risk.traces import traces
from custody.records.parquet import ROW_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 0x1234_5678_9ABC_DEF0
COUNTED = "FROM rows WHERE subject IS NOT NULL GROUP BY day, area"
K_AND_L = f"""
SELECT (SELECT min(n) FROM (SELECT count(DISTINCT subject) n FROM rows GROUP BY day, area)),
       (SELECT min(n) FROM (SELECT count(*) n FROM
           (SELECT day, area, event, count(DISTINCT subject) {COUNTED}, event) GROUP BY day, area))
"""  # noqa: S608  # no input
T = f"""
WITH told AS (SELECT day, area, event, count(DISTINCT subject) n {COUNTED}, event),
     whole AS (SELECT event, count(DISTINCT subject) n FROM rows WHERE subject IS NOT NULL GROUP BY event),
     share AS (SELECT event, n / sum(n) OVER () q FROM whole),
     sized AS (SELECT day, area, event, n / sum(n) OVER (PARTITION BY day, area) p FROM told)
SELECT max(d) FROM (SELECT (1 + sum(abs(p - q) - q)) / 2 d FROM sized JOIN share USING (event) GROUP BY day, area)
"""  # noqa: S608  # no input


def main() -> None:
    """Measure each size and print a table for it."""
    for rows in [int(word) for word in sys.argv[1:]] or [1_000_000]:
        report(made(rows))


def made(rows: int) -> pa.Table:
    """Return events of rows/20 people on thirty days in twelve areas, of nine kinds; one in 500 is nobody's."""
    draw = np.random.default_rng(7)
    who = draw.integers(0, max(rows // 20, 1), rows)
    nobody = draw.random(rows) < 0.002
    day = draw.integers(0, 30, rows) * 86_400_000_000 + 1_790_000_000_000_000
    areas, kinds = (np.array([f"{name}{i}" for i in range(count)]) for name, count in (("area", 12), ("event", 9)))
    return pa.table(
        {
            "subject": pa.array(np.char.add("u_", who.astype(str)), pa.string(), mask=nobody),
            "day": pa.array(day).cast(pa.timestamp("us", "UTC")),
            "area": pa.array(areas[(who * 7 + draw.integers(0, 3, rows)) % 12], pa.string()),
            "event": pa.array(kinds[np.minimum(draw.geometric(0.3, rows) - 1, 8)], pa.string()),
        }
    )


def report(table: pa.Table) -> None:
    """Time both sides and print them side by side."""
    try:
        database = import_module("duckdb").connect(config={"threads": 1})
    except ModuleNotFoundError:
        sys.exit("this benchmark compares with DuckDB: install requirements-bench.lock")
    database.register("rows", table)
    groups = merged(table)
    print(f"\n{table.num_rows:,} rows, {len(groups):,} distinct (group, subject, value), CPU seconds")
    print(f"{'':<34}{'ours':>8}{'DuckDB':>8}{'ratio':>7}")
    for name, ours, text, most in (
        ("k and l", lambda: k_and_l(merged(table)), K_AND_L, 1.5),
        ("t-closeness", lambda: (distance(merged(table)),), T, 2.0),
    ):
        seconds, found = clocked(ours)
        other, expected = clocked(partial(answer, database, text))
        if found != tuple(np.ceil(np.round(value * 1e6, 3)) / 1e6 for value in expected):
            sys.exit(f"{name}: ours {found}, DuckDB {expected}")
        print(f"{name:<34}{seconds:>8.2f}{other:>8.2f}{seconds / other:>7.2f}   (at most {most})")
    told, distinct = traces(pairs(groups)), pairs(groups)
    for name, work in (
        ("unicity, 1, 2 and 4 events", lambda: [unicity.measure(told, known, SEED) for known in (1, 2, 4)]),
        ("linkability", lambda: linkability.measure(linkability.auxiliary(distinct, 0.1, SEED), told, SEED)),
        ("inference", lambda: inference.measure(groups, 0, SEED)),
    ):
        print(f"{name:<34}{clocked(work)[0]:>8.2f}")


def answer(database: Any, query: str) -> tuple[Any, ...]:
    """Run a query of one row."""
    found: list[tuple[Any, ...]] = database.execute(query).fetchall()
    return found[0]


def merged(table: pa.Table) -> Groups:
    """Return the summary, partition by partition."""
    merging = Merging(risk.merge, len)
    for start in range(0, table.num_rows, ROW_GROUP):
        part = table.slice(start, ROW_GROUP)
        groups = risk.groups_of(part.select(["day", "area"]), SEED)
        told = words(part.column("event"), ordered=False, seed=SEED)
        merging.add(risk.summarize(groups, part.column("subject"), SEED, [told]))
    return merging.total()


def k_and_l(groups: Groups) -> tuple[int, int | None]:
    """Return k and l."""
    return sizes(groups)[1].min(), l_diversity.measure(classes(groups, 0)).distinct


def distance(groups: Groups) -> float | None:
    """Return t."""
    return t_closeness.measure(classes(groups, 0), ordered=False)


def clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of `work`, the best of three, and what it returned."""
    best, result = float("inf"), None
    for _ in range(3):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


if __name__ == "__main__":
    main()
