"""What anonymize reads: collected records, their verdicts, and the part of the policy that says what may be used.

A partition of records and the partition of its verdicts have one name and the same rows in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from custody.errors import CustodyError
from custody.privacy import suppressing, withhold
from custody.privacy.canonical import canonical
from custody.privacy.cells import each
from custody.privacy.techniques.given import Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from custody.policy.dataset import Dataset
    from custody.policy.privacy import Privacy
    from custody.policy.schema import FieldType
    from custody.privacy.rowid import Blocks
    from custody.privacy.techniques.microaggregate import Classes
    from custody.records.folder import Folder, Partition

CONVERTED = frozenset({"timestamp", "ip", "mac", "email", "number", "integer", "boolean"})
"""Types of columns that have a `!raw` companion: the source's text where it could not be converted."""
REPEATING = frozenset({"user", "email", "host", "ip", "mac", "category"})
"""Types of columns whose texts repeat: they are worked on once per distinct text (`cells`)."""
_NAMES = frozenset({"!source", "!file"})
_AGAIN = "run dvc repro"


class Pair(NamedTuple):
    """A partition of records and the partition of their verdicts."""

    records: Partition
    verdicts: Partition


@dataclass(frozen=True)
class Seeds:
    """Seeds of the hashes of quasi-identifiers, of subjects and of released values, and of what is drawn by lot."""

    quasi: int = field(repr=False)
    subject: int = field(repr=False)
    value: int = field(repr=False)
    draw: int = field(repr=False)


@dataclass(frozen=True)
class Inputs:
    """Everything that tells which records may be used; a plain value, so that a worker process can have it."""

    collected: Folder
    validated: Folder
    dataset: Dataset
    privacy: Privacy
    kinds: dict[str, FieldType]
    """The schema that collect used."""
    purposes: dict[str, tuple[str, ...]]
    quarantining: tuple[str, ...]
    """Ids of the rules whose break quarantines."""
    clock: str | None
    seeds: Seeds = field(repr=False)
    classes: Mapping[str, Classes] = field(default_factory=dict)
    """Groups of neighbours of each microaggregated column, once `learning` has found them."""
    folds: Mapping[str, NDArray[np.uint64]] = field(default_factory=dict, repr=False)
    """Per column the hashes of released values that become OTHER, ascending; none before they are known."""

    @property
    def direct(self) -> tuple[str, ...]:
        """Columns that name a person, sorted."""
        return tuple(sorted(name for name, column in self.privacy.columns.items() if column.role == "direct"))

    @property
    def quasi(self) -> tuple[str, ...]:
        """Quasi-identifiers that are released, sorted."""
        columns = self.privacy.columns.items()
        return tuple(sorted(name for name, one in columns if one.role == "quasi" and not one.left_out))

    @property
    def suppresses(self) -> bool:
        """True where rows of small groups are dropped."""
        return self.counts_subjects and self.privacy.on_violation != "refuse"

    @property
    def generalizes(self) -> bool:
        """True where quasi-identifiers go up their ladders."""
        return self.counts_subjects and self.privacy.on_violation == "generalize"

    @property
    def folding(self) -> tuple[str, ...]:
        """Columns whose rare categories become OTHER, sorted."""
        columns = self.privacy.columns.items() if self.counts_subjects else ()
        return tuple(sorted(name for name, one in columns if one.fold_rare and not one.left_out))

    @property
    def climbs(self) -> bool:
        """True where the quasi-identifiers of a group may become others than their treatment makes of them."""
        return self.generalizes or (self.suppresses and bool({*self.folding} & {*self.quasi}))

    def seed_of(self, column: str) -> int:
        """Return the seed of the hashes of a column's released values."""
        return self.seeds.quasi if column in self.quasi else self.seeds.value

    @property
    def counts_subjects(self) -> bool:
        """True where the policy asks how many subjects share a group."""
        return self.privacy.per_person and self.privacy.subject is not None

    @property
    def sensitive(self) -> tuple[str, ...]:
        """Sensitive columns that are released and of which the policy asks something, sorted."""
        return self.privacy.sensitive if self.privacy.per_value else ()

    def pairs(self) -> list[Pair]:
        """Return partitions with their verdicts, by name."""
        records, verdicts = sorted(self.collected.partitions), sorted(self.validated.partitions)
        if [(one.name, one.rows) for one in records] != [(one.name, one.rows) for one in verdicts]:
            raise CustodyError(
                f"{self.validated.label}: does not judge the records of {self.collected.label}; {_AGAIN}"
            )
        return [Pair(*pair) for pair in zip(records, verdicts, strict=True)]

    def read(self, pair: Pair, columns: Iterable[str]) -> pa.Table:
        """Return the named columns of a partition of records, sorted by name; those of few texts as dictionaries."""
        names = [name for name in columns if name in _NAMES or self.kinds.get(name) in REPEATING]
        return _read(self.collected, pair.records, columns, [name for name in names if name != self.privacy.consent])

    def accepted(self, pair: Pair) -> NDArray[np.bool_]:
        """Return which records break no rule that quarantines; a verdict that is missing counts as broken."""
        verdicts = _read(self.validated, pair.verdicts, self.quarantining)
        broken = np.zeros(pair.verdicts.rows, dtype=np.bool_)
        if verdicts.num_columns:
            told = [pc.fill_null(column, True) for column in verdicts.columns]  # noqa: FBT003  # the value of nulls
            broken |= reduce(pc.or_, told).to_numpy()
        return ~broken

    def withheld(self, table: pa.Table) -> NDArray[np.uint8]:
        """Return the code of each record's reason to be withheld, 0 for none (`withhold`)."""
        return withhold.withheld(table, self.purposes, self.dataset, self.privacy, self.clock)

    def suppressed(self, table: pa.Table) -> NDArray[np.uint16]:
        """Return the code of each record's reason to be left out before groups are counted, 0 for none."""
        subjects = self.subjects(table) if self.privacy.subsample else None
        return suppressing.suppressed(table, self.privacy, self.kinds, subjects, self.collected.zone)

    def usable(self, pair: Pair, table: pa.Table) -> NDArray[np.bool_]:
        """Return which records are accepted, not withheld and not left out."""
        usable: NDArray[np.bool_] = self.accepted(pair) & (self.withheld(table) == 0) & (self.suppressed(table) == 0)
        return usable

    def judged_columns(self) -> set[str]:
        """Return the columns that `withheld` and `suppressed` look at."""
        return withhold.columns_needed(self.privacy, self.clock) | suppressing.columns_needed(self.privacy)

    def subjects(self, table: pa.Table) -> pa.Array:
        """Return the canonical subject of each record, words of `not_personal` too; in a dictionary where it was."""
        subject = self.privacy.subject
        if subject is None:
            return pa.nulls(table.num_rows, pa.string())
        return each(table.column(subject).combine_chunks(), lambda values: canonical(values, self.kinds[subject]))

    def given(self, column: str, table: pa.Table, ids: Blocks | None = None) -> Given:
        """Return what a technique may need beside the column's own values; `table` holds the column of the subject."""
        shifted = self.privacy.columns[column].technique == "shift_time"
        subjects = self.subjects(table) if shifted else None
        return Given(column, subjects, ids, self.classes.get(column), self.privacy.hierarchies)


