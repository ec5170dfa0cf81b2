"""What detectors find of identifiers planted in security messages, next to Presidio, and what they cost.

usage: python tests/benchmarks/pii.py [ROWS]        (default: 100000 rows for the cost)

Recall: planted identifiers that are found whole and by their kind. Precision: findings that take nothing else along.
`inside` are systems that the detectors were designed from, `outside`, `later` and `latest` others (`latest` written
before the rules for hosts were widened, which were then), `negatives` hold nothing.
Presidio runs with its engine that does no language processing, all its recognizers, and is scored on the kinds that
it knows; other findings of its are not held against it. Machines are shared and noisy: read ratios, not seconds.
"""

from __future__ import annotations

import csv
import math
import os
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "stages"), str(ROOT / "tests")]

from custody.privacy.detect import detecting, presidio  # noqa: E402  # runs without an installed package
from custody.privacy.techniques import redact_text  # noqa: E402
from custody.privacy.text import known, shapes  # noqa: E402
from custody.privacy.text.haystack import compact  # noqa: E402
from custody.synth import people, texts  # noqa: E402
from privacy.planted.generator import Message, Planted, messages  # noqa: E402
from privacy.planted.scoring import KINDS, Score, score, spans  # noqa: E402
from support import ZONE  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SETS = {"inside": 20, "outside": 20, "later": 20, "latest": 20, "negatives": 10}
"""Rounds of each set of templates."""
PLAIN = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|\b(?:\d{1,3}\.){3}\d{1,3}\b"
NOBODY = known.build([], {}, ZONE, ["root"])
REAL = (
    "sshd/auth.log",
    "apache/apache_logs",
    "http_params/payload_full.csv",
    "suricata/eve.json",
    "urls/url_data_medium.csv",
)
SAMPLE = 2000
"""Rows of a real file that Presidio looks at."""
ENTITIES = {**presidio.KINDS, "URL": "url"}


def main() -> None:
    """Print the three tables."""
    found = find_spec(presidio.PACKAGE) is not None
    if not found:
        print("presidio-analyzer is not installed: its columns stay empty (tests/README.md)")
    for name, rounds in SETS.items():
        quality(name, messages(name, rounds, seed=1), with_presidio=found)
    real(with_presidio=found)
    cost(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)


def timed(work: Callable[..., Any], *arguments: Any, times: int = 1) -> tuple[Any, float]:
    """Result and least CPU seconds of `work`."""
    least = math.inf
    for _ in range(times):
        start = time.process_time()
        result = work(*arguments)
        least = min(least, time.process_time() - start)
    return result, least


def redacted(rows: Sequence[str]) -> list[str]:
    written: list[str] = redact_text.apply(pa.array(rows, pa.string()), NOBODY).values.to_pylist()
    return written


def ours(planted: Sequence[Message]) -> tuple[Score, float]:
    written, seconds = timed(redacted, [message.text for message in planted], times=2)
    return score(planted, [spans(message.text, text) for message, text in zip(planted, written, strict=True)]), seconds


def analyzed(rows: Sequence[str]) -> list[list[Planted]]:
    analyzer = presidio._analyzer()  # with all its recognizers
    found = [analyzer.analyze(row, "en", score_threshold=presidio.LEAST) for row in rows]
    return [
        [Planted(ENTITIES[one.entity_type], one.start, one.end) for one in listed if one.entity_type in ENTITIES]
        for listed in found
    ]


def theirs(planted: Sequence[Message]) -> tuple[Score, float]:
    analyzed(["warm"])
    found, seconds = timed(analyzed, [message.text for message in planted])
    return score(planted, found), seconds


def quality(name: str, planted: Sequence[Message], *, with_presidio: bool) -> None:
    mine, seconds = ours(planted)
    other, slow = theirs(planted) if with_presidio else (None, math.nan)
    print(
        f"\n{name}: {len(planted):,} messages; {len(planted) / seconds:,.0f} rows/s, "
        f"Presidio {len(planted) / slow:,.0f}"
    )
    print(f"  {'kind':<12}{'planted':>8}{'recall':>8}{'precision':>10}   Presidio{'recall':>8}{'precision':>10}")
    for kind in (*KINDS, "personal"):
        if mine.planted[kind] or mine.claimed[kind] or (other and other.claimed[kind]):
            columns = f"{other.recall(kind):>16.3f}{other.precision(kind):>10.3f}" if other else ""
            print(
                f"  {kind:<12}{mine.planted[kind]:>8}{mine.recall(kind):>8.3f}{mine.precision(kind):>10.3f}   {columns}"
            )


def rows_of(folder: Path, name: str) -> list[str]:
    with (folder / name).open(encoding="utf-8", errors="replace", newline="") as file:
        return [row[0] for row in csv.reader(file)] if name.endswith(".csv") else file.read().splitlines()


def real(*, with_presidio: bool) -> None:
    folder = os.environ.get("CUSTODY_TEST_DATA")
    if not folder:
        print("\nCUSTODY_TEST_DATA is not set: no real files")
        return
    for name in REAL:
        rows = rows_of(Path(folder), name)
        done, seconds = timed(redact_text.apply, pa.array(rows), NOBODY)
        print(f"\n{name}: {len(rows):,} rows, {len(rows) / seconds:,.0f} rows/s: {told(done.counts)}")
        if with_presidio:
            part = rows[:SAMPLE]
            counts = redact_text.apply(pa.array(part), NOBODY).counts
            found, seconds = timed(analyzed, part)
            print(f"  first {len(part):,} rows: {told(counts)}")
            kinds = Counter(one.kind for listed in found for one in listed)
            print(f"  Presidio there, {len(part) / seconds:,.0f} rows/s: {told(kinds)}")


def told(counts: object) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in sorted(dict(counts).items()))  # type: ignore[call-overload]


def corpora(rows: int) -> Iterator[tuple[str, list[str]]]:
    """Short messages: of alerts, of templates that all hold identifiers, of templates that hold none, without a cue."""
    crowd = people.population(rows)
    yield "alerts", [texts.alert(i % 997, crowd[i % len(crowd)], 10_000 + i % 50_000) for i in range(rows)]
    for name in ("outside", "negatives"):
        few = [message.text for message in messages(name, 20, seed=2)]
        yield name, [few[i % len(few)] for i in range(rows)]
    yield "no cue", [f"chunk {i} flushed in {i % 97} ms, {i % 13} left" for i in range(rows)]


def cost(rows: int) -> None:
    """Print the CPU of the detectors alone, and of redaction with and without them, in passes of one regex."""
    print(f"\ncost in passes of one vectorized regex (RE2, e-mail and IP), {rows:,} messages")
    print(f"  {'messages':<12}{'pass s':>8}{'detectors':>11}{'redaction':>11}{'without':>9}")
    for name, listed in corpora(rows):
        column = compact(pa.array(listed))
        _, unit = timed(pc.replace_substring_regex, column, PLAIN, "<x>", times=3)
        _, detectors = timed(detected, shapes.redact(column), times=2)
        _, redaction = timed(redact_text.apply, column, NOBODY, times=2)
        _, without = timed(redact_text.apply, column, NOBODY, (), times=2)
        print(f"  {name:<12}{unit:>8.2f}{detectors / unit:>11.1f}{redaction / unit:>11.1f}{without / unit:>9.1f}")


def detected(column: pa.Array) -> pa.Array:
    early, late = detecting.rules(detecting.EARLY), detecting.rules({*detecting.BUILT_IN} - detecting.EARLY)
    return detecting.redact(detecting.redact(column, early, NOBODY.spared), late, NOBODY.spared)


if __name__ == "__main__":
    main()
