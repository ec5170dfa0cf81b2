"""`quality.signals`: signs of poisoning and drift that are looked for, and what becomes of a finding.

A signal that the policy does not name is not looked for. `warn` reports a finding; `review` refuses until the finding's
id stands in `gate.reviewed`; `quarantine` keeps the records that it speaks of out; `refuse` refuses. A feature that
does not vary speaks of all records, so `constant` has no `quarantine`; drift of a whole column is reviewed instead.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from custody.policy.model import Closed, Field_, Share

Action = Literal["warn", "review", "refuse"]
RecordAction = Literal["warn", "review", "quarantine", "refuse"]
"""Where records can be named, they can also be kept out."""
Count = Annotated[int, Field(ge=1)]


class ConflictingLabels(Closed):
    """Records that agree in every feature and differ in their label."""

    action: RecordAction = "review"


class OneClass(Closed):
    """A source whose labelled records all have one label, while other labels exist."""

    action: RecordAction = "review"
    min_records: Count = 100
    """Sources with fewer labelled records are not judged."""


class Constant(Closed):
    """A feature of which nearly all values are one category, or numbers in one bucket an eighth wide, or missing."""

    action: Action = "review"
    max_share: Share = 0.999
    """The largest share of one value that is no finding."""


class DuplicateFlood(Closed):
    """A source and label of whose records many are copies."""

    action: RecordAction = "review"
    max_share: Share = 0.5
    """The largest share of copies that is no finding."""
    min_records: Count = 100
    """Sources and labels with fewer records are not judged."""


class Balance(Closed):
    """A subgroup in which a label is far more or less frequent than in all labelled records."""

    action: RecordAction = "review"
    by: tuple[Field_, ...] = ()
    """Category and boolean columns that form subgroups; sources always do."""
    max_difference: Share = 0.3
    """The largest difference of shares that is no finding, beyond what the subgroup's size explains."""
    min_records: Count = 100
    """Subgroups of fewer labelled records are not judged."""


class AppendedBlock(Closed):
    """Records that stand after the anchored version's own: the version grew, and nothing else changed."""

    action: RecordAction = "review"
    min_records: Count = 1
    """The smallest block that is a finding."""


class Outliers(Closed):
    """Numbers far from the median, in units of the median absolute deviation; on a log scale where heavy-tailed."""

    action: RecordAction = "review"
    deviations: Annotated[float, Field(ge=1, le=1000)] = 10.0
    """The largest modified z-score that is no outlier."""
    max_share: Share = 0.001
    """The largest share of outliers in a column that is no finding."""


class IsolationForest(Closed):
    """Records that few random cuts set apart from all others (Liu, Ting and Zhou, 2008)."""

    action: RecordAction = "review"
    max_score: Share = 0.7
    """The largest anomaly score that is no outlier."""
    max_share: Share = 0.001
    """The largest share of outliers that is no finding."""


class Drift(Closed):
    """A column whose distribution is not the anchored one; new and vanished categories; another schema.

    `quarantine` keeps records of new categories out; the other findings name no record, and are reviewed.
    """

    action: RecordAction = "review"
    min_effect: Annotated[float, Field(gt=0, le=10)] = 0.1
    """The smallest population-stability index that is a finding, however many records show it."""
    confidence: Annotated[float, Field(ge=0.5, lt=1)] = 0.999
    """How sure the difference must be, given the two sizes."""


class LabelAudit(Closed):
    """Labels that a model of the anchored version finds implausible."""

    action: RecordAction = "review"
    false_positives: Annotated[float, Field(gt=0, le=0.1)] = 0.004
    """Share of the anchored records that the model, fitted without them, may doubt; it sets the threshold."""
    max_share: Share = 0.01
    """The largest share of doubted labels that is no finding."""
    max_drifted: Share = 0.1
    """The anchor applies while no larger share of the features has drifted."""


class Signals(Closed):
    """Which signals are looked for; each by its name."""

    conflicting_labels: ConflictingLabels | None = None
    one_class: OneClass | None = None
    constant: Constant | None = None
    duplicate_flood: DuplicateFlood | None = None
    balance: Balance | None = None
    appended_block: AppendedBlock | None = None
    outliers: Outliers | None = None
    isolation_forest: IsolationForest | None = None
    drift: Drift | None = None
    label_audit: LabelAudit | None = None
