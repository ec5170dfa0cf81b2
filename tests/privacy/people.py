"""Records of some people, for tests of the whole stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings

from custody.engine import serial
from custody.privacy.anonymizing import anonymize
from custody.records.folder import Folder, replace
from privacy.folders import DATASET, Candidate, at, privacy
from support import ZONE

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from custody.policy.privacy import Privacy

PEOPLE = ["anna.smith", "Bob.Jones", "carol.w", "dave.k", "Émile.z", "frank7", "grace.h", "heidi"]
SUPPRESS: dict[str, Any] = {"subject": "user", "k": 3, "on_violation": "suppress"}
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def records(count: int) -> list[dict[str, Any]]:
    """Return records in which every person, address and text repeats."""
    return [
        {
            "user": PEOPLE[i % 7],
            "src_ip": f"10.0.{i % 3}.{i % 11 + 1}",
            "ts": at(1 + i % 3, i % 24),
            "area": ["north", "south", None][i % 3],
            "event": "login",
            "message": f"{PEOPLE[(i + 1) % 7].upper()} from 10.0.{i % 3}.{i % 11 + 1} to 198.51.100.{i % 200}",
        }
        for i in range(count)
    ]


def raw_words(rows: list[dict[str, Any]]) -> set[str]:
    people = {row["user"].casefold() for row in rows if isinstance(row.get("user"), str)}
    return people | {row["src_ip"] for row in rows if isinstance(row.get("src_ip"), str)}


def rerun(root: Path, collected: Folder, validated: Folder, policy: Privacy | None = None) -> dict[str, Any]:
    with replace(root / "anonymized", ZONE) as sink:
        return anonymize(collected, validated, DATASET, policy or privacy(), sink, serial.run)


def sizes(rows: pd.DataFrame) -> pd.Series[int]:
    """Subjects of each row's group, by pandas, over the candidate itself."""
    return rows.groupby(["area", "ts"], dropna=False)["user"].transform("nunique")


def told(body: dict[str, Any]) -> dict[str, Any]:
    """Return a report without the digests, which name the folders' partitions."""
    return {key: value for key, value in body.items() if key not in {"collected", "validated"}}


def assert_same(whole: Candidate, parts: Candidate) -> None:
    assert told(whole.body) == told(parts.body)
    assert whole.by_id() == parts.by_id()
