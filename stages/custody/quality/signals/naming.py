"""Name records by their values, for findings that are made of counts: a second look, taken only to quarantine them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from custody.quality.signals.evaluating import named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from custody.quality.bits import Mask
    from custody.quality.signals.seen import Outcome, Seen, Which

Chosen = dict[str, tuple["Which", ...]]
"""By signal: which records it speaks of."""


def resolved(
    seen: Seen, outcomes: Mapping[str, Outcome], look: Callable[[Chosen], Sequence[Mapping[str, Mask]]]
) -> dict[str, Outcome]:
    """Return the outcomes, those that quarantine by value with their records; `look` has one map per partition."""
    words = named(seen.watch.signals)
    kept = {name: one for name, one in outcomes.items() if words[name].action == "quarantine" and one.records is None}
    chosen = {name: one.which for name, one in kept.items() if one.which}
    parts = look(chosen) if chosen else [{} for _ in seen.parts]
    found = dict(outcomes)
    for name, one in kept.items():
        nobody = [np.zeros(part.rows, dtype=np.bool_) for part in seen.parts]
        masks = tuple(part.get(name, none) for part, none in zip(parts, nobody, strict=True))
        found[name] = replace(one, records=masks if one.reason is None else None)
    return found


def masks(table: pa.Table, chosen: Chosen) -> dict[str, Mask]:
    """Return, by signal, which records of a collected partition any of its findings speaks of."""
    return {name: np.logical_or.reduce([one.mask(table) for one in some]) for name, some in chosen.items()}
