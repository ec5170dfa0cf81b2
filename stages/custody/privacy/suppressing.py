"""Which usable records the policy leaves out before groups are counted: those not drawn, and those with a named value.

Each has one reason, the first that holds: `not_sampled`, then `value.<column>` in the order of the columns' names.

Subsampling draws subjects, not records (Poisson sampling: each alone, with one chance): a subject is in where
HMAC-SHA-256 of its canonical name, under a key of the compartment, is below the rate as a 64-bit number. So one
subject is in or out everywhere, whatever the partition, and adding records changes no draw. It is exposure reduction:
fewer people stand in the release, and those who do stand there as they would without it.
"""

from __future__ import annotations

import hmac
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.cells import each, plain
from custody.privacy.techniques import suppress
from custody.privacy.text import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from custody.policy.privacy import Privacy, Subsample
    from custody.policy.schema import FieldType
    from custody.policy.techniques import Suppress
    from custody.records.zone import Zone

NOT_SAMPLED = "not_sampled"


def reasons(privacy: Privacy) -> tuple[str, ...]:
    """Return the reasons that this policy has, in their order."""
    sampled = (NOT_SAMPLED,) if privacy.subsample else ()
    return (*sampled, *(f"value.{name}" for name in _by_record(privacy)))


def columns_needed(privacy: Privacy) -> set[str]:
    """Return the columns that `suppressed` looks at."""
    return {*_by_record(privacy), *([str(privacy.subject)] if privacy.subsample else [])}


def suppressed(
    table: pa.Table, privacy: Privacy, kinds: Mapping[str, FieldType], subjects: pa.Array | None, zone: Zone
) -> NDArray[np.uint16]:
    """Return per record 0 where it goes on, else 1 + the place of its reason in `reasons`.

    `subjects` are the canonical subjects of the records, needed for subsampling alone.
    """
    holds = []
    if privacy.subsample and subjects is not None:
        holds.append(_left_out(plain(subjects), privacy.subsample, privacy.not_personal, zone))
    for name, column in _by_record(privacy).items():
        kind = kinds[name]
        found = each(table.column(name).combine_chunks(), lambda values: suppress.chosen(values, column, kind))  # noqa: B023  # called at once
        holds.append(pc.fill_null(_bits(found), False).to_numpy(zero_copy_only=False))  # noqa: FBT003  # the value of nulls
    if not holds:
        return np.zeros(table.num_rows, dtype=np.uint16)
    return np.select(holds, list(range(1, len(holds) + 1)), 0).astype(np.uint16)


def counts(codes: NDArray[np.uint16], listed: Sequence[str]) -> dict[str, int]:
    """Return how many records each reason suppresses; every reason is named, also with 0."""
    found = np.bincount(codes, minlength=len(listed) + 1)
    return {reason: int(found[place]) for place, reason in enumerate(listed, 1)}


def drawn(names: Sequence[str], subsample: Subsample, zone: Zone) -> list[bool]:
    """Return which canonical subjects are in."""
    key, below = zone.derive(f"subsample/{subsample.compartment}"), int(Fraction(repr(subsample.rate)) * 2**64)
    return [int.from_bytes(hmac.digest(key, name.encode(), "sha256")[:8], "big") < below for name in names]


def _left_out(subjects: pa.Array, subsample: Subsample, not_personal: tuple[str, ...], zone: Zone) -> NDArray[np.bool_]:
    encoded = subjects.dictionary_encode()
    inside = pa.array(drawn(encoded.dictionary.to_pylist(), subsample, zone), pa.bool_())
    nobody = pc.is_in(known.name(encoded.dictionary), value_set=known.name(pa.array(not_personal, pa.string())))
    kept = pc.fill_null(pc.or_(inside, nobody).take(encoded.indices), subsample.without_subject == "keep")
    left: NDArray[np.bool_] = ~kept.to_numpy(zero_copy_only=False)
    return left


def _by_record(privacy: Privacy) -> dict[str, Suppress]:
    listed = sorted(privacy.columns.items())
    return {name: one for name, one in listed if one.technique == "suppress" and one.scope == "record"}


def _bits(found: pa.Array) -> pa.Array:
    return found.dictionary.take(found.indices) if pa.types.is_dictionary(found.type) else found
