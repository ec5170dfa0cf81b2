"""What a section says about another: every mistake as `dotted.key: what to do`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.policy import lint
from custody.policy.protection import protection
from custody.policy.quality import instant
from custody.policy.times import lacks_year
from custody.policy.values import NUMERIC, TIME, reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.policy.policy import Policy
    from custody.policy.quality import ColumnRules, Predicate
    from custody.policy.schema import FieldType

LABELS = frozenset({"category", "integer", "boolean", "text"})
"""Types of a column that can tell classes apart."""
FEATURES = frozenset({"number", "integer", "boolean", "category"})
"""Types that a model learns from as they stand."""
NEED_LABEL = ("conflicting_labels", "one_class", "balance", "label_audit")


def mistakes(policy: Policy) -> list[str]:
    """Return every mistake that no section shows on its own, in the order of the sections."""
    of_quality = [*_quality(policy), *_labels(policy)]
    return [
        *_dataset(policy),
        *_sources(policy),
        *of_quality,
        *protection(policy),
        *lint.refused(policy),
        *_gate(policy),
    ]


def _dataset(policy: Policy) -> Iterator[str]:
    if not any(policy.dataset.purpose in source.purposes for source in policy.sources.values()):
        yield "dataset.purpose: no source lists it among its purposes, so nothing would be released; check both"


def _sources(policy: Policy) -> Iterator[str]:
    for name, source in policy.sources.items():
        timed = any(policy.fields.get(column) == "timestamp" for column in source.columns)
        if timed and source.format.year is None and lacks_year(source.format.time):
            yield f"sources.{name}.format.year: is missing; times of this source carry no year, so say which it is"
        for column in source.columns:
            if column not in policy.fields:
                yield f"sources.{name}.columns.{column}: is not a column of schema; add it there or drop it here"


def _quality(policy: Policy) -> Iterator[str]:
    quality, fields = policy.quality, policy.fields
    for column, rules in quality.rules.items():
        if column not in fields:
            yield f"quality.rules.{column}: is not a column of schema"
        elif column in {"predicates", "signals"}:
            yield f"quality.rules.{column}: a rule's id would read as that of a predicate or signal; rename the column"
        else:
            yield from _checks(f"quality.rules.{column}", rules, fields[column])
    for i, column in enumerate(quality.key):
        if column not in fields:
            yield f"quality.key.{i}: {column} is not a column of schema"
        elif column in quality.key[:i]:
            yield f"quality.key.{i}: {column} stands in the key already"
    for name, predicate in quality.predicates.items():
        yield from _predicate(f"quality.predicates.{name}", predicate, fields)
    if quality.conflicts == "prefer_source" and sorted(quality.precedence) != sorted(policy.sources):
        yield "quality.precedence: must name every source once, the most trusted first"
    if quality.conflicts == "prefer_newest" and fields.get(quality.newest or "") not in NUMERIC | TIME:
        yield "quality.newest: must name the timestamp, number or integer column that tells which record is newest"


def _labels(policy: Policy) -> Iterator[str]:
    label = policy.quality.label
    if label is not None and policy.fields.get(label) not in LABELS:
        yield f"quality.label: {label} is no category, integer, boolean or text column of schema"
    for i, name in enumerate(policy.quality.features):
        if policy.fields.get(name) not in FEATURES or name == label:
            yield f"quality.features.{i}: {name} is no number, integer, boolean or category column beside the label"
    yield from _signals(policy)


def _signals(policy: Policy) -> Iterator[str]:
    signals = policy.quality.signals
    for name in NEED_LABEL:
        if getattr(signals, name) is not None and policy.quality.label is None:
            yield f"quality.signals.{name}: looks at labels; name their column under quality.label"
    for i, name in enumerate(signals.balance.by if signals.balance else ()):
        if policy.fields.get(name) not in {"category", "boolean"}:
            yield f"quality.signals.balance.by.{i}: {name} is no category or boolean column of schema"


def _checks(where: str, rules: ColumnRules, kind: FieldType) -> Iterator[str]:
    if rules.finite and kind not in NUMERIC:
        yield f"{where}.finite: needs a number or integer column"
    for check in ("uniform", "pattern", "length"):
        if getattr(rules, check) and kind in NUMERIC | TIME | {"boolean"}:
            yield f"{where}.{check}: needs a column that is held as text; this one is of type {kind}"
    if rules.range and kind not in NUMERIC | TIME:
        yield f"{where}.range: needs a number, integer or timestamp column"
    elif rules.range:
        low, high = rules.range.min, rules.range.max
        wrong = [side for side, value in (("min", low), ("max", high)) if value is not None and not _fits(value, kind)]
        yield from (f"{where}.range.{side}: {_WANTED[kind]}" for side in wrong)
        if isinstance(low, str) and isinstance(high, str) and not wrong and instant(low) > instant(high):
            yield f"{where}.range: min is after max, so no time could hold"
    for i, text in enumerate(rules.allowed.values if rules.allowed else ()):
        if not reads(text, kind):
            yield f"{where}.allowed.values.{i}: no value of type {kind} is ever written like this"


def _predicate(where: str, predicate: Predicate, fields: Mapping[str, FieldType]) -> Iterator[str]:
    if (predicate.right is None) == (predicate.value is None):
        yield f"{where}: needs exactly one of right and value"
    sides = {"left": predicate.left, "right": predicate.right}
    unknown = {side: column for side, column in sides.items() if column is not None and column not in fields}
    yield from (f"{where}.{side}: {column} is not a column of schema" for side, column in unknown.items())
    if unknown:
        return
    kind = fields[predicate.left]
    if predicate.right is not None and _family(fields[predicate.right]) != _family(kind):
        yield f"{where}.right: a column of type {fields[predicate.right]} cannot be compared with one of type {kind}"
    if kind == "boolean" and (predicate.value is not None or predicate.op not in {"==", "!="}):
        yield f"{where}: boolean columns are only compared with each other, by == and !="
    elif predicate.value is not None and not _fits(predicate.value, kind):
        yield f"{where}.value: {_WANTED.get(kind, 'must be quoted text')}"


_WANTED = {
    "number": "must be a number",
    "integer": "must be a number",
    "timestamp": "must be a quoted ISO 8601 time such as '2026-11-01T00:00:00Z'",
}


def _family(kind: FieldType) -> str:
    """Name what values of a type can be compared with."""
    return "number" if kind in NUMERIC else kind if kind in TIME | {"boolean"} else "text"


def _fits(value: float | str, kind: FieldType) -> bool:
    """True where a constant can be compared with values of a column of this type."""
    if kind in TIME:
        return isinstance(value, str) and reads(value, kind)
    return isinstance(value, str) != (kind in NUMERIC)


def _gate(policy: Policy) -> Iterator[str]:
    column = policy.gate.license_column
    if column is not None and column not in policy.fields:
        yield f"gate.license_column: {column} is not a column of schema"
    elif column in policy.privacy.columns and policy.privacy.columns[column].technique != "keep":
        yield f"gate.license_column: {column} must have the technique keep, since the gate reads it in the release"
    for i, name in enumerate(policy.gate.distinct_ok):
        if name not in policy.fields:
            yield f"gate.distinct_ok.{i}: {name} is not a column of schema"
    if policy.gate.require_privacy_check and policy.privacy.k is None:
        yield "privacy.k: gate.require_privacy_check is on, and nothing says how many subjects must share a group"
