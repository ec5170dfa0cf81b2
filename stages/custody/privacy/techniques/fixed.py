"""Addresses that ip_prefix would leave as they are.

Crypto-PAn decides each bit from the address's first bits and a fixed pad. Where the address goes on as the pad does,
the next bit is decided from the same block and kept or flipped alike. So a kept bit is followed by another with a
chance of 3/4, not 1/2, and about one IPv4 address in 15,000 is its own image, ½·(¾)³¹, where a random permutation has
one in 2³². (IPv6: one in 10¹⁶.)

Such an address would stand in a release as it is. Its cell is left empty, and in text it becomes `<ip>`; all other
images stay what the algorithm says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.cells import is_dictionary, plain
from custody.privacy.techniques import registry as techniques
from custody.privacy.text import folding

if TYPE_CHECKING:
    from custody.policy.privacy import AnyColumn
    from custody.policy.schema import FieldType
    from custody.privacy.techniques.registry import Transformed
    from custody.privacy.text.known import Known
    from custody.records.zone import Zone


def transform(
    values: pa.Array, column: AnyColumn, kind: FieldType, zone: Zone, known: Known | None = None
) -> Transformed:
    """Return what `techniques.transform` returns, null where ip_prefix left an address as it was.

    `values` may be a dictionary of texts; what is returned is none.
    """
    if is_dictionary(values.type):
        return _of_dictionary(values, column, kind, zone, known)
    done = techniques.transform(values, column, kind, zone, known)
    if column.technique != "ip_prefix":
        return done
    return replace(done, values=pc.if_else(pc.not_equal(done.values, values), done.values, None))


def _of_dictionary(
    values: pa.DictionaryArray, column: AnyColumn, kind: FieldType, zone: Zone, known: Known | None
) -> Transformed:
    """Treat each distinct value once, but texts to redact row by row, since redactions are counted."""
    if column.technique == "redact_text":
        return transform(plain(values), column, kind, zone, known)
    done = transform(values.dictionary, column, kind, zone, known)
    return done if done.values is None else replace(done, values=done.values.take(values.indices))


def without_fixed(known: Known) -> Known:
    """Return known identifiers none of which redaction would write again as it is."""
    fixed = pc.equal(folding.fold(known.replacements), folding.fold(known.names))
    placeholders = pc.binary_join_element_wise("<", known.kinds, ">", "")
    return replace(known, replacements=pc.if_else(fixed, placeholders, known.replacements))
