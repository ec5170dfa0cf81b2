"""What the label audit sees of flipped labels in NSL-KDD, next to cleanlab.

    CUSTODY_TEST_DATA=… python tests/benchmarks/poisoning.py

The train file is cut at random into an anchor and a batch; the batch's labels (normal, or attack) are flipped in 5% of
its records: at random, from attack to normal alone, and in clusters of near records. Printed are recall (flipped labels
that are doubted) and the rate of false positives (other labels that are doubted). Then KDDTest+, which has drifted, is
the batch.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from custody.history import audited
from custody.policy.quality import Quality
from custody.policy.signals import ConflictingLabels, LabelAudit, Signals
from custody.quality.audit import stored as audit_stored
from custody.quality.observing import observe
from custody.quality.prefix import Checksum
from custody.quality.profile import merge, profile, stored
from custody.quality.profile.stored import Hashes
from custody.quality.signals import label_audit
from custody.quality.signals.seen import Outcome, Seen
from custody.quality.watch import Pinned, Place, Watch, features
from custody.records import Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


ZONE = Zone("benchmark", bytes(range(32)))
SIGNALS = Signals(label_audit=LabelAudit(), conflicting_labels=ConflictingLabels())
QUALITY = Quality(label="label", signals=SIGNALS)
SHARE = 0.05
SEED = 7


def read(name: str, labels: str = "binary") -> tuple[pa.Table, dict[str, str]]:
    """Return a file of NSL-KDD as a collected partition, and its schema."""
    folder = Path(os.environ["CUSTODY_TEST_DATA"]) / "nsl_kdd"
    names = pd.read_csv(folder / "Field Names.csv", header=None, names=["name", "kind"])
    frame = pd.read_csv(folder / name, header=None, names=[*names["name"], "attack", "difficulty"])
    columns, schema = {}, {"label": "category"}
    for one, kind in zip(names["name"], names["kind"].str.strip(), strict=True):
        schema[one] = "number" if kind == "continuous" else "category"
        numeric = kind == "continuous"
        columns[one] = pa.array(frame[one].tolist(), pa.float64() if numeric else pa.string())
    label = frame["attack"].where(frame["attack"] == "normal", "attack") if labels == "binary" else frame["attack"]
    columns |= {"label": pa.array(label.tolist(), pa.string()), "!source": pa.array(["kdd"] * len(frame))}
    return pa.table(columns), schema


@dataclass(frozen=True)
class Version:
    """An accepted version, as `custody anchor set` sees one."""

    table: pa.Table
    schema: dict[str, str]
    zone: Zone = ZONE
    policy: Any = field(default_factory=lambda: type("Policy", (), {"quality": QUALITY}))

    def tables(self) -> Iterator[pa.Table]:
        yield self.table


def anchored(table: pa.Table, schema: dict[str, str]) -> Pinned:
    """Return what an anchor of this version would hold."""
    parts = audited.parts(Version(table, schema))  # type: ignore[arg-type]  # all that it looks at
    profiles = stored.profiles(stored.table(merge([profile(table, schema)]), Hashes.of(ZONE)))
    return Pinned(schema, profiles, (), audit_stored.read(parts.get))


def audit(table: pa.Table, schema: dict[str, str], pinned: Pinned | None) -> tuple[Outcome, Seen]:
    """Return what the audit finds in a batch."""
    watch = Watch(
        SIGNALS,
        schema,
        features(QUALITY, schema),
        "label",
        pinned,
        table.num_rows,
        {"p": Place("kdd", "p", 0, 0)},
        1,
        Hashes.of(ZONE),
        Checksum.of(ZONE),
    )
    seen = Seen(watch, [observe(table, watch, watch.places["p"], "p")], [np.zeros(table.num_rows, dtype=np.bool_)])
    return label_audit.look(seen, LabelAudit()), seen


def flips(batch: pa.Table, draw: np.random.Generator) -> dict[str, NDArray[np.bool_]]:
    """Return which records are flipped in each attack: 5% of all, but never more than the class has."""
    attack = np.array(batch.column("label").to_pylist()) != "normal"
    count = round(SHARE * batch.num_rows)
    chosen = {name: np.zeros(batch.num_rows, dtype=np.bool_) for name in ("random", "targeted", "clustered")}
    chosen["random"][draw.permutation(batch.num_rows)[:count]] = True
    chosen["targeted"][draw.permutation(np.flatnonzero(attack))[:count]] = True
    points = scaled(batch)
    while chosen["clustered"].sum() < count:
        free = np.flatnonzero(attack & ~chosen["clustered"])
        center = points[free[draw.integers(len(free))]]
        near = free[np.argsort(((points[free] - center) ** 2).sum(axis=1), kind="stable")]
        chosen["clustered"][near[: min(count // 5, count - int(chosen["clustered"].sum()))]] = True
    return chosen


def scaled(table: pa.Table) -> NDArray[np.float64]:
    """Return the numeric features, each from 0 to 1, one row per record."""
    numbers = [
        table.column(name).to_numpy()
        for name in table.column_names
        if pa.types.is_floating(table.schema.field(name).type)
    ]
    return np.stack([(one - one.min()) / max(float(np.ptp(one)), 1e-9) for one in numbers], axis=1)


def flipped(batch: pa.Table, where: NDArray[np.bool_]) -> pa.Table:
    """Return the batch with the labels of these records turned over."""
    label = np.array(batch.column("label").to_pylist())
    other = np.where(label == "normal", "attack", "normal")
    place = batch.column_names.index("label")
    return batch.set_column(place, "label", pa.array(np.where(where, other, label).tolist(), pa.string()))


def cleanlab(batch: pa.Table) -> NDArray[np.bool_] | None:
    """Return what cleanlab doubts in a batch on its own, with out-of-fold odds of scikit-learn's boosted trees."""
    os.environ["OMP_NUM_THREADS"] = "1"  # its threads wait for each other by spinning, on a shared machine for minutes
    try:
        from cleanlab.filter import find_label_issues  # type: ignore[import-not-found]  # noqa: PLC0415
        from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415
        from sklearn.model_selection import cross_val_predict  # noqa: PLC0415
    except ImportError:
        return None
    frame = batch.drop_columns(["label", "!source"]).to_pandas()
    numbers = frame.apply(lambda one: one if one.dtype.kind == "f" else one.astype("category").cat.codes)
    labels = (np.array(batch.column("label").to_pylist()) != "normal").astype(int)
    model = HistGradientBoostingClassifier(random_state=0)
    odds = cross_val_predict(model, numbers.to_numpy(float), labels, cv=5, method="predict_proba")
    return np.asarray(find_label_issues(labels, odds, n_jobs=1))


