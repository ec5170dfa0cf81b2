"""One token for each identity, and one identity for each token, over the whole data set.

Of each column that a token technique wrote, the pairs of an identity and the token that was read back are gathered,
each as a keyed 64-bit hash, and merged by technique and domain; memory follows how many there are. Two of n that share
a hash, whose chance is below n²/2⁶⁵, stop a run that was right; none makes a wrong one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from custody.errors import CustodyError
from custody.privacy import risk
from custody.privacy.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.privacy.risk.hashing import Hashes


class Space(NamedTuple):
    """What tokens are made in: a technique, and the domain whose key it has."""

    technique: str
    domain: str


@dataclass(frozen=True)
class Pairs:
    """Identities and their tokens, each pair once, in no order."""

    identity: Hashes = field(repr=False)
    token: Hashes = field(repr=False)

    def __len__(self) -> int:
        return len(self.identity)


def pairs(raw: pa.ChunkedArray, written: pa.ChunkedArray, kind: FieldType, seed: int) -> Pairs:
    """Return the pairs of a column and of what was written in its place, row by row; nulls have no token."""
    (identities, left), (tokens, right) = _coded(raw), _coded(written)
    present = right < len(tokens)
    words = risk.once((left[present] * (len(tokens) + 1) + right[present]).view(np.uint64))
    identity, token = np.divmod(words, np.uint64(len(tokens) + 1))
    sides = [_hashed(canonical(identities, kind), seed), _hashed(tokens, seed)]
    found = Pairs(sides[0][identity], sides[1][token])
    return found if all(_all_differ(side) for side in sides) else _once(found.identity, found.token)


def _coded(column: pa.ChunkedArray) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return values, and for each row which of them it has; one more than there are where it has none."""
    encoded = (column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).unify_dictionaries()
    whole = pa.concat_arrays(encoded.chunks or [pa.array([], encoded.type)])
    return whole.dictionary, whole.indices.fill_null(len(whole.dictionary)).to_numpy().astype(np.int64)


def _hashed(values: pa.Array, seed: int) -> Hashes:
    """Return a hash of each value, and of none at the end."""
    return risk.hashes(pa.chunked_array([pa.concat_arrays([values, pa.nulls(1, values.type)])]), seed)


def merge(parts: Iterable[Pairs]) -> Pairs:
    """Join the pairs of several parts."""
    ready = list(parts)
    if len(ready) == 1:
        return ready[0]
    none = np.empty(0, dtype=np.uint64)
    return _once(
        np.concatenate([none, *(part.identity for part in ready)]),
        np.concatenate([none, *(part.token for part in ready)]),
    )


def require(spaces: Mapping[Space, Pairs]) -> None:
    """`CustodyError` where two identities have one token, or one has two."""
    for space, listed in sorted(spaces.items(), key=lambda item: item[0]):
        if not (_all_differ(listed.identity) and _all_differ(listed.token)):
            raise CustodyError(
                f"privacy: {space.technique}, domain {space.domain}: two identities got one token, or one got two; "
                "nothing was written; report this"
            )


def _all_differ(hashes: Hashes) -> bool:
    return len(risk.once(hashes)) == len(hashes)


def _once(identity: Hashes, token: Hashes) -> Pairs:
    told = pl.DataFrame({"identity": identity, "token": token}).unique()
    return Pairs(told["identity"].to_numpy(), told["token"].to_numpy())
