"""Names looked up by their whole text: a table that is made once and asked often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Lookup:
    """Distinct texts without NUL bytes and what each is called (`ids`, none negative)."""

    def __init__(self, names: pa.Array, ids: NDArray[np.int64]) -> None:
        encoded = names.cast(pa.binary()).to_pylist()
        self._width = max(map(len, encoded), default=1)
        listed = np.array(encoded, dtype=f"S{self._width}")
        order = np.argsort(listed, kind="stable")
        self._sorted, self._ids = listed[order], ids[order]

    def find(self, texts: pa.Array) -> NDArray[np.int64]:
        """Return the id of each text, -1 for one that is no name; repeated texts cost little."""
        encoded = texts.dictionary_encode()
        distinct = encoded.dictionary.cast(pa.large_binary()).to_pylist()
        ids = np.append(self._each(distinct), -1)
        result: NDArray[np.int64] = ids[encoded.indices.fill_null(-1).to_numpy()]
        return result

    def _each(self, texts: list[bytes]) -> NDArray[np.int64]:
        if not len(self._sorted) or not texts:
            return np.full(len(texts), -1)
        short = [text if len(text) <= self._width else b"" for text in texts]
        asked = np.array(short, dtype=f"S{self._width}")
        spot = np.minimum(np.searchsorted(self._sorted, asked), len(self._sorted) - 1)
        return np.where((self._sorted[spot] == asked) & (asked != b""), self._ids[spot], -1)
