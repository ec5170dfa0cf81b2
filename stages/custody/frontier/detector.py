"""A simple detector: gradient-boosted trees (scikit-learn), judged by macro-F1 on people that it never saw.

It learns from released features and is tried on others' features in the same released form. Three in ten subjects,
drawn by the key, are kept for the trial; records without a subject are learnt from. The same split judges the raw
features, so that the difference is the cost of protection alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

DIGITS = 4
DAY = 86_400_000_000
"""Microseconds."""


def trial(subjects: NDArray[np.uint64], *, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows are kept for the trial, by the keyed hash of their subject; none whose subject is not known."""
    kept: NDArray[np.bool_] = (subjects % np.uint64(10) < np.uint64(3)) & known
    return kept


def macro_f1(
    features: Mapping[str, pa.Array], label: pa.Array, learnt: NDArray[np.bool_], tried: NDArray[np.bool_]
) -> float | None:
    """Return the macro-F1 of a detector that learns the rows `learnt` and is tried on the rows `tried`.

    Rows without a label count in neither. None where fewer than two classes are learnt, or nothing can be tried.
    """
    ensemble, metrics = _sklearn()
    present = label.is_valid().to_numpy(zero_copy_only=False)
    classes = label.cast(pa.string()).dictionary_encode()
    code = classes.indices.fill_null(-1).to_numpy()
    train, test = np.flatnonzero(present & learnt), np.flatnonzero(present & tried)
    if len(np.unique(code[train])) < 2 or not len(test):  # noqa: PLR2004  # one class is nothing to tell apart
        return None
    told = [part for name in sorted(features) for part in _numbers(features[name], learnt)]
    # The trees cannot bin a column without a number, and one without a difference tells nothing.
    matrix = np.column_stack([np.zeros(len(label)), *(part for part in told if not np.isnan(part[train]).all())])
    model = ensemble.HistGradientBoostingClassifier(random_state=0, max_iter=50).fit(matrix[train], code[train])
    return round(float(metrics.f1_score(code[test], model.predict(matrix[test]), average="macro")), DIGITS)


def _numbers(values: pa.Array, learnt: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Return a feature's columns: numbers as they are; times also by their time of day; texts by their rank."""
    if pa.types.is_timestamp(values.type):
        micros = values.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return [micros, np.mod(micros, DAY)]
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_boolean(values.type):
        whole = values.cast(pa.int8()) if pa.types.is_boolean(values.type) else values
        numbers = whole.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return [np.where(np.isfinite(numbers), numbers, np.nan)]
    texts = values.cast(pa.string())
    seen = pc.unique(texts.filter(pa.array(learnt))).drop_null()  # a text that was not learnt is missing
    ranked = pc.index_in(texts, value_set=seen.take(pc.sort_indices(seen)), skip_nulls=True)
    return [ranked.cast(pa.float64()).to_numpy(zero_copy_only=False)]


def _sklearn() -> tuple[Any, Any]:
    try:
        from sklearn import ensemble, metrics  # noqa: PLC0415  # an extra: custody[frontier]
    except ImportError:
        raise CustodyError("scikit-learn is not installed here; install it: pip install 'custody[frontier]'") from None
    return ensemble, metrics
