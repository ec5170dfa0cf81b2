"""Judge data that is gone by its histograms: the part `counted` of an anchor, made of all collected records.

Rules whose words have not changed keep the counts that were recorded. Of changed ones, `complete`, `type` and `finite`
follow exactly from how many cells were missing or wrong, `allowed` from counts of categories by their keyed hashes, and
`range` and `length` from buckets: exactly where a bound lies on a bucket's edge, else by interpolation within the one
bucket that it cuts, and then the greatest error is told. Patterns, predicates and comparisons of records cannot be
judged by a histogram.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.history.attribution import Count
from custody.quality.cells import Cells, fixed
from custody.quality.profile import merge, profile, stored
from custody.quality.profile.histogram import SHIFT, ZERO, Counts, added, buckets, counted, low
from custody.quality.rules import CONFLICTS, DUPLICATES, rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.history.accepted import Accepted
    from custody.policy.quality import Length, Quality, Range
    from custody.quality.profile import Profile
    from custody.quality.profile.stored import Hashes
    from custody.quality.rules import Rule

PART: Final = "counted"
EDGE: Final = "edge"
"""Measure of the part: how many numbers are exactly a bucket's number of least size."""
_INSIDE: Final = (1 << SHIFT) - 1


@dataclass(frozen=True)
class Histograms:
    """What an anchor holds of its version's collected records, before their quarantine."""

    profiles: Mapping[str, Profile]
    edges: Mapping[str, Counts]
    hashes: Hashes

    @classmethod
    def of(cls, part: pa.Table, hashes: Hashes) -> Histograms:
        """Take them out of the part; `ValueError` where it is no such table."""
        edges: dict[str, Counts] = {}
        for row in part.filter(pc.equal(part.column("measure"), EDGE)).to_pylist():
            edges.setdefault(row["column"], {})[int(row["key"])] = row["count"]
        return cls(stored.profiles(part), edges, hashes)


@dataclass(frozen=True)
class Estimated:
    """What becomes of rules over the data behind histograms."""

    counts: dict[str, Count]
    within: dict[str, int]
    """By rule that is not exact: the greatest error of `broken`, in records."""
    unknown: tuple[str, ...]
    """Rules that no histogram tells of."""


def parts(accepted: Accepted) -> dict[str, pa.Table]:
    """Return the part, over all collected records of the version."""
    collected, schema, hashes = accepted.opened.collected, accepted.schema, stored.Hashes.of(accepted.zone)
    found, edges = [], dict[str, Counts]()
    for partition in sorted(collected.partitions):
        table = collected.read(partition)
        found.append(profile(table, schema))
        for name in sorted(set(schema) & set(table.column_names)):
            edges[name] = added([edges.get(name, {}), _edges(Cells.of(table, name))])
    rows = [(name, EDGE, str(bucket), count) for name in sorted(edges) for bucket, count in edges[name].items()]
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    more = pa.table(dict(zip(stored.SCHEMA.names, map(list, columns), strict=True)), schema=stored.SCHEMA)
    return {PART: pa.concat_tables([stored.table(merge(found), hashes), more])}


def judged(histograms: Histograms, before: Mapping[str, Count], old_policy: Quality, new_policy: Quality) -> Estimated:
    """Return what the new policy's rules come to over the old data; `before` is what the old policy's did."""
    old, new = ({rule.id: rule for rule in rules(policy)} for policy in (old_policy, new_policy))
    alike = _compares_alike(old_policy, new_policy)
    counts, within, unknown = dict[str, Count](), dict[str, int](), list[str]()
    for id_, rule in new.items():
        if id_ in old and id_ in before and _same(old[id_], rule) and (alike or id_ != CONFLICTS):
            counts[id_] = before[id_]
            continue
        found = _judged(histograms, rule)
        if found is None:
            unknown.append(id_)
        else:
            counts[id_], error = found
            within |= {id_: error} if error else {}
    return Estimated(counts, within, tuple(unknown))


def outside(shape: Counts, edges: Counts, rule: Range | Length) -> tuple[int, int]:
    """Return how many numbers lie outside the bounds, and by how many that may be wrong."""
    start = -math.inf if rule.min is None else float(rule.min)
    end = math.inf if rule.max is None else float(rule.max)
    total, error = 0.0, 0.0
    for bucket, count in shape.items():
        exact = min(edges.get(bucket, 0), count)
        near, far = low(bucket), low(bucket + (1 if bucket >= ZERO else -1))
        total += exact * (near < start or near > end)
        share = _share(min(near, far), max(near, far), start, end)
        total += (count - exact) * share
        error += (count - exact) * max(share, 1 - share) * (0 < share < 1)
    return round(total), math.ceil(error)


def _share(a: float, b: float, start: float, end: float) -> float:
    """Return which share of the numbers between `a` and `b` lies outside the bounds, were they spread evenly."""
    if b <= start or a >= end:
        return 1.0
    if a >= start and b <= end:
        return 0.0
    inside = (min(b, end) - max(a, start)) / (b - a)
    return min(max(1 - inside, 1e-9), 1 - 1e-9) if math.isfinite(inside) else 0.5


def _same(one: Rule, other: Rule) -> bool:
    """True where both break on the same records: severity and minimum pass rate decide only what follows."""
    return (one.check, one.columns, _words(one)) == (other.check, other.columns, _words(other))


def _words(rule: Rule) -> dict[str, Any] | None:
    return None if rule.words is None else rule.words.model_dump(exclude={"severity", "min_pass"})


def _judged(histograms: Histograms, rule: Rule) -> tuple[Count, int] | None:
    one = (
        histograms.profiles.get(rule.columns[0]) if rule.columns and rule.check not in {DUPLICATES, CONFLICTS} else None
    )
    if one is None:
        return None
    present = one.records - one.missing
    if rule.check == "complete":
        return Count(str(rule.dimension), one.records, one.missing), 0
    if rule.check in {"type", "finite"}:
        return Count(str(rule.dimension), present, one.wrong), 0
    if rule.check == "allowed" and one.categories is not None:
        known = {histograms.hashes.of_text(rule.columns[0], text) for text in getattr(rule.words, "values", ())}
        strange = sum(count for name, count in one.categories.items() if name not in known)
        return Count(str(rule.dimension), present, one.wrong + strange), 0
    words: Any = rule.words
    if rule.check not in {"range", "length"} or isinstance(words.min, str) or isinstance(words.max, str):
        return None
    broken, error = outside(one.shape, histograms.edges.get(rule.columns[0], {}), words)
    return Count(str(rule.dimension), present, one.wrong + broken), error


def _edges(cells: Cells) -> Counts:
    kind = cells.values.type
    if pa.types.is_boolean(kind) or pa.types.is_temporal(kind):
        return {}
    right = cells.values.filter(pa.array(cells.right))
    numbers = fixed(pc.utf8_length(right) if pa.types.is_string(kind) else right).astype(np.float64)
    on_edge = (np.ascontiguousarray(numbers).view(np.int64) & np.int64(_INSIDE)) == 0
    return counted(buckets(numbers[on_edge]))


def _compares_alike(one: Quality, other: Quality) -> bool:
    """True where conflicts are found and decided in the same way under both policies."""
    names = ("key", "conflicts", "precedence", "newest")
    return all(getattr(one, name) == getattr(other, name) for name in names)
