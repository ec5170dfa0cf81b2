"""Noise of the size that the privacy map asks for, and never a cost above what was given."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from custody.errors import CustodyError
from custody.statistics.bounding import SUBJECT
from custody.statistics.measuring import Figure, measure
from custody.statistics.queries import GRID, MISSING, OTHER, Query

pytest.importorskip("opendp", reason="the extra custody[stats] is not installed")

LABEL = Query("histogram", "label", ("benign", "malicious", MISSING, OTHER))
SCORE = Query("mean", "score", low=0.0, high=10.0)
KIND = Query("discover", "kind")
ALL = (Query("subjects"), Query("records"), LABEL, SCORE)
RECORDS = 4


def rows(people: int = 500) -> pa.Table:
    """Four records each: one benign, two malicious, one without a label; scores 2, 4, 6 and none."""
    return pa.table(
        {
            SUBJECT: [f"p{i}" for i in range(people) for _ in range(RECORDS)],
            LABEL.name: pa.array([0, 1, 1, 2] * people, pa.int64()),
            SCORE.name: SCORE.encode(pa.array([2.0, 4.0, 6.0, None] * people, pa.float64())),
            KIND.name: ["often", "often", "often", None] * people,
        }
    )


def measured(epsilon: float, *queries: Query, table: pa.Table | None = None) -> list[Figure]:
    return measure(rows() if table is None else table, queries or ALL, RECORDS, epsilon, 0.0)


def test_the_parts_cost_what_was_given_and_no_more() -> None:
    for epsilon in (0.01, 0.3, 1.0, 7.7):
        figures = measured(epsilon)
        assert math.fsum(figure.epsilon for figure in figures) <= epsilon * (1 + 1e-12)
        assert math.fsum(figure.epsilon for figure in figures) > epsilon * 0.999
        assert all(figure.delta == 0 for figure in figures)


def test_noise_has_the_scale_of_the_bound_over_epsilon() -> None:
    subjects, records, label, score = measured(4.0)
    assert subjects.scale == pytest.approx(1 / 1.0)
    assert records.scale == label.scale == pytest.approx(RECORDS / 1.0)
    assert score.scale == pytest.approx(RECORDS * GRID / 0.5)


def test_figures_are_around_the_true_ones_as_often_as_they_say() -> None:
    true = {"subjects": 500, "records": 2000, "benign": 500, "malicious": 1000, MISSING: 500, OTHER: 0, "mean": 4.0}
    hits, drawn = dict.fromkeys(true, 0), dict[str, list[float]]({name: [] for name in true})
    for _ in range(100):
        for figure in measured(2.0):
            values = figure.values if isinstance(figure.values, dict) else {figure.name.split()[0]: figure.values}
            for name, value in values.items():
                hits[name] += abs(value - true[name]) <= figure.within
                drawn[name].append(value)
    assert all(count >= 82 for count in hits.values()), (
        hits
    )  # 95 expected; fewer than 82 have a chance below 10^-5 for each
    spread = float(np.std(drawn["records"]))
    assert spread == pytest.approx(math.sqrt(2) * RECORDS / 0.5, rel=0.35)  # Laplace: √2 times the scale
    assert len(set(drawn["records"])) > 10, "noise is drawn anew"


def test_a_mean_never_leaves_its_bounds_whatever_the_data() -> None:
    nothing = rows(0)
    for _ in range(20):
        [figure] = measured(0.01, SCORE, table=nothing)
        assert isinstance(figure.values, float)
        assert 0.0 <= figure.values <= 10.0
        assert figure.within <= 10.0


@pytest.mark.parametrize("people", [0, 1])
def test_one_person_or_nobody_gives_noise_and_no_error(people: int) -> None:
    figures = measured(1.0, table=rows(people))
    assert [figure.name for figure in figures] == ["subjects", "records", "histogram label", "mean score"]
    assert isinstance(figures[2].values, dict)
    assert list(figures[2].values) == ["benign", "malicious", MISSING, OTHER], "bins tell nothing of the data"


def test_bins_of_the_data_leave_only_where_many_share_them() -> None:
    table = pa.concat_tables([rows(), rows(1).set_column(3, KIND.name, pa.array(["only one"] * 4))])
    [figure] = measure(table, (KIND,), RECORDS, 1.0, 1e-6)
    assert isinstance(figure.values, dict)
    assert list(figure.values) == ["often"]
    assert 0 < figure.delta <= 1e-6
    assert figure.epsilon <= 1.0
    with pytest.raises(CustodyError, match="--delta"):
        measure(table, (KIND,), RECORDS, 1.0, 0.0)
