"""Which records may not be used at all: no purpose, no consent, or too old to be kept.

Each withheld record has one reason, the first that holds in the order of `REASONS`.

A record is past retention when it is older than `retention_days` at the end (UTC) of the day `dataset.as_of`:
whatever is released may be used during the whole of that day. A record dated after `as_of` is not withheld: its age
is not above any limit. A wrong clock is a matter of quality (a `range` rule on the column), not of retention.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from custody.policy.dataset import Dataset
    from custody.policy.privacy import Privacy

REASONS = ("purpose", "consent", "retention", "retention_unknown")
"""Source does not list the purpose; consent is not given; past retention; no time to judge retention by."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
"""Microseconds."""
_YES = ("yes", "true", "1", "granted")


def withheld(
    table: pa.Table, purposes: Mapping[str, Collection[str]], dataset: Dataset, privacy: Privacy, clock: str | None
) -> NDArray[np.uint8]:
    """Return per record 0 where it may be used, else 1 + the place of its reason in `REASONS`.

    `purposes` gives each source's purposes; a source that it does not know has none. `clock` is what `clock_of`
    returned.
    """
    holds = [_purpose(table.column("!source"), purposes, dataset.purpose)]
    holds.append(_consent(table.column(privacy.consent)) if privacy.consent else _none(table))
    holds.extend(_retention(table.column(clock), dataset, privacy.retention_days) if clock else [_none(table)] * 2)
    return np.select(holds, list(range(1, len(holds) + 1)), 0).astype(np.uint8)


def clock_of(privacy: Privacy, schema: Mapping[str, str]) -> str | None:
    """Return the column that retention is counted from, None where the policy sets no retention."""
    if privacy.retention_days is None:
        return None
    clocks = [privacy.retention_column] if privacy.retention_column else sorted(_timestamps(schema))
    if len(clocks) != 1 or clocks[0] not in _timestamps(schema):
        raise CustodyError("privacy.retention_column: name the timestamp column that retention is counted from")
    return clocks[0]


def columns_needed(privacy: Privacy, clock: str | None) -> set[str]:
    """Return the columns of a collected partition that `withheld` looks at."""
    return {"!source", *(column for column in (privacy.consent, clock) if column)}


def counts(codes: NDArray[np.uint8]) -> dict[str, int]:
    """Return how many records each reason withholds; every reason is named, also with 0."""
    found = np.bincount(codes, minlength=len(REASONS) + 1)
    return {reason: int(found[place]) for place, reason in enumerate(REASONS, 1)}


def _timestamps(schema: Mapping[str, str]) -> set[str]:
    return {column for column, kind in schema.items() if kind == "timestamp"}


def _none(table: pa.Table) -> NDArray[np.bool_]:
    return np.zeros(table.num_rows, dtype=np.bool_)


def _purpose(sources: pa.ChunkedArray, purposes: Mapping[str, Collection[str]], purpose: str) -> NDArray[np.bool_]:
    serving = sorted(source for source, listed in purposes.items() if purpose in listed)
    return ~_mask(pc.is_in(sources, value_set=pa.array(serving, pa.string())))


def _consent(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    if pa.types.is_boolean(column.type):
        return ~_mask(column)
    if pa.types.is_integer(column.type):
        return ~_mask(pc.equal(column, 1))
    if not pa.types.is_string(column.type):
        raise CustodyError("privacy.consent: must be a boolean, integer or text column")
    return ~_mask(pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(_YES)))


def _retention(column: pa.ChunkedArray, dataset: Dataset, days: int | None) -> list[NDArray[np.bool_]]:
    after = dt.date.fromisoformat(dataset.as_of).toordinal() + 1 - _EPOCH
    oldest = max((after - (days or 0)) * _DAY, -(2**63))
    times = column.cast(pa.int64())
    return [_mask(pc.less(times, oldest)), _mask(pc.is_null(column))]


def _mask(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return a boolean column as bits, null as False."""
    bits: NDArray[np.bool_] = pc.fill_null(column, False).to_numpy()  # noqa: FBT003  # the value that nulls get
    return bits
