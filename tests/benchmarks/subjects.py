"""What anonymize does where every record is of another person, a million of them.

usage: python tests/benchmarks/subjects.py [PEOPLE]        (default: 1000000)

Prints how many tokens there are, how many messages hold exactly their person's token, what the leak scan found, and the
CPU seconds for each person. The same with fewer people is a test (tests/privacy/test_hostile.py).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "stages"), str(ROOT / "tests")]

from privacy import folders  # noqa: E402  # runs from its file


def main() -> None:
    """Print what became of everybody."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rows = [
        {"user": f"person.{i:07}x", "message": f"session of person.{i:07}x from 10.0.0.1", "ts": folders.at(1 + i % 20)}
        for i in range(people)
    ]
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        candidate = folders.anonymized(Path(folder), [folders.Source(rows)], folders.privacy())
        seconds = time.process_time() - start
        table = candidate.rows
    users = table.column("user").combine_chunks()
    expected = pc.binary_join_element_wise(pa.scalar("session of "), users, pa.scalar(" from <ip>"), "")
    exact = pc.sum(pc.equal(expected, table.column("message").combine_chunks())).as_py()
    print(f"{people:,} people: {pc.count_distinct(users).as_py():,} tokens, {exact:,} messages exact")
    print(f"leaks {candidate.body['leaks']['residual']}, {1e6 * seconds / people:.0f} CPU microseconds a person")


if __name__ == "__main__":
    main()
