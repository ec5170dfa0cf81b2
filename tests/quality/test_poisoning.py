"""What the signals see of real security data: NSL-KDD, whose test file has drifted from its train file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks import poisoning
from custody.policy.signals import ConflictingLabels
from custody.quality.audit.bins import Bin
from custody.quality.audit.model import Model
from custody.quality.profile import merge, profile, stored
from custody.quality.signals import conflicting_labels, label_audit
from custody.quality.watch import Pinned

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


@pytest.fixture
def files(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[pa.Table, pa.Table, dict[str, str]]:
    """Train and test file, and their schema."""
    monkeypatch.setenv("CUSTODY_TEST_DATA", str(real_data))
    train, schema = poisoning.read("KDDTrain+_20Percent.txt", "attack")
    return train, poisoning.read("KDDTest+.txt", "attack")[0], schema


def _unfitted(table: pa.Table, schema: dict[str, str]) -> Pinned:
    """Return an anchor whose model knows the features and has learned no label: all that drift is measured by."""
    profiles = stored.profiles(stored.table(merge([profile(table, schema)]), stored.Hashes.of(poisoning.ZONE)))
    bins = tuple(Bin(name, kind) for name, kind in sorted(schema.items()) if name != "label")
    return Pinned(schema, profiles, (), Model(bins, {}))


def test_57_feature_vectors_have_two_labels(files: tuple[pa.Table, pa.Table, dict[str, str]]) -> None:
    _, test, schema = files
    names = [name for name in schema if name != "label"]
    rows = [tuple(row.values()) for row in test.select(names).to_pylist()]
    numbers = {row: i for i, row in enumerate(dict.fromkeys(rows))}
    labels = {label: i for i, label in enumerate(sorted(set(test.column("label").to_pylist())))}
    given = np.array([labels[label] for label in test.column("label").to_pylist()], dtype=np.int64)
    vectors = np.array([numbers[row] for row in rows], dtype=np.uint64)
    by_value = conflicting_labels.conflicts([(vectors, given)])
    found = conflicting_labels.look(poisoning.audit(test, schema, None)[1], ConflictingLabels())
    assert len(by_value) == 57
    assert found.findings[0].figures == {"feature_vectors": 57}
    assert found.findings[0].count == int(np.isin(vectors, by_value).sum())


def test_the_anchor_applies_to_the_other_half_and_not_to_the_drifted_file(
    files: tuple[pa.Table, pa.Table, dict[str, str]],
) -> None:
    train, test, schema = files
    order = np.random.default_rng(0).permutation(train.num_rows)
    half, other = train.take(order[: len(order) // 2]), train.take(order[len(order) // 2 :])
    assert label_audit.drifted_features(poisoning.audit(other, schema, _unfitted(half, schema))[1]) == (0, 41)
    outcome, seen = poisoning.audit(test, schema, _unfitted(train, schema))
    assert label_audit.drifted_features(seen)[0] > 4
    assert outcome.findings[0].code == "anchor_does_not_apply"
    assert outcome.findings[0].count == 22_544
