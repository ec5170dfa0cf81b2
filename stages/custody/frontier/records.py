"""The records that a release is made of, as they were collected: all at once, since every step looks at all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.errors import CustodyError
from custody.privacy.cells import plain

if TYPE_CHECKING:
    from custody.privacy.inputs import Inputs, Pair
    from custody.records.run import Run


def usable(inputs: Inputs, run: Run) -> pa.Table:
    """Return the accepted records that are neither withheld nor left out, in the order of partitions.

    Columns: quasi-identifiers, features, label and subject. Memory follows the data.
    """
    parts = list(run(_read, inputs, inputs.pairs(), "frontier: read"))
    table = pa.concat_tables(parts) if parts else pa.table({})
    if not table.num_rows:
        raise CustodyError("frontier: no record may be released, so there is nothing to measure")
    return table.combine_chunks()


def features(inputs: Inputs) -> tuple[str, ...]:
    """Return the columns that a detector learns from: no direct identifier, no label, no text and no token, sorted."""
    columns = inputs.privacy.columns
    return tuple(
        sorted(
            name
            for name, one in columns.items()
            if one.role in {"quasi", "sensitive", "insensitive"}
            and inputs.kinds[name] not in {"text", "url"}
            and one.technique not in {"mac", "encrypt_deterministic", "ip_prefix", "redact_text"}
            and not (one.technique == "suppress" and one.left_out)
        )
    )


def label(inputs: Inputs) -> str:
    """Return the one column of role label."""
    labels = sorted(name for name, one in inputs.privacy.columns.items() if one.role == "label")
    if len(labels) != 1:
        raise CustodyError("privacy.columns: a detector learns one column of role label; the policy has another number")
    return labels[0]


def _read(inputs: Inputs, pair: Pair) -> pa.Table:
    wanted = {*inputs.quasi, *features(inputs), label(inputs), str(inputs.privacy.subject)}
    table = inputs.read(pair, {*wanted, *inputs.judged_columns()})
    rows = table.take(pa.array(np.flatnonzero(inputs.usable(pair, table))))
    return pa.table({name: plain(rows.column(name)) for name in sorted(wanted)})
