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
import pyarrow.compute as pc

from custody.errors import CustodyError
from custody.privacy import risk
from custody.privacy.canonical import canonical
from custody.privacy.cells import each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    identities = each(raw.combine_chunks(), lambda values: canonical(values, kind))
    present = pc.is_valid(written).to_numpy()
    hashes = (risk.hashes(column, seed)[present] for column in (pa.chunked_array([identities]), written))
    return _once(*hashes)


def merge(parts: Iterable[Pairs]) -> Pairs:
    """Join the pairs of several parts."""
    ready = list(parts)
    none = np.empty(0, dtype=np.uint64)
    return _once(
        np.concatenate([none, *(part.identity for part in ready)]),
        np.concatenate([none, *(part.token for part in ready)]),
    )


def require(spaces: Mapping[Space, Pairs]) -> None:
    """`CustodyError` where two identities have one token, or one has two."""
    for space, listed in sorted(spaces.items(), key=lambda item: item[0]):
        if any(len(np.unique(side)) != len(listed) for side in (listed.identity, listed.token)):
            raise CustodyError(
                f"privacy: {space.technique}, domain {space.domain}: two identities got one token, or one got two; "
                "nothing was written; report this"
            )


def _once(identity: Hashes, token: Hashes) -> Pairs:
    told = pl.DataFrame({"identity": identity, "token": token}).unique()
    return Pairs(told["identity"].to_numpy(), told["token"].to_numpy())
