"""Signals over plain rows: a watch as validate makes one, and all that partitions show."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from custody.quality.observing import observe
from custody.quality.prefix import Checksum
from custody.quality.profile import merge, profile, stored
from custody.quality.signals.evaluating import evaluate
from custody.quality.signals.seen import Outcome, Seen
from custody.quality.watch import File, Pinned, watch
from custody.records.folder import Partition
from quality.collecting import SCHEMA, broken, judged, plan, quality, table
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from custody.quality.audit.model import Model
    from custody.quality.bits import Mask


def cut(rows: Sequence[Mapping[str, Any]], *ends: int) -> list[list[Mapping[str, Any]]]:
    """Cut rows at these places."""
    edges = [0, *sorted(min(end, len(rows)) for end in ends), len(rows)]
    return [list(rows[start:end]) for start, end in pairwise(edges)]


def pinned(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, str] = SCHEMA, model: Model | None = None) -> Pinned:
    """What an anchor of these rows holds, as one file of the source edge."""
    whole = table(rows, schema)
    profiles = stored.profiles(stored.table(merge([profile(whole, schema)]), stored.Hashes.of(ZONE)))
    total = int(Checksum.of(ZONE).records(whole, schema, 0).sum(dtype="uint64"))
    return Pinned(dict(schema), profiles, (File("edge", len(rows), total),), model)


def seen(
    parts: Sequence[Sequence[Mapping[str, Any]]],
    signals: Mapping[str, Any],
    anchored: Pinned | None = None,
    schema: Mapping[str, str] = SCHEMA,
    **words: Any,
) -> Seen:
    """Look at partitions of one file under these signals; `words` are further keys of the quality policy."""
    policy = quality(label="event", **{"duplicates": "warn", **words}, signals=signals)
    tables = [table(part, schema) for part in parts]
    names = [f"edge-0-{i:05}" for i in range(len(tables))]
    partitions = [Partition(name, one.num_rows, "", "") for name, one in zip(names, tables, strict=True)]
    watched = watch(policy, schema, None, partitions, ZONE)
    assert watched is not None
    watched = replace(watched, pinned=anchored)
    observed = [observe(one, watched, watched.places[name], name) for one, name in zip(tables, names, strict=True)]
    return Seen(watched, observed, copies(tables, policy, schema))


def copies(tables: Sequence[pa.Table], policy: Any, schema: Mapping[str, str]) -> list[Mask]:
    """Return which records are copies, per partition."""
    plan_ = plan(policy, schema)
    found = set(broken(judged(tables, plan_), plan_)["duplicates"])
    starts = [sum(one.num_rows for one in tables[:i]) for i in range(len(tables))]
    return [
        np.array([start + i in found for i in range(one.num_rows)], dtype=np.bool_)
        for start, one in zip(starts, tables, strict=True)
    ]


def look(
    rows: Sequence[Mapping[str, Any]],
    name: str,
    anchored: Pinned | None = None,
    schema: Mapping[str, str] = SCHEMA,
    **words: Any,
) -> Outcome:
    """Return what one signal finds."""
    return evaluate(seen([rows], {name: words}, anchored, schema))[name]


def told(outcome: Outcome) -> list[tuple[str, str, int, int]]:
    """Return code, place, count and of what of each finding."""
    return [(one.code, one.where, one.count, one.of) for one in outcome.findings]


def marked(outcome: Outcome) -> list[int]:
    """Return the records that the findings speak of."""
    assert outcome.records is not None
    flat = [bool(one) for mask in outcome.records for one in mask]
    return [i for i, one in enumerate(flat) if one]
