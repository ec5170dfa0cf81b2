"""noise: numbers are moved by a bounded random amount, drawn anew for every record.

Noise is `step` times a whole number k, |k| · step ≤ bound, with a chance that falls with e^(-|k| · step / scale)
(discrete Laplace distribution, Inusah and Kozubowski 2006, cut off at the bound) or, for `uniform`, is the same for
all. The value itself is rounded to `step` first: the digits below it would tell the value through any noise (Mironov
2012, "On significance of the least significant bits").

What is drawn depends on the zone's key, the column and the record's row id, so a rebuild draws the same. It hides the
single value. It promises nothing more: the mean over many records of one person is that person's mean.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from custody.errors import CustodyError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.policy.techniques import Noise
    from custody.privacy.techniques.given import Given
    from custody.records.zone import Zone

DIGITS = 60
LARGEST = 2**52
"""Steps from zero up to which a value is exact; one beyond is left empty, as is what is not finite."""

FARTHEST = 2.0**62
"""The largest value that gets noise: beyond it integers would run over."""


def apply(values: pa.Array, column: Noise, kind: FieldType, zone: Zone, given: Given) -> pa.Array:  # noqa: ARG001  # one signature
    """Return the numbers with noise, of the type they had, coded to `bottom` and `top` (null stays null)."""
    if given.ids is None:
        raise CustodyError("privacy: noise was called without the ids of the rows")
    numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
    steps = _steps(numbers, column)
    sound = np.isfinite(steps) & (np.abs(steps) <= LARGEST) & (np.abs(steps * column.step) <= FARTHEST)
    table = thresholds(column)
    drawn = np.searchsorted(table, _uniform(given.ids, zone.derive(f"noise/{given.column}")), side="right")
    moved = np.where(sound, steps, 0).astype(np.int64) + drawn.astype(np.int64) - len(table) // 2
    missing = values.is_null().to_numpy(zero_copy_only=False) | ~sound
    return pa.array(_coded(_written(moved, column, values.type), column), values.type, mask=missing)


@lru_cache(maxsize=64)
def thresholds(column: Noise) -> NDArray[np.uint64]:
    """Return where the uniform 64-bit numbers of one k end and those of the next begin; 2K for k from -K to K.

    Decimal arithmetic, which is the same on every processor, where `exp` of floats is not.
    """
    with localcontext() as context:
        context.prec = DIGITS
        step, most = Decimal(repr(column.step)), column.most
        ratio = (
            (-step / Decimal(repr(column.scale or column.bound / 4))).exp()
            if column.distribution == "laplace"
            else Decimal(1)
        )
        half = [ratio**0]
        for _ in range(most):
            half.append(half[-1] * ratio)
        weights = [*reversed(half[1:]), *half]
        total, sums = sum(weights), [Decimal(0)]
        for weight in weights[:-1]:
            sums.append(sums[-1] + weight)
        return np.array([int(part / total * 2**64) for part in sums[1:]], dtype=np.uint64)


def _steps(numbers: NDArray[np.generic], column: Noise) -> NDArray[np.float64]:
    """Each number in whole steps, half a step to the even one."""
    with np.errstate(over="ignore", invalid="ignore"):
        steps: NDArray[np.float64] = np.rint(numbers.astype(np.float64) / column.step)
    return steps


def _uniform(ids: NDArray[np.uint64], key: bytes) -> NDArray[np.uint64]:
    """One 64-bit number per row id: half of AES of it. Ids differ, so no block repeats."""
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305  # see above
    blocks = encryptor.update(ids.astype(">u8").tobytes()) + encryptor.finalize()
    return np.frombuffer(blocks, dtype=">u8").astype(np.uint64).reshape(-1, 2)[:, 0]


def _written(steps: NDArray[np.int64], column: Noise, held: pa.DataType) -> NDArray[np.generic]:
    """Whole steps as numbers, each spelled as the policy's decimals do: 57 steps of 0.01 are 0.57."""
    distinct, places = np.unique(steps, return_inverse=True)
    step = Decimal(repr(column.step))
    kind = np.int64 if pa.types.is_integer(held) else np.float64
    return np.array([kind(one * step) for one in distinct.tolist()], dtype=kind)[places]


def _coded(numbers: NDArray[np.generic], column: Noise) -> NDArray[np.generic]:
    low = numbers if column.bottom is None else np.maximum(numbers, numbers.dtype.type(column.bottom))
    return low if column.top is None else np.minimum(low, numbers.dtype.type(column.top))