def open_inputs(collected: Folder, validated: Folder, dataset: Dataset, privacy: Privacy) -> Inputs:
    """Check that the folders and the policy belong together; `CustodyError` when they do not."""
    receipt, report = _of_stage(collected, "collect"), _of_stage(validated, "validate")
    if report.get("collected") != collected.digest:
        raise CustodyError(f"{validated.label}: does not judge the records of {collected.label}; {_AGAIN}")
    kinds, sources, rules = receipt.get("schema"), receipt.get("sources"), report.get("quarantine_rules")
    if not isinstance(kinds, dict) or not isinstance(sources, dict) or not isinstance(rules, list):
        raise CustodyError(f"{collected.label}, {validated.label}: the receipt or report lacks a part; {_AGAIN}")
    for name in sorted({*kinds} ^ {*privacy.columns}):
        raise CustodyError(
            f"privacy.columns.{name}: stands in the policy or in what was collected, not in both; {_AGAIN}"
        )
    purposes = {name: tuple(source.get("purposes", ())) for name, source in sources.items()}
    seeds = Seeds(*np.frombuffer(collected.zone.derive("hash/privacy", 32), dtype="<u8").tolist())
    clock = withhold.clock_of(privacy, kinds)
    collected = replace(collected, zone=collected.zone.at(privacy.epochs))
    return Inputs(collected, validated, dataset, privacy, kinds, purposes, tuple(sorted(rules)), clock, seeds)


def _of_stage(folder: Folder, stage: str) -> dict[str, Any]:
    if folder.body.get("stage") != stage:
        raise CustodyError(f"{folder.label}: is no folder that {stage} wrote; give the one that it wrote")
    return folder.body


def _read(folder: Folder, partition: Partition, columns: Iterable[str], repeating: Sequence[str] = ()) -> pa.Table:
    names, where = sorted(columns), f"{folder.label}/{partition.name}"
    try:
        data = pa.BufferReader(folder.read_bytes(partition))
        table = pq.ParquetFile(data, read_dictionary=repeating).read(columns=names, use_threads=False)
    except (pa.ArrowException, OSError):
        raise CustodyError(f"{where}: is not a readable Parquet file; {_AGAIN}") from None
    for missing in sorted({*names} - {*table.column_names}):
        raise CustodyError(f"{where}: has no column {missing}; {_AGAIN}")
    if table.num_rows != partition.rows:
        raise CustodyError(f"{where}: has other rows than its receipt tells; {_AGAIN}")
    return table.select(names)
