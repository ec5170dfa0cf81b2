"""An earlier version's traces as the anchor carries them, and the attack on a later candidate with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from custody.anchor.pinned import MANIFEST, VERSION, open_anchor
from custody.engine import serial
from custody.privacy import tracing
from custody.privacy.anonymizing import anonymize
from custody.records.folder import replace
from privacy.folders import DATASET, SCHEMA, Source, at, folders, privacy
from support import ZONE

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

ASKED: dict[str, Any] = {"subject": "user", "k": 2, "linkability": {"max": 0.1, "anchor": True}}


def rows(people: int, *, alike: bool) -> list[dict[str, Any]]:
    """Everybody has three areas: of their own, or the same as all others."""
    return [
        {"user": f"user.{who}", "area": f"area{turn if alike else who * 3 + turn}", "event": "login", "ts": at(1)}
        for who in range(people)
        for turn in range(3)
    ]


def pin(root: Path, data: list[dict[str, Any]], **asked: Any) -> pa.Table:
    return tracing.pinned(*folders(root, [Source(data)]), DATASET, privacy(**{**ASKED, **asked}), serial.run)


def attacked(root: Path, part: pa.Table, data: list[dict[str, Any]], **asked: Any) -> dict[str, Any] | None:
    """Pin the part, release the data, and return what the attack with the pinned release found."""
    body = {"schema_version": VERSION, "revision": "r", "key": {"zone": ZONE.name, "check": ZONE.check}}
    with replace(root / "anchor", ZONE) as sink:
        sink.finish(MANIFEST, {**body, "schema": SCHEMA, "rows": 1}, [sink.write(tracing.PART, part)])
    policy = privacy(**{**ASKED, **asked})
    with replace(root / "anonymized", ZONE) as sink:
        done = anonymize(
            *folders(root, [Source(data)]), DATASET, policy, sink, serial.run, open_anchor(root / "anchor", ZONE)
        )
    found: dict[str, Any] | None = done["risk"]["linkability"]["anchor"]
    return found


def test_people_unlike_others_are_found_again(tmp_path: Path) -> None:
    data = rows(60, alike=False)
    found = attacked(tmp_path / "now", pin(tmp_path / "then", data), data)
    assert found is not None
    assert (found["main"]["value"], found["main"]["trials"], found["control"]["value"]) == (1.0, 60, 0.0)


def test_people_all_alike_are_not(tmp_path: Path) -> None:
    data = rows(120, alike=True)
    found = attacked(tmp_path / "now", pin(tmp_path / "then", data), data)
    assert found is not None
    assert found["high"] < 0.1


def test_a_part_holds_hashes_alone_and_the_same_every_time(tmp_path: Path) -> None:
    data = rows(5, alike=False)
    part = pin(tmp_path / "one", data)
    assert part.equals(pin(tmp_path / "two", data))
    assert part.schema == tracing.NONE.schema
    assert part.num_rows == 15
    assert not any(word in str(part.to_pylist()) for word in ("user.", "area"))


@pytest.mark.parametrize(
    "other",
    [
        {"columns": {"ts": {"role": "quasi", "technique": "round_time", "to": "7d"}}},
        {"columns": {"ts": {"role": "insensitive", "technique": "keep"}}},
    ],
)
def test_a_part_of_another_treatment_is_of_no_use(tmp_path: Path, other: dict[str, Any]) -> None:
    data = rows(10, alike=False)
    assert attacked(tmp_path / "now", pin(tmp_path / "then", data), data, **other) is None


def test_a_policy_that_does_not_ask_pins_nothing(tmp_path: Path) -> None:
    data = rows(10, alike=False)
    assert pin(tmp_path / "a", data, linkability=None).equals(tracing.NONE)
    assert pin(tmp_path / "b", data, linkability={"max": 0.1}).equals(tracing.NONE)
    assert attacked(tmp_path / "c", tracing.NONE, data) is None
