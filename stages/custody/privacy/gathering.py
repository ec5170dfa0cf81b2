"""First pass: what only the whole data set tells, all identifiers and how many subjects share each group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy import risk, suppressing, withhold
from custody.privacy.cells import is_dictionary
from custody.privacy.inputs import CONVERTED
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import identifiers, known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.privacy.inputs import Inputs, Pair
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


def gather(inputs: Inputs, pair: Pair) -> Gathered:
    """Look at one partition."""
    table = inputs.read(pair, _columns(inputs))
    accepted, codes = inputs.accepted(pair), inputs.withheld(table)
    left = inputs.suppressed(table)
    usable = accepted & (codes == 0)
    return Gathered(
        int(np.count_nonzero(accepted)),
        withhold.counts(codes[accepted]),
        suppressing.counts(left[usable], suppressing.reasons(inputs.privacy)),
        tuple(identifiers.gather(table, column, inputs.kinds[column]) for column in inputs.direct),
        tuple(identifiers.gather(table, column, inputs.kinds[column]) for column in tokenized(inputs)),
        _groups(inputs, table, np.flatnonzero(usable & (left == 0))) if inputs.suppresses else None,
    )


def tokenized(inputs: Inputs) -> tuple[str, ...]:
    """Return the columns that name nobody directly and are released as tokens, sorted."""
    columns = inputs.privacy.columns.items()
    return tuple(sorted(name for name, one in columns if one.role != "direct" and one.technique in techniques.TOKENS))


def _groups(inputs: Inputs, table: pa.Table, usable: NDArray[np.intp]) -> risk.Groups:
    counted = table.select(sorted({*inputs.quasi, str(inputs.privacy.subject)})).take(pa.array(usable))
    return risk.summarize(groups_of(inputs, counted), subjects_of(inputs, counted), inputs.seeds.subject)


def groups_of(inputs: Inputs, table: pa.Table) -> risk.Hashes:
    """Return the group of each record by the quasi-identifiers as they would be released; needs the subject, too."""
    return risk.groups_of(pa.table(_quasi(inputs, table)) if inputs.quasi else table.select([]), inputs.seeds.quasi)


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


def _quasi(inputs: Inputs, table: pa.Table) -> dict[str, pa.Array]:
    zone, columns, kinds = inputs.collected.zone, inputs.privacy.columns, inputs.kinds
    return {
        name: techniques.transform(
            table.column(name).combine_chunks(), columns[name], kinds[name], zone, given=inputs.given(name, table)
        ).values
        for name in inputs.quasi
    }


def _columns(inputs: Inputs) -> set[str]:
    needed = inputs.judged_columns() | {*inputs.direct, *tokenized(inputs)}
    needed |= {column + identifiers.RAW for column in inputs.direct if inputs.kinds[column] in CONVERTED}
    if inputs.suppresses:
        needed |= {*inputs.quasi, str(inputs.privacy.subject)}
    return needed
