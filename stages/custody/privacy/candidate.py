"""Second pass: write one partition of the candidate, read it back from the sealed file, and measure that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.policy.hierarchies import OTHER
from custody.policy.techniques import EncryptDeterministic, IpPrefix, Mac
from custody.privacy import distinct, injectivity, risk, rowid
from custody.privacy.attack.targets import Targets, merge, targets
from custody.privacy.cells import is_text, plain
from custody.privacy.gathering import fold, groups_of, subjects_of, values_of, words_of
from custody.privacy.leaks import scan as leaks
from custody.privacy.leaks.coincidence import Written
from custody.privacy.leaks.readback import ReadBack, read_back
from custody.privacy.leaks.scan import Footer, Leaks
from custody.privacy.techniques import registry as techniques
from custody.records.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from custody.privacy.inputs import Inputs, Pair
    from custody.privacy.leaks.searching import Search
    from custody.privacy.risk.measuring import Small
    from custody.privacy.rowid import Blocks
    from custody.privacy.techniques.given import Given
    from custody.records.folder import Partition, Sink

ROW_ID = "row_id"
LINEAGE = ("!source", "!file", "!line")


@dataclass(frozen=True)
class Job:
    """What every partition is written with; a plain value, so that a worker process can have it."""

    inputs: Inputs
    search: Search
    small: Small
    """Groups whose rows are suppressed."""
    sink: Sink


@dataclass(frozen=True)
class _Released:
    table: pa.Table
    redactions: dict[str, int]
    emptied: dict[str, int]
    uncovered: dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """What became of one partition; `partition` is None where no record of it is in the candidate."""

    partition: Partition | None = None
    suppressed: Mapping[str, int] = field(default_factory=dict)
    """Rows left out, by reason: a group of too few subjects, or of too like sensitive values."""
    leaks: Leaks = field(default_factory=Leaks)
    footer: Footer | None = None
    redactions: Mapping[str, int] = field(default_factory=dict)
    emptied: Mapping[str, int] = field(default_factory=dict)
    """Cells per column that hold a value in the record and none in the candidate (`ip_prefix`)."""
    uncovered: Mapping[str, int] = field(default_factory=dict)
    """Cells per column that hold `OTHER`, since the column's hierarchy does not cover their value."""
    groups: risk.Groups | None = None
    """Of the rows that were read back."""
    values: Mapping[str, risk.Groups] = field(default_factory=dict)
    """Subjects by the value that was read back, per column that folds."""
    samples: Mapping[str, distinct.Sample] = field(default_factory=dict)
    """Of the values that were read back, per column that no token technique wrote."""
    targets: Targets = field(default_factory=Targets)
    """Of the text columns that were read back."""
    tokens: Mapping[injectivity.Space, injectivity.Pairs] = field(default_factory=dict)
    """Identities and their tokens that were read back."""


def write(job: Job, pair: Pair) -> Outcome:
    """De-identify the records of one partition that may be used, write them and measure what was written."""
    inputs = job.inputs
    table = inputs.read(pair, {*inputs.kinds, *LINEAGE})
    usable = np.flatnonzero(inputs.usable(pair, table))
    rows, suppressed = _suppressed(job, table, usable)
    if not len(rows):
        return Outcome(suppressed=suppressed)
    kept, ids = _in_order(inputs, table, rows, pair)
    given = {name: inputs.given(name, kept, ids) for name in inputs.kinds}
    released = _released(job, kept, ids, given)
    partition = job.sink.write(pair.records.name, released.table)
    file = _read_back(job.sink, partition)
    searched = _but_for_ids(file, released.table.column(ROW_ID))
    origin = Written(kept, inputs.privacy.columns, inputs.kinds, inputs.collected.zone, given)
    return Outcome(
        partition,
        suppressed,
        *leaks.scan(searched, origin, job.search),
        released.redactions,
        released.emptied,
        released.uncovered,
        _groups(inputs, file, kept),
        values_of(inputs, file.table, subjects_of(inputs, kept)) if inputs.folding else {},
        _samples(inputs, file),
        _targets(inputs, file),
        _tokens(inputs, file, kept),
    )


def _suppressed(job: Job, table: pa.Table, usable: NDArray[np.intp]) -> tuple[NDArray[np.intp], dict[str, int]]:
    """Return the rows that are in no small group, and how many of the others have which reason."""
    if not len(job.small.few) and not len(job.small.skewed):
        return usable, {}
    needed = sorted({*job.inputs.quasi, str(job.inputs.privacy.subject)})
    groups = groups_of(job.inputs, table.select(needed).take(pa.array(usable)))
    few, skewed = (risk.contains(listed, groups) for listed in (job.small.few, job.small.skewed))
    reasons = {"small_group": int(np.count_nonzero(few)), "skewed_group": int(np.count_nonzero(skewed))}
    return usable[~(few | skewed)], {reason: rows for reason, rows in reasons.items() if rows}


