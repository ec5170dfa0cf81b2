"""What redaction costs, next to one vectorized regex pass over the same messages.

usage: python tests/benchmarks/redaction.py [MESSAGES]        (default: 1000000)

Three rows: the shapes of e-mail and IP addresses alone (`shapes.redact`), the whole of redact_text with nobody known
(secrets too), and with 50,000 known people. CPU seconds, the best of three in one run.
"""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from custody.policy.techniques import Mac
from custody.privacy.techniques import redact_text
from custody.privacy.text import known, shapes
from custody.privacy.text.identifiers import Identifiers
from custody.records.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERN = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|\b(?:\d{1,3}\.){3}\d{1,3}\b"
PARTITION = 65_536
PEOPLE = 50_000
TEMPLATES = (
    "Failed password for invalid user {u} from {i} port {p} ssh2",
    "Accepted password for {u} from {i} port {p} ssh2",
    "Mail to {u}@corp.example.com carried a link to a page that asks for passwords",
    "Download of an unusual size by {u}, session {p}",
    "No finding after review, closed by the analyst on duty",
)


def main() -> None:
    """Print the three ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    draw = random.Random(7)  # noqa: S311  # made-up data
    texts = pa.array([message(draw) for _ in range(count)])
    parts = [texts.slice(at, PARTITION) for at in range(0, count, PARTITION)]
    large = [part.cast(pa.large_string()) for part in parts]
    least = clocked(lambda: [pc.replace_substring_regex(part, PATTERN, "<x>") for part in large])
    print(f"{count:,} messages; one regex pass (RE2) {least:.2f} s")
    for label, people in (("nobody known", 0), (f"{PEOPLE:,} known", PEOPLE)):
        names = build(people)
        redact_text.apply(parts[0].slice(0, 10), names)
        seconds = clocked(lambda names=names: [redact_text.apply(part, names) for part in parts])  # type: ignore[misc]
        print(f"  redact_text, {label:<16}{seconds:>6.2f} s, ratio {seconds / least:.2f}")
    seconds = clocked(lambda: [shapes.redact(part) for part in large])
    print(f"  e-mail and IP alone         {seconds:>6.2f} s, ratio {seconds / least:.2f}")


def build(people: int) -> known.Known:
    """Return a user column's identifiers."""
    users = pa.array(sorted(f"person.{i}" for i in range(people)), pa.string())
    column = {"user": Mac(role="direct", technique="mac", domain="person")}
    listed = [Identifiers("user", "user", users, pa.array([], pa.string()))]
    return known.build(listed, column, Zone("bench", b"k" * 32))


def message(draw: random.Random) -> str:
    """Return a raw log message."""
    address = ".".join(str(draw.randrange(256)) for _ in range(4))
    user = f"person.{draw.randrange(2 * PEOPLE)}"
    return draw.choice(TEMPLATES).format(u=user, i=address, p=draw.randrange(1024, 65536))


def clocked(work: Callable[[], Any]) -> float:
    """CPU seconds, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
