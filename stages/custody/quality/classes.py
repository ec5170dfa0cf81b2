"""Source and label of each record as one small number, and how many records each pair has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.cells import whole
from custody.records.columns import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Pair = tuple[str, str]
"""A source's id and a label; a record without a label, or with one that is no value, has the empty one."""


@dataclass(frozen=True)
class Classes:
    """Where in `keys` each record's pair stands; as few bytes per record as that takes."""

    keys: tuple[Pair, ...]
    codes: NDArray[np.unsignedinteger]

    @classmethod
    def of(cls, table: pa.Table, label: str | None) -> Classes:
        """Take the pairs out of a collected partition; without a label column all labels are empty."""
        return cls.by(table, SOURCE, label)

    @classmethod
    def by(cls, table: pa.Table, column: str, label: str | None) -> Classes:
        """Take pairs of another column's values and labels."""
        groups, group = _coded(table, column)
        labels, coded = _coded(table, label)
        places = group * len(labels) + coded
        used = np.flatnonzero(np.bincount(places)) if len(places) else np.zeros(0, dtype=np.int64)
        keys = tuple((groups[int(one) // len(labels)], labels[int(one) % len(labels)]) for one in used)
        codes = np.zeros(len(groups) * len(labels), dtype=np.min_scalar_type(max(len(keys) - 1, 0)))
        codes[used] = np.arange(len(used))
        return cls(keys, codes[places])

    def counts(self, where: NDArray[np.bool_] | None = None) -> Counter[Pair]:
        """Count the records of each pair, or those of a mask; a pair without any is left out."""
        codes = self.codes if where is None else self.codes[where]
        counted = np.bincount(codes, minlength=len(self.keys)).tolist()
        return Counter({key: count for key, count in zip(self.keys, counted, strict=True) if count})

    def among(self, pairs: Iterable[Pair]) -> NDArray[np.bool_]:
        """True for the records of these pairs."""
        wanted = set(pairs)
        return np.asarray(np.array([key in wanted for key in self.keys], dtype=np.bool_)[self.codes])


def _coded(table: pa.Table, name: str | None) -> tuple[list[str], NDArray[np.int64]]:
    """Return a column's texts and where each record's stands among them; null, or no column, is the empty one."""
    if name is None or name not in table.column_names:
        return [""], np.zeros(table.num_rows, dtype=np.int64)
    coded = whole(table, name).cast(pa.string()).dictionary_encode()
    texts = coded.dictionary.to_pylist()
    if "" not in texts:
        texts.append("")
    places = pc.fill_null(coded.indices, texts.index(""))
    return texts, places.to_numpy(zero_copy_only=False).astype(np.int64)