def _in_order(inputs: Inputs, table: pa.Table, rows: NDArray[np.intp], pair: Pair) -> tuple[pa.Table, Blocks]:
    """Return the records at these rows in the order of their row ids, and the ids."""
    lineage = table.select(list(LINEAGE)).take(pa.array(rows))
    source, file = (pc.unique(lineage.column(name)).to_pylist() for name in LINEAGE[:2])
    lines = lineage.column(LINEAGE[2]).to_numpy()
    if len(source) != 1 or len(file) != 1 or not _all_distinct(lines):
        raise CustodyError(
            f"{inputs.collected.label}/{pair.records.name}: holds records of several files, or two of one line; "
            "run dvc repro"
        )
    blocks = rowid.row_ids(inputs.collected.zone, inputs.dataset, source[0], file[0], lines)
    places = rowid.order(blocks)
    return table.select(sorted(inputs.kinds)).take(pa.array(rows[places])), blocks[places]


def _all_distinct(lines: NDArray[np.int64]) -> bool:
    return bool((np.diff(lines) > 0).all()) or len(np.unique(lines)) == len(lines)


def _released(job: Job, table: pa.Table, ids: Blocks, given: Mapping[str, Given]) -> _Released:
    """Return the records as they are released, columns sorted by name behind the row id."""
    columns, redactions = {ROW_ID: rowid.text(ids)}, Counter[str]()
    emptied, uncovered = dict[str, int](), dict[str, int]()
    for name, kind in sorted(job.inputs.kinds.items()):
        values, column = table.column(name).combine_chunks(), job.inputs.privacy.columns[name]
        done = techniques.transform(values, column, kind, job.inputs.collected.zone, job.search.known, given[name])
        redactions.update(done.redactions)
        if done.values is not None:
            columns[name] = fold(job.inputs, name, done.values)
            emptied[name] = done.values.null_count - values.null_count
        if column.technique == "generalize" and column.hierarchy is not None:
            uncovered[name] = pc.sum(pc.equal(done.values, OTHER), min_count=0).as_py()
    return _Released(pa.table(columns), dict(redactions), emptied, uncovered)


def _read_back(sink: Sink, partition: Partition) -> ReadBack:
    """Open the sealed file as it lies in the folder that is being written."""
    folder = Folder(sink.root, sink.label, sink.zone, {}, (partition,), "")
    return read_back(folder.read_bytes(partition), f"{sink.label}/{partition.name}")


def _but_for_ids(file: ReadBack, ids: pa.ChunkedArray) -> ReadBack:
    """Return the file without its row ids where these are what was made of line numbers and key, and so tell of nobody.

    An id that by chance spells a name, as 32 hexadecimal digits may in base64, is then no reason to refuse.
    """
    same = file.table.column(ROW_ID).equals(ids)
    return replace(file, table=file.table.drop_columns([ROW_ID])) if same else file


def _groups(inputs: Inputs, file: ReadBack, table: pa.Table) -> risk.Groups | None:
    """Groups of the rows as written; the subjects are the records', which stand in the same order."""
    if not inputs.counts_subjects:
        return None
    groups = risk.groups_of(file.table.select(list(inputs.quasi)), inputs.seeds.quasi)
    values = [words_of(inputs, name, file.table.column(name)) for name in inputs.sensitive]
    return risk.summarize(groups, subjects_of(inputs, table), inputs.seeds.subject, values)


def _targets(inputs: Inputs, file: ReadBack) -> Targets:
    """Targets of every column of texts of the policy."""
    named = [name for name in file.table.column_names if name in inputs.kinds]
    texts = [column for column in file.table.select(named).columns if is_text(column.type)]
    return merge([targets(column, inputs.seeds.value) for column in texts])


def _tokens(inputs: Inputs, file: ReadBack, table: pa.Table) -> dict[injectivity.Space, injectivity.Pairs]:
    """Return the pairs of every column of tokens; the records stand in the order of the rows."""
    found: dict[injectivity.Space, list[injectivity.Pairs]] = {}
    for name, column in sorted(inputs.privacy.columns.items()):
        if isinstance(column, Mac | EncryptDeterministic | IpPrefix):
            space = injectivity.Space(column.technique, column.domain)
            raw, written = table.column(name), file.table.column(name)
            own = _without_other(written) if name in inputs.folding else written
            found.setdefault(space, []).append(injectivity.pairs(raw, own, inputs.kinds[name], inputs.seeds.value))
    return {space: injectivity.merge(parts) for space, parts in found.items()}


def _without_other(written: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = plain(written)
    return pa.chunked_array([pc.if_else(pc.equal(texts, OTHER), None, texts)])


def _samples(inputs: Inputs, file: ReadBack) -> dict[str, distinct.Sample]:
    names = [name for name in file.table.column_names if name in inputs.kinds]
    counted = [name for name in names if inputs.privacy.columns[name].technique not in techniques.TOKENS]
    return {name: _sample(file.table.column(name), inputs.seeds.value) for name in counted}


def _sample(column: pa.ChunkedArray, seed: int) -> distinct.Sample:
    present = column.drop_null()
    return distinct.sample(risk.hashes(present, seed), len(present))
