"""shift_time: all times of one person move by one secret amount, the same in every column and source of a domain.

What lies between two events of a person, and so their order, stays; how events of different people lie to each other
is lost. Shifts are whole days, which keeps the time of day (UTC), or whole seconds; at most `within` of them either
way, and never none. The shift is HMAC-SHA-256 (RFC 2104) of the canonical subject under a key of the domain, reduced
to the range; the bias of that is below 2⁻⁹⁰. Who knows the true time of one of a person's events knows the shift.

A record without a subject has no shift: its cell is left empty. So is one beyond the years that microseconds reach.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.privacy.cells import plain
from custody.privacy.techniques.round_time import rounded

if TYPE_CHECKING:
    from custody.policy.schema import FieldType
    from custody.policy.techniques import ShiftTime
    from custody.privacy.techniques.given import Given
    from custody.records.zone import Zone

UNITS = {"day": 86_400_000_000, "second": 1_000_000}
"""Microseconds."""
FARTHEST = 2**62
"""Microseconds from 1970 up to which a time can be moved."""


def apply(values: pa.Array, column: ShiftTime, kind: FieldType, zone: Zone, given: Given) -> pa.Array:  # noqa: ARG001  # one signature
    """Return the shifted times (timestamp[us, UTC]; null stays null), rounded down afterwards where `to` says so."""
    if given.subjects is None:
        raise CustodyError("privacy: shift_time was called without the subjects of the records")
    encoded = plain(given.subjects).dictionary_encode()
    key = zone.pseudonym("shift-time", column.domain)
    shifts = pa.array([_shift(key, one, column) for one in encoded.dictionary.to_pylist()], pa.int64())
    moves = shifts.take(encoded.indices)
    times = values.cast(pa.int64())
    near = pc.less(pc.if_else(pc.less(times, 0), pc.bit_wise_not(times), times), FARTHEST)
    moved = pc.add(pc.if_else(near, times, None), moves).cast(pa.timestamp("us", tz="UTC"))
    return moved if column.to is None else rounded(moved, column.to)


def _shift(key: bytes, subject: str, column: ShiftTime) -> int:
    """Return a person's shift in microseconds: one of -within … -1, 1 … within units."""
    drawn = int.from_bytes(hmac.digest(key, subject.encode(), "sha256")[:16], "big") % (2 * column.within)
    return (drawn - column.within + (drawn >= column.within)) * UNITS[column.unit]
