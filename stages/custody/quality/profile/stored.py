"""Profiles as a table: integers, and keyed hashes in the place of categories.

Columns of the table: `column`, `measure` (records, missing, wrong, shape, category, uncounted), `key` (the bucket, or
the category's hash) and `count`. No category can be read out of it without the key, and with the key only one that is
guessed.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from custody.quality.profile.columns import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.records.zone import Zone

SCHEMA = pa.schema([("column", pa.string()), ("measure", pa.string()), ("key", pa.string()), ("count", pa.int64())])
_TOTALS = ("records", "missing", "wrong")


@dataclass(frozen=True)
class Hashes:
    """HMAC-SHA-256 of a column's values, cut to 128 bits; of one zone and column only."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, zone: Zone) -> Hashes:
        """Derive the key from the zone secret."""
        return cls(zone.derive("anchor/categories"))

    def of_text(self, column: str, text: str) -> str:
        """Return the hash of one value as 32 hex digits."""
        return hmac.digest(self.key, f"{column}\0{text}".encode("utf-8", "surrogatepass"), "sha256")[:16].hex()


def table(profiles: Mapping[str, Profile], hashes: Hashes) -> pa.Table:
    """Return profiles as rows, sorted."""
    rows = sorted(row for name, one in profiles.items() for row in _rows(name, one, hashes))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return pa.table(dict(zip(SCHEMA.names, map(list, columns), strict=True)), schema=SCHEMA)


def profiles(stored: pa.Table) -> dict[str, Profile]:
    """Return the profiles that a table holds, categories by their hashes; `ValueError` where it is no such table."""
    if stored.schema != SCHEMA:
        raise ValueError("no table of profiles")
    rows: dict[str, dict[str, dict[str, int]]] = {}
    for row in stored.to_pylist():
        rows.setdefault(row["column"], {}).setdefault(row["measure"], {})[row["key"]] = row["count"]
    return {name: _profile(measures) for name, measures in sorted(rows.items())}


def _profile(measures: Mapping[str, Mapping[str, int]]) -> Profile:
    records, missing, wrong = (measures.get(name, {}).get("", 0) for name in _TOTALS)
    shape = {int(bucket): count for bucket, count in measures.get("shape", {}).items()}
    categories = None if "uncounted" in measures else dict(measures.get("category", {}))
    return Profile(records, missing, wrong, dict(sorted(shape.items())), categories)


def _rows(name: str, one: Profile, hashes: Hashes) -> Iterator[tuple[str, str, str, int]]:
    for measure in _TOTALS:
        yield name, measure, "", getattr(one, measure)
    for bucket, count in one.shape.items():
        yield name, "shape", str(bucket), count
    if one.categories is None:
        yield name, "uncounted", "", 1
    for text, count in (one.categories or {}).items():
        yield name, "category", hashes.of_text(name, text), count