def rates(doubted: NDArray[np.bool_], planted: NDArray[np.bool_]) -> str:
    """Return recall and the rate of false positives in percent."""
    return f"{doubted[planted].mean():>10.2%}{doubted[~planted].mean():>10.2%}"


def main() -> None:
    """Print a line per attack, and what becomes of the drifted file."""
    train, schema = read("KDDTrain+_20Percent.txt")
    draw = np.random.default_rng(SEED)
    order = draw.permutation(train.num_rows)
    version, batch = train.take(order[: len(order) // 2]), train.take(order[len(order) // 2 :])
    start = time.process_time()
    pinned = anchored(version, schema)
    print(f"anchor of {version.num_rows:,} records: {time.process_time() - start:.1f} CPU s")
    print(
        f"{'5% flipped':<12}{'recall':>10}{'false':>10}{'CPU s':>8}   cleanlab:{'recall':>8}{'false':>10}{'CPU s':>8}"
    )
    for name, planted in flips(batch, draw).items():
        poisoned = flipped(batch, planted)
        start = time.process_time()
        outcome, _ = audit(poisoned, schema, pinned)
        own = time.process_time() - start
        doubted = np.concatenate(outcome.records or [np.zeros(batch.num_rows, dtype=np.bool_)])
        start = time.process_time()
        other = cleanlab(poisoned)
        spent = time.process_time() - start
        beside = "   not installed" if other is None else f"   {' ' * 7}{rates(other, planted)}{spent:>8.1f}"
        print(f"{name:<12}{rates(doubted, planted)}{own:>8.2f}{beside}")
    outcome, seen = audit(read("KDDTest+.txt")[0], schema, anchored(train, schema))
    drifted, of = label_audit.drifted_features(seen)
    applies = not any(one.code == "anchor_does_not_apply" for one in outcome.findings)
    print(f"KDDTest+: {drifted} of {of} features drifted: the anchor {'applies' if applies else 'does not apply'}")


if __name__ == "__main__":
    main()
