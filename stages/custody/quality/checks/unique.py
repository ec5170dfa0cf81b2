"""`unique`: a present value occurs once in the whole data set (uniqueness as Deequ counts it).

Every occurrence of a repeated value breaks the rule, since nothing tells which of them is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.quality import groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.quality.bits import Mask
    from custody.quality.fingerprints import Prints


def broken(values: Prints, among: NDArray[np.int64] | None = None) -> Mask:
    """True where a value, given by its fingerprint, occurs elsewhere, too. Takes the present values of all records."""
    broken = np.zeros(len(values), dtype=np.bool_)
    broken[groups.repeated(values, among=among).members] = True
    return broken
