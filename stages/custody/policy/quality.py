"""`quality`: what makes a record good enough to learn from."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from custody.policy.model import Closed, Field_, Id, Pattern, Share, Text
from custody.policy.signals import Signals

Severity = Literal["error", "warn"]
Number = int | Annotated[float, Field(allow_inf_nan=False)]
"""Whole numbers stay exact: as floating point, those beyond 2**53 would not."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def instant(text: str) -> int:
    """Return an ISO 8601 time in microseconds since 1970, UTC where it has no offset; `ValueError` when it is none."""
    time = dt.datetime.fromisoformat(text)
    aware = time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time
    return (aware - _EPOCH) // dt.timedelta(microseconds=1)


def whole(regex: str) -> str:
    """Return a pattern that matches a text only as a whole."""
    return rf"\A(?:{regex})\z"


def _closed(regex: str) -> str:
    import pyarrow as pa  # noqa: PLC0415  # late: most policies hold no pattern
    import pyarrow.compute as pc  # noqa: PLC0415

    try:
        pc.match_substring_regex(pa.array([""]), whole(regex))
    except pa.ArrowInvalid:
        raise ValueError("swallows what follows it; close every \\Q with \\E") from None
    return regex


WholePattern = Annotated[Pattern, AfterValidator(_closed)]
"""A pattern that is only ever matched against a whole text."""


class Check(Closed):
    """What every check has: whether a broken record is quarantined, and how many may break."""

    severity: Severity = "error"
    """error quarantines the record, warn lets it pass."""
    min_pass: Share = 1.0
    """The gate refuses when the share of records that hold falls below this."""


class Bounded(Check):
    """A check with two bounds, of which one may be left out."""

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        low, high = (getattr(self, name, None) for name in ("min", "max"))
        if low is None and high is None:
            raise ValueError("needs min, max or both")
        if low is None or high is None:
            return self
        if isinstance(low, str) != isinstance(high, str):
            raise ValueError("min and max must both be numbers, or both be quoted times")
        if not isinstance(low, str) and low > high:
            raise ValueError("min is above max, so no value could hold")
        return self


class Complete(Check):
    """A value is present (completeness, ISO/IEC 25024 Com-I-1)."""


class Type(Check):
    """A present value is of the column's type (syntactic accuracy, ISO/IEC 25024 Acc-I-1)."""


class Finite(Check):
    """A present number is neither NaN nor infinite nor text."""


class Unique(Check):
    """A present value occurs once in the whole data set; every occurrence of a repeated one breaks the rule."""


class Uniform(Check):
    """Present texts are all numbers, all times or all other text; a text of a rarer class than the usual one breaks."""


class Range(Bounded):
    """A present value lies in [min, max]; for timestamps the bounds are quoted ISO 8601 times."""

    min: Number | Text | None = None
    max: Number | Text | None = None


class Allowed(Check):
    """A present value is one of `values`; they are quoted, and read as the column's type."""

    values: Annotated[tuple[Text, ...], Field(min_length=1)]
    """All that may stand in the column."""


class Matches(Check):
    """A present value matches `regex` as a whole (RE2)."""

    regex: WholePattern


class Length(Bounded):
    """A present text is between min and max characters long."""

    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None


class ColumnRules(Closed):
    """Checks of one column; rule ids read `column.check`."""

    complete: Complete | None = None
    type: Type | None = None
    finite: Finite | None = None
    unique: Unique | None = None
    uniform: Uniform | None = None
    range: Range | None = None
    allowed: Allowed | None = None
    pattern: Matches | None = None
    length: Length | None = None


class Predicate(Check):
    """`left op right` over two columns, or a column and a constant; never an expression to evaluate.

    It applies to records in which both sides are present.
    """

    left: Field_
    """A column."""
    op: Literal["<", "<=", "==", "!=", ">=", ">"]
    right: Field_ | None = None
    """A column."""
    value: Number | Text | None = None
    """Or a constant; exactly one of `right` and `value`. For timestamps a quoted ISO 8601 time."""


class Quality(Closed):
    """Rules, duplicates and conflicts."""

    key: tuple[Field_, ...] = ()
    """Columns that identify an observation; records with equal keys and other values conflict."""
    duplicates: Literal["quarantine", "warn"] = "quarantine"
    """All copies of a record but the first; rule id `duplicates`."""
    duplicates_min_pass: Share = 0.0
    """The gate refuses when a smaller share of the records is no copy; 0 sets no threshold."""
    conflicts: Literal["prefer_source", "prefer_newest", "quarantine"] = "quarantine"
    """Which of the records that share a key survives (none where the preferred ones disagree); rule id `conflicts`."""
    conflicts_min_pass: Share = 0.0
    """The gate refuses when a smaller share of the records with a key loses no conflict; 0 sets no threshold."""
    precedence: tuple[Id, ...] = ()
    """For prefer_source: sources, the most trusted first."""
    newest: Field_ | None = None
    """For prefer_newest: the column that tells which record is newest."""
    label: Field_ | None = None
    """The column that a model learns to tell; what speaks of labels looks here."""
    features: tuple[Field_, ...] = ()
    """Columns that a model learns from; without any, all numbers, integers, booleans and categories but the label."""
    signals: Signals = Field(default_factory=Signals)
    """Signs of poisoning and drift that are looked for."""
    rules: dict[Field_, ColumnRules] = Field(default_factory=dict)
    predicates: dict[Id, Predicate] = Field(default_factory=dict)
    """Rule ids read `predicates.<name>`."""
