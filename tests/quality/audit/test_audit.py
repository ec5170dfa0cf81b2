"""The label audit: its model learns, stores and scores; flipped labels are doubted, others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from custody.quality.audit import bins, model, neighbors, stored, trees
from custody.quality.audit.bins import MISSING, UNKNOWN, WRONG
from custody.quality.profile.stored import Hashes
from quality.collecting import SCHEMA, Wrong, table
from quality.watching import look, marked, pinned, told
from support import ZONE

if TYPE_CHECKING:
    from custody.quality.audit.model import Model

HASHES = Hashes.of(ZONE)
FEATURES = {"amount": "number", "hits": "integer", "src": "category"}
LABELLED = {**FEATURES, "event": "category"}


def rows(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Two classes that features tell apart, but for one record in a hundred."""
    draw = np.random.default_rng(seed)
    attack = draw.random(count) < 0.5
    noisy = attack ^ (draw.random(count) < 0.01)
    return [
        {
            "amount": float(draw.normal(3.0 if odd else 0.0)),
            "hits": int(draw.integers(0, 50)) + (1000 if odd else 0),
            "src": "xyz"[int(draw.integers(0, 3))],
            "event": "attack" if label else "benign",
        }
        for odd, label in zip(noisy, attack, strict=True)
    ]


def learned(found: list[dict[str, Any]]) -> Model:
    """Return the model of a version, stored and read back."""
    whole = table(found, LABELLED)
    of = bins.learn([whole], FEATURES, HASHES)
    names = {0: HASHES.of_text("event", "attack"), 1: HASHES.of_text("event", "benign")}
    given = np.array([row["event"] == "benign" for row in found], dtype=np.int64)
    parts = stored.tables(model.learn(bins.codes(whole, of, HASHES), given, names, of))
    read = stored.read(parts.get)
    assert read is not None
    return read


VERSION = rows(2000)
MODEL = learned(VERSION)
ANCHOR = pinned(VERSION, LABELLED, MODEL)


def test_numbers_and_categories_become_bytes_and_what_is_none_has_its_own() -> None:
    one, _, source = MODEL.bins
    cells = [{"amount": value} for value in (-1e300, 0.0, 1e300, None, float("nan"), Wrong("x"))]
    codes = bins.codes(table(cells, FEATURES), (one,), HASHES)[0].tolist()
    assert codes[0] == 0 < codes[1] < codes[2] <= bins.MOST_EDGES
    assert codes[3:] == [MISSING, WRONG, WRONG]
    found = bins.codes(table([{"src": text} for text in ("x", "never seen", None)], FEATURES), (source,), HASHES)
    assert found[0].tolist() == [source.categories.index(HASHES.of_text("src", "x")), UNKNOWN, MISSING]


def test_trees_tell_classes_apart_and_score_alike_in_blocks() -> None:
    codes = bins.codes(table(VERSION, LABELLED), MODEL.bins, HASHES)
    positive = np.array([row["event"] == "attack" for row in VERSION])
    made = trees.fit(codes, positive, 10)
    margins = made.margins(codes)
    assert ((margins > 0) == positive).mean() > 0.97
    assert made.margins(np.tile(codes, 20)).tolist() == margins.tolist() * 20
    assert made.margins(codes[:, :0]).shape == (0,)
    total = np.full(len(positive), made.base, dtype=np.int64)
    for splits, leaves in zip(made.splits, made.leaves, strict=True):
        leaf = sum(
            (codes[feature] > edge).astype(int) << (trees.DEPTH - 1 - i) for i, (feature, edge) in enumerate(splits)
        )
        total += leaves[leaf]
    assert (total == margins).all(), "a plain reading of the trees gives the same integers"


def test_a_stored_model_holds_no_value_and_is_refused_when_it_is_another_table() -> None:
    parts = stored.tables(MODEL)
    assert not any(text in str(one.to_pydict()) for one in parts.values() for text in ("attack", "benign"))
    assert stored.read(lambda _: None) is None
    with pytest.raises(ValueError, match="no model"):
        stored.read({**parts, stored.TREES: pa.table({"label": ["x"]})}.get)


def test_the_threshold_is_where_the_anchored_records_own_disagreement_allows_it() -> None:
    for label in MODEL.labels.values():
        total = sum(label.margins.values())
        for share in (0.001, 0.01, 0.05):
            threshold = label.threshold(share)
            below = sum(count for margin, count in label.margins.items() if margin < threshold)
            assert below <= share * total


def test_flipped_labels_of_a_cluster_are_doubted() -> None:
    batch = rows(1000, seed=1)
    flipped = [i for i, row in enumerate(batch) if row["event"] == "attack" and row["hits"] > 1020][:60]
    for i in flipped:
        batch[i] |= {"event": "benign"}
    found = look(batch, "label_audit", ANCHOR, LABELLED, false_positives=0.02, max_share=0.05)
    assert [one.code for one in found.findings] == ["label_audit"]
    doubted = set(marked(found))
    assert len(doubted & set(flipped)) >= 0.95 * len(flipped)
    assert len(doubted - set(flipped)) < 40


def test_an_honest_batch_is_no_finding() -> None:
    assert told(look(rows(1000, seed=2), "label_audit", ANCHOR, LABELLED, false_positives=0.02, max_share=0.05)) == []


def test_labels_that_the_anchor_never_saw_are_told() -> None:
    batch = [*rows(1000, seed=3), {**VERSION[0], "event": "novel"}]
    found = look(batch, "label_audit", ANCHOR, LABELLED, false_positives=0.02, max_share=0.05)
    assert told(found) == [("label_unaudited", "", 1, 1001)]


@pytest.mark.parametrize("harm", ["moved", "retyped"])
def test_where_the_anchor_does_not_apply_the_batch_goes_to_review(harm: str) -> None:
    batch = [{**row, "hits": row["hits"] * 7 + 3, "amount": row["amount"] - 9} for row in rows(1000, seed=4)]
    schema = {**LABELLED, "hits": "number"} if harm == "retyped" else LABELLED
    found = look(batch, "label_audit", ANCHOR, schema, action="warn", max_share=0.05)
    assert [(one.code, one.action, one.count) for one in found.findings] == [("anchor_does_not_apply", "review", 1000)]
    assert found.records is None, "nobody is doubted singly"


def test_without_an_anchor_neighbors_speak() -> None:
    batch = rows(600, seed=5)
    for row in batch[::20]:
        row["event"] = "benign" if row["event"] == "attack" else "attack"
    found = look(batch, "label_audit", None, LABELLED, max_share=0.02)
    assert [one.code for one in found.findings] == ["label_neighbors"]
    assert 25 <= found.findings[0].count <= 45


def test_neighbors_do_not_hang_on_the_order_of_features() -> None:
    draw = np.random.default_rng(0)
    numbers, labels = draw.normal(size=(3, 200)), draw.integers(0, 2, 200).astype(np.uint64)
    none = np.zeros((0, 200), dtype=np.uint64)
    one = neighbors.doubted(neighbors.Sample(numbers, none, labels))
    other = neighbors.doubted(neighbors.Sample(numbers[::-1], none, labels))
    assert one.tolist() == other.tolist()
    few = neighbors.Sample(numbers[:, :5], none[:, :5], labels[:5])
    assert not neighbors.doubted(few).any()
    assert set(SCHEMA) > {"amount"}
