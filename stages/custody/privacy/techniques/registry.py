"""The registry: which technique writes the released form of a column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.privacy.cells import is_dictionary, plain
from custody.privacy.techniques import (
    encrypt_deterministic,
    generalize,
    hierarchy,
    ip_prefix,
    ip_truncate,
    keep,
    mac,
    mask,
    microaggregate,
    noise,
    redact_text,
    round_time,
    shift_time,
    suppress,
)
from custody.privacy.techniques.given import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from custody.policy.schema import FieldType
    from custody.policy.techniques import AnyColumn
    from custody.privacy.techniques.given import Given
    from custody.privacy.text.known import Known
    from custody.records.zone import Zone

TOKENS = frozenset({"mac", "encrypt_deterministic", "ip_prefix"})
"""Techniques that write one distinct token per distinct value: as many distinct values after as before."""

PLAIN: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "encrypt_deterministic": encrypt_deterministic.apply,
    "generalize": generalize.apply,
    "ip_prefix": ip_prefix.apply,
    "ip_truncate": ip_truncate.apply,
    "keep": keep.apply,
    "mac": mac.apply,
    "mask": mask.apply,
    "round_time": round_time.apply,
    "suppress": suppress.apply,
}
"""Techniques that need a column's values alone."""

GIVEN: dict[str, Callable[[Any, Any, Any, Any, Given], Any]] = {
    "microaggregate": microaggregate.apply,
    "noise": noise.apply,
    "shift_time": shift_time.apply,
}
"""Techniques that need to know who, which row or which groups, too."""
BY_RECORD = frozenset({"noise", "shift_time"})
"""Techniques under which equal values of two records may become different ones."""


@dataclass(frozen=True)
class Transformed:
    """What is released in a column's place; `values` is None where the column is left out."""

    values: pa.Array | None
    redactions: Mapping[str, int] = field(default_factory=dict)
    """How many identifiers redact_text replaced, by kind, sorted by kind; only kinds that were found."""


def transform(  # noqa: PLR0913, PLR0917  # a column, how it is treated, and what some treatments need beside it
    values: pa.Array, column: AnyColumn, kind: FieldType, zone: Zone, known: Known | None = None, given: Given = NOTHING
) -> Transformed:
    """Return the released form of `values`: one element per element, null where it was null.

    `values` may be a dictionary of texts, each treated once; what is returned is none.

    Pure: the same values, policy, zone and `given` give the same result, in whatever partition they stand. `values` are
    a collected column (never its `!raw` companion) of the Arrow type that `kind` is held as. `redact_text` needs
    `known`; a hierarchy of the policy and the techniques of `GIVEN` need `given`.
    """
    if column.technique == "redact_text":
        if known is None:
            raise CustodyError("privacy: redact_text was called without the known identifiers of the data set")
        redacted = redact_text.apply(plain(values), known, column.detectors)
        return Transformed(redacted.values, redacted.counts)
    if is_dictionary(values.type):
        done = _apply(values.dictionary, column, kind, zone, given)
        return Transformed(None if done is None else done.take(values.indices))
    return Transformed(_apply(values, column, kind, zone, given))


def _apply(values: pa.Array, column: AnyColumn, kind: FieldType, zone: Zone, given: Given) -> pa.Array | None:
    if column.technique == "generalize" and column.hierarchy is not None:
        return hierarchy.apply(values, column, kind, zone, given)
    if column.technique in GIVEN:
        return GIVEN[column.technique](values, column, kind, zone, given)
    return PLAIN[column.technique](values, column, kind, zone)
