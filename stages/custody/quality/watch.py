"""What signals need to know before they look: the policy, the features, and what the anchor pins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from custody.quality.audit import stored as audit_stored
from custody.quality.prefix import Checksum
from custody.quality.profile import stored
from custody.quality.profile.stored import Hashes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from custody.anchor import Anchor
    from custody.policy.quality import Quality
    from custody.policy.signals import Signals
    from custody.quality.audit.model import Model
    from custody.quality.profile import Profile
    from custody.records.folder import Partition
    from custody.records.zone import Zone

FEATURES: Final = frozenset({"number", "integer", "boolean", "category"})
"""Types that a model learns from as they stand."""


@dataclass(frozen=True)
class File:
    """A file of the anchored version."""

    source: str
    rows: int
    checksum: int


@dataclass(frozen=True)
class Pinned:
    """What the anchor holds for signals."""

    schema: dict[str, str]
    profiles: dict[str, Profile]
    files: tuple[File, ...]
    model: Model | None


@dataclass(frozen=True)
class Place:
    """Where a partition's first record stands: in its file, and among all records."""

    source: str
    file: str
    in_file: int
    of_all: int


@dataclass(frozen=True)
class Watch:
    """A plain value, so that a worker process can have it."""

    signals: Signals
    kinds: dict[str, str]
    features: tuple[str, ...]
    label: str | None
    pinned: Pinned | None
    rows: int
    """Records of all partitions."""
    places: dict[str, Place]
    """By the partition's name."""
    seed: int = field(repr=False)
    hashes: Hashes = field(repr=False)
    checksum: Checksum = field(repr=False)

    @property
    def profiled(self) -> dict[str, str]:
        """Columns that are profiled, with their types: all for a comparison with the anchor, else the features."""
        signals = self.signals
        if self.pinned and (signals.drift or signals.label_audit):
            return self.kinds
        wanted = self.features if signals.constant or signals.outliers else ()
        return {name: self.kinds[name] for name in wanted}

    def cuts(self, source: str) -> tuple[int, ...]:
        """Return how many records files of a source had when they were anchored, each number once."""
        files = self.pinned.files if self.pinned else ()
        return tuple(sorted({one.rows for one in files if one.source == source}))


def features(quality: Quality, schema: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that a model learns from: those the policy names, else all of fitting type but the label."""
    named = quality.features or [name for name, kind in schema.items() if kind in FEATURES and name != quality.label]
    return tuple(sorted(name for name in named if name in schema))


def watch(
    quality: Quality, schema: Mapping[str, str], anchor: Anchor | None, partitions: Sequence[Partition], zone: Zone
) -> Watch | None:
    """Return what to look for, or None where the policy names no signal; partitions are in the order of their names."""
    if not quality.signals.model_fields_set:
        return None
    return Watch(
        signals=quality.signals,
        kinds=dict(schema),
        features=features(quality, schema),
        label=quality.label,
        pinned=_pinned(anchor),
        rows=sum(one.rows for one in partitions),
        places=places(partitions),
        seed=int.from_bytes(zone.derive("hash/signals", 8), "little"),
        hashes=Hashes.of(zone),
        checksum=Checksum.of(zone),
    )


def _pinned(anchor: Anchor | None) -> Pinned | None:
    if anchor is None:
        return None
    profile, files = anchor.part("profile"), anchor.part("files")
    return Pinned(
        schema=anchor.schema,
        profiles=stored.profiles(profile) if profile is not None else {},
        files=_files(files) if files is not None else (),
        model=audit_stored.read(anchor.part),
    )


def _files(table: pa.Table) -> tuple[File, ...]:
    return tuple(File(row["source"], row["rows"], int(row["checksum"], 16)) for row in table.to_pylist())


def places(partitions: Sequence[Partition]) -> dict[str, Place]:
    """Return where each partition begins; they are given in the order of their names.

    A partition is called after its source, its file and its place in it, as collect names them.
    """
    found, seen, total = {}, dict[str, int](), 0
    for one in partitions:
        file = one.name.rpartition("-")[0] or one.name
        found[one.name] = Place(file.rpartition("-")[0] or file, file, seen.get(file, 0), total)
        seen[file] = seen.get(file, 0) + one.rows
        total += one.rows
    return found
