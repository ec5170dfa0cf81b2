"""What redaction costs, next to one vectorized regex pass over the same messages.

usage: python tests/benchmarks/redaction.py [MESSAGES]        (default: 1000000)

Two corpora: short messages that repeat, as a log's do, and lines of which each is another. Two passes to compare with:
the plain patterns that come to mind first (RE2), and the product's own patterns for e-mail and IPv4 in one pass of the
engine that it uses (Rust). Three rows: the shapes of e-mail, IP and MAC addresses and cards alone (`shapes.redact`),
the whole of redact_text with nobody known (secrets, users, hosts, … too), and with 50,000 known people. CPU seconds,
the best of three in one run; of what is set against each other by a figure, the best of nine, in turns.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "stages"), str(ROOT / "tests")]

from benchmarks.clock import clocked, in_turns  # noqa: E402  # runs from its file
from custody.policy.techniques import Mac  # noqa: E402
from custody.privacy.techniques import redact_text  # noqa: E402
from custody.privacy.text import known, shapes  # noqa: E402
from custody.privacy.text.identifiers import Identifiers  # noqa: E402
from custody.records.parquet import ROW_GROUP  # noqa: E402
from custody.records.zone import Zone  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

PATTERN = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|\b(?:\d{1,3}\.){3}\d{1,3}\b"
PEOPLE = 50_000
RUNS = 9
POOL = 20
"""A message of the corpus that repeats stands so often."""
TEMPLATES = (
    "Failed password for invalid user {u} from {i} port {p} ssh2",
    "Accepted password for {u} from {i} port {p} ssh2",
    "Mail to {u}@corp.example.com carried a link to a page that asks for passwords",
    "Download of an unusual size by {u}, session {p}",
    "No finding after review, closed by the analyst on duty",
)
LINES = (
    "<134>1 2026-10-05T10:15:{s}Z web{h} nginx {p} - GET /reports/{n}?page={p} HTTP/1.1 200 from {i}",
    "Oct  5 10:15:{s} web{h} sshd[{p}]: Accepted password for {u} from {i} port {p} ssh2",
    "Oct  5 10:15:{s} mx{h} postfix/smtp[{p}]: {n}: to=<{u}@corp.example.com>, relay=none, delay={p}",
    "Oct  5 10:15:{s} db{h} postgres[{p}]: checkpoint {n} complete: wrote {p} buffers",
    "kernel: [{n}.{p}] device eth{h} entered promiscuous mode",
)


def main() -> None:
    """Print the ratios of both corpora."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    draw = random.Random(7)  # noqa: S311  # made-up data
    few = [message(TEMPLATES, draw, i) for i in range(max(count // POOL, 1))]
    report("messages that repeat", [draw.choice(few) for _ in range(count)])
    report("lines of which each is another", [message(LINES, draw, i) for i in range(count)])


def report(title: str, messages: list[str]) -> None:
    """Measure one corpus."""
    texts = pa.array(messages, pa.string())
    parts = [texts.slice(at, ROW_GROUP) for at in range(0, len(texts), ROW_GROUP)]
    large = [part.cast(pa.large_string()) for part in parts]
    same = f"{shapes.EMAIL}|{shapes.IPV4}"
    plain, own, alone = in_turns(
        [
            lambda: [pc.replace_substring_regex(part, PATTERN, "<x>") for part in large],
            lambda: [pl.Series(part).str.replace_all(same, "<x>").to_arrow() for part in large],
            lambda: [shapes.redact(part) for part in large],
        ],
        RUNS,
    )
    print(f"\n{len(texts):,} {title}, {texts.nbytes / 1e6:.0f} MB: plain patterns {plain:.2f} s, own {own:.2f} s")

    def told(label: str, seconds: float) -> None:
        print(f"  {label:<28}{seconds:>6.2f} s, ratio {seconds / plain:.2f} to plain, {seconds / own:.2f} to own")

    told("e-mail and IP alone", alone)
    for label, people in (("nobody known", 0), (f"{PEOPLE:,} known", PEOPLE)):
        names = build(people)
        redact_text.apply(parts[0].slice(0, 10), names)
        told(f"redact_text, {label}", clocked(partial(redacted, parts, names)))


def redacted(parts: Sequence[pa.Array], names: known.Known) -> list[redact_text.Redacted]:
    """Every part redacted."""
    return [redact_text.apply(part, names) for part in parts]


def build(people: int) -> known.Known:
    """Return a user column's identifiers."""
    users = pa.array(sorted(f"person.{i}" for i in range(people)), pa.string())
    column = {"user": Mac(role="direct", technique="mac", domain="person")}
    listed = [Identifiers("user", "user", users, pa.array([], pa.string()))]
    return known.build(listed, column, Zone("bench", b"k" * 32))


def message(templates: Sequence[str], draw: random.Random, number: int) -> str:
    """Return a raw log message; of an unknown person in every other."""
    address = ".".join(str(draw.randrange(256)) for _ in range(4))
    user, port, second = f"person.{draw.randrange(2 * PEOPLE)}", draw.randrange(1024, 65536), draw.randrange(10, 60)
    return draw.choice(templates).format(u=user, i=address, p=port, n=number, s=second, h=draw.randrange(40))


if __name__ == "__main__":
    main()
