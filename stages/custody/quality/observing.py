"""What signals see of one partition: counts that add up, and what they need of single records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.audit import bins
from custody.quality.audit.model import steps
from custody.quality.audit.neighbors import SAMPLE, Sample
from custody.quality.cells import Cells, fixed, whole
from custody.quality.classes import Classes
from custody.quality.prefix import ABSENT, bits, spread
from custody.quality.profile import Profile, profile
from custody.records import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.quality.watch import Place, Watch

Group = tuple[str, str, str]
"""Column, its category and a label."""


@dataclass(frozen=True)
class Observed:
    """One partition, in the order of its records."""

    name: str
    rows: int
    classes: Classes
    profiles: dict[str, Profile]
    vectors: NDArray[np.uint64] | None = None
    """A hash of each record's features."""
    groups: Counter[Group] = field(default_factory=Counter)
    sums: dict[int, int] = field(default_factory=dict)
    """By number of records: the checksum of those of them, counted from the file's first, that stand here."""
    margins: NDArray[np.int16] | None = None
    """Each record's margin for its own label in sixteenths; `UNAUDITED` where there is no model of it."""
    sample: Sample | None = None


UNAUDITED = np.int16(np.iinfo(np.int16).max)


def seen_in(table: pa.Table, watch: Watch, name: str) -> Observed | None:
    """Look at the partition of this name; None where looking fails on this data, which leaves signals unevaluated."""
    try:
        return observe(table, watch, watch.places[name], name)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # as with rules: whatever a library raises on this data, the gate refuses
        return None


def observe(table: pa.Table, watch: Watch, place: Place, name: str) -> Observed:
    """Look at a collected partition once, for all signals that the policy names."""
    signals = watch.signals
    classes = Classes.of(table, watch.label)
    return Observed(
        name=name,
        rows=table.num_rows,
        classes=classes,
        profiles=profile(table, watch.profiled),
        vectors=_vectors(table, watch) if signals.conflicting_labels else None,
        groups=_groups(table, watch) if signals.balance else Counter(),
        sums=_sums(table, watch, place) if signals.appended_block and watch.cuts(place.source) else {},
        margins=_margins(table, watch, classes) if signals.label_audit else None,
        sample=_sample(table, watch, place) if signals.label_audit or signals.isolation_forest else None,
    )


def _vectors(table: pa.Table, watch: Watch) -> NDArray[np.uint64] | None:
    """Hash each record's features; wrong cells count by their source text."""
    present = [one for one in watch.features if one in table.column_names]
    total = np.full(table.num_rows, watch.seed, dtype=np.uint64)
    for name in present:
        raw = columns.raw(name)
        wrong = _hashed(table, raw, watch, absent=0) if raw in table.column_names else np.uint64(0)
        total = spread(total ^ _hashed(table, name, watch) ^ wrong)
    return total if present else None


def _groups(table: pa.Table, watch: Watch) -> Counter[Group]:
    """Count labels by the values of each column that the policy names."""
    found: Counter[Group] = Counter()
    for name in watch.signals.balance.by if watch.signals.balance else ():
        if name in table.column_names:
            for (group, label), count in Classes.by(table, name, watch.label).counts().items():
                found[name, group, label] = count
    return found


def _sums(table: pa.Table, watch: Watch, place: Place) -> dict[int, int]:
    if not all(name in table.column_names for name in watch.kinds):
        return {}
    numbers = watch.checksum.records(table, watch.kinds, place.in_file)
    ends = {cut: min(max(cut - place.in_file, 0), len(numbers)) for cut in watch.cuts(place.source)}
    return {cut: int(numbers[:end].sum(dtype=np.uint64)) for cut, end in ends.items()}


def _margins(table: pa.Table, watch: Watch, classes: Classes) -> NDArray[np.int16] | None:
    """Score each record with the model of its own label; None where there is no model, or not for these columns."""
    model = watch.pinned.model if watch.pinned else None
    if model is None or watch.label is None or not _fits(table, watch):
        return None
    codes = bins.codes(table, model.bins, watch.hashes)
    found = np.full(table.num_rows, UNAUDITED, dtype=np.int16)
    for label in sorted({label for _, label in classes.keys if label}):
        known = model.labels.get(watch.hashes.of_text(watch.label, label))
        if known is not None:
            own = classes.among(key for key in classes.keys if key[1] == label)
            some = np.ascontiguousarray(codes[:, own])
            found[own] = np.clip(steps(known.model.margins(some)), -UNAUDITED, UNAUDITED - 1)
    return found


def _fits(table: pa.Table, watch: Watch) -> bool:
    model = watch.pinned.model if watch.pinned else None
    return model is not None and all(
        watch.kinds.get(one.column) == one.kind and one.column in table.column_names for one in model.bins
    )


def _sample(table: pa.Table, watch: Watch, place: Place) -> Sample:
    """Take records by a keyed hash of their place among all, about `SAMPLE` of them, whatever the partitions are."""
    places = np.arange(place.of_all, place.of_all + table.num_rows, dtype=np.uint64)
    kept = spread(places + np.uint64(watch.seed)) <= np.uint64(min(SAMPLE * 2**64 // max(watch.rows, 1), 2**64 - 1))
    if watch.label in table.column_names:
        kept &= table.column(watch.label).is_valid().to_numpy()
    some = table.filter(pa.array(kept))
    present = [name for name in watch.features if name in table.column_names]
    found = [numbers(some, name) for name in numeric(watch) if name in present]
    others = [_hashed(some, name, watch) for name in present if watch.kinds[name] not in bins.NUMERIC]
    size = some.num_rows
    labelled = watch.label is not None and watch.label in table.column_names
    return Sample(
        np.stack(found) if found else np.zeros((0, size), dtype=np.float64),
        np.stack(others) if others else np.zeros((0, size), dtype=np.uint64),
        _hashed(some, str(watch.label), watch) if labelled else np.zeros(size, dtype=np.uint64),
    )


def numeric(watch: Watch) -> tuple[str, ...]:
    """Return the features that are numbers."""
    return tuple(name for name in watch.features if watch.kinds[name] in bins.NUMERIC)


def numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column's numbers; NaN where there is none."""
    cells = Cells.of(table, name)
    return np.where(cells.right, fixed(cells.values).astype(np.float64), np.nan)


def _hashed(table: pa.Table, name: str, watch: Watch, absent: int = int(ABSENT)) -> NDArray[np.uint64]:
    """Return a number per record: the bits of a number, a keyed hash of a text, `absent` for a text that is null."""
    values = whole(table, name)
    if not pa.types.is_string(values.type):
        return bits(values)
    if values.null_count == len(values):
        return np.full(len(values), absent, dtype=np.uint64)
    coded = values.dictionary_encode()
    texts = pl.Series(pl.from_arrow(coded.dictionary)).hash(watch.seed).to_numpy()
    places = pc.fill_null(coded.indices, len(texts)).to_numpy(zero_copy_only=False)
    return np.asarray(np.append(texts, np.uint64(absent))[places])
