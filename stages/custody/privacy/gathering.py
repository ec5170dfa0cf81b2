"""First pass: what only the whole data set tells, all identifiers and how many subjects share each group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import risk, suppressing, withhold
from custody.privacy.cells import is_dictionary
from custody.privacy.folding import folded
from custody.privacy.generalizing import combinations
from custody.privacy.inputs import CONVERTED
from custody.privacy.risk import sensitive
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import identifiers, known

if TYPE_CHECKING:
    from custody.privacy.inputs import Inputs, Pair
    from custody.privacy.risk.coarsening import Combinations
    from custody.privacy.text.identifiers import Identifiers


@dataclass(frozen=True)
class Gathered:
    """What one partition gives."""

    accepted: int
    withheld: dict[str, int]
    """Accepted records that may not be used, by reason."""
    suppressed: dict[str, int]
    """Records that may be used and are left out before groups are counted, by reason."""
    identifiers: tuple[Identifiers, ...] = field(repr=False)
    """Of all records, one per direct column in the order of their names."""
    guesses: tuple[Identifiers, ...] = field(repr=False)
    """Of all records, one per column that has tokens and is not direct, in the order of their names."""
    groups: risk.Groups | None
    """Of the records that may be used, before any is suppressed; None where none is ever suppressed."""
    combinations: Combinations | None
    """The same records' quasi-identifiers on every level; None where they stay on the one that they have."""
    values: dict[str, risk.Groups]
    """The same records' subjects by the value of each column that folds."""


def gather(inputs: Inputs, pair: Pair) -> Gathered:
    """Look at one partition."""
    table = inputs.read(pair, _columns(inputs))
    accepted, codes = inputs.accepted(pair), inputs.withheld(table)
    left = inputs.suppressed(table)
    usable = accepted & (codes == 0)
    counted = table.select(sorted(_counted(inputs))).take(pa.array(np.flatnonzero(usable & (left == 0))))
    return Gathered(
        int(np.count_nonzero(accepted)),
        withhold.counts(codes[accepted]),
        suppressing.counts(left[usable], suppressing.reasons(inputs.privacy)),
        tuple(identifiers.gather(table, column, inputs.kinds[column]) for column in inputs.direct),
        tuple(identifiers.gather(table, column, inputs.kinds[column]) for column in tokenized(inputs)),
        _groups(inputs, counted) if inputs.suppresses else None,
        combinations(inputs, counted, _released(inputs, counted, inputs.quasi)) if inputs.climbs else None,
        _values(inputs, counted),
    )


def tokenized(inputs: Inputs) -> tuple[str, ...]:
    """Return the columns that name nobody directly and are released as tokens, sorted."""
    columns = inputs.privacy.columns.items()
    return tuple(sorted(name for name, one in columns if one.role != "direct" and one.technique in techniques.TOKENS))


def _groups(inputs: Inputs, counted: pa.Table) -> risk.Groups:
    told = _released(inputs, counted, inputs.sensitive)
    values = [words_of(inputs, name, pa.chunked_array([values])) for name, values in told.items()]
    return risk.summarize(groups_of(inputs, counted), subjects_of(inputs, counted), inputs.seeds.subject, values)


def _values(inputs: Inputs, counted: pa.Table) -> dict[str, risk.Groups]:
    if not inputs.folding:
        return {}
    return values_of(inputs, pa.table(_released(inputs, counted, inputs.folding)), subjects_of(inputs, counted))


def values_of(inputs: Inputs, released: pa.Table, subjects: pa.ChunkedArray) -> dict[str, risk.Groups]:
    """Return the subjects of each released value of the columns that fold."""
    return {
        name: risk.summarize(risk.hashes(released.column(name), inputs.seed_of(name)), subjects, inputs.seeds.subject)
        for name in inputs.folding
    }


def groups_of(inputs: Inputs, table: pa.Table) -> risk.Hashes:
    """Return the group of each record by the quasi-identifiers as they would be released; needs the subject, too."""
    quasi = pa.table(_released(inputs, table, inputs.quasi)) if inputs.quasi else table.select([])
    return risk.groups_of(quasi, inputs.seeds.quasi)


def words_of(inputs: Inputs, name: str, values: pa.ChunkedArray) -> risk.Hashes:
    """Return the released values of a sensitive column as they are compared."""
    return sensitive.words(values, inputs.privacy.columns[name].ordered, inputs.seeds.value)


def subjects_of(inputs: Inputs, table: pa.Table) -> pa.ChunkedArray:
    """Return the canonical subject of each record, what a pseudonym would be made of; in a dictionary where it was.

    A word of `not_personal` is nobody: the subject of such a record is null.
    """
    names = inputs.subjects(table)
    return pa.chunked_array([_people(names, known.name(pa.array(inputs.privacy.not_personal, pa.string())))])


def _people(names: pa.Array, nobody: pa.Array) -> pa.Array:
    """Return `names`, null where one is among `nobody`."""
    if not len(nobody):
        return names
    if not is_dictionary(names.type):
        return pc.if_else(pc.is_in(known.name(names), value_set=nobody), None, names)
    listed = pc.is_in(known.name(names.dictionary), value_set=nobody)
    return pa.DictionaryArray.from_arrays(pc.if_else(listed.take(names.indices), None, names.indices), names.dictionary)


def _released(inputs: Inputs, table: pa.Table, names: tuple[str, ...]) -> dict[str, pa.Array]:
    zone, columns, kinds = inputs.collected.zone, inputs.privacy.columns, inputs.kinds
    done = {
        name: techniques.transform(
            table.column(name).combine_chunks(), columns[name], kinds[name], zone, given=inputs.given(name, table)
        ).values
        for name in names
    }
    return {name: fold(inputs, name, values) for name, values in done.items()}


def fold(inputs: Inputs, name: str, values: pa.Array) -> pa.Array:
    """Return a column's released values with its rare categories, where they are known, as OTHER."""
    listed = inputs.folds.get(name)
    return values if listed is None else folded(values, listed, inputs.seed_of(name))


def _counted(inputs: Inputs) -> set[str]:
    """Columns that the counting of subjects needs; none where nothing is counted before it is written."""
    if not inputs.suppresses:
        return {*inputs.folding, str(inputs.privacy.subject)} if inputs.folding else set()
    return {*inputs.quasi, *inputs.sensitive, *inputs.folding, str(inputs.privacy.subject)}


def _columns(inputs: Inputs) -> set[str]:
    needed = inputs.judged_columns() | {*inputs.direct, *tokenized(inputs)}
    needed |= {column + identifiers.RAW for column in inputs.direct if inputs.kinds[column] in CONVERTED}
    return needed | _counted(inputs)
