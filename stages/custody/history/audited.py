"""Parts of the anchor for the label audit: a model of the pinned version's labels (`custody.quality.audit`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality import watch
from custody.quality.audit import bins, model, stored
from custody.quality.profile.stored import Hashes

if TYPE_CHECKING:
    from custody.history.accepted import Accepted

MOST: Final = 30_000
"""Records that the model is fitted to; of a larger version, a sample."""


def parts(accepted: Accepted) -> dict[str, pa.Table]:
    """Return the model's parts, or none where the policy names no label, or nothing that could be learned from."""
    quality, schema = accepted.policy.quality, accepted.schema
    names = [name for name in watch.features(quality, schema) if schema[name] in watch.FEATURES]
    if quality.label not in schema or not names:
        return {}
    table = _some(accepted, [*names, str(quality.label)])
    hashes = Hashes.of(accepted.zone)
    learned = bins.learn([table], {name: schema[name] for name in names}, hashes)
    coded = table.column(quality.label).cast(pa.string()).combine_chunks().dictionary_encode()
    texts = {i: hashes.of_text(str(quality.label), text) for i, text in enumerate(coded.dictionary.to_pylist())}
    given = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return stored.tables(model.learn(bins.codes(table, learned, hashes), given, texts, learned))


def _some(accepted: Accepted, columns: list[str]) -> pa.Table:
    """Return labelled accepted records, at most `MOST`, evenly over the version."""
    label = columns[-1]
    kept = []
    for table in accepted.tables():
        wanted = [name for name in table.column_names if name.split("!")[0] in columns and not name.endswith("!why")]
        kept.append(table.select(wanted).filter(pc.is_valid(table.column(label))))
    whole = pa.concat_tables(kept)
    chosen = np.random.default_rng(0).permutation(whole.num_rows)[:MOST]
    return whole.take(pa.array(np.sort(chosen))).combine_chunks()
