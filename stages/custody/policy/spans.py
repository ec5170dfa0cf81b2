"""What a section says about another: every mistake as `dotted.key: what to do`."""

from __future__ import annotations

import ipaddress
import math
import unicodedata
from typing import TYPE_CHECKING

from custody.policy.quality import instant
from custody.policy.times import lacks_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from custody.policy.policy import Policy
    from custody.policy.privacy import AnyColumn, Generalize, Privacy
    from custody.policy.quality import ColumnRules, Predicate
    from custody.policy.schema import FieldType

NUMERIC = frozenset({"number", "integer"})
TIME = frozenset({"timestamp"})
ADDRESS = frozenset({"ip"})
V4, V6 = 32, 128
"""Bits of an address."""


def mistakes(policy: Policy) -> list[str]:
    """Return every mistake that no section shows on its own, in the order of the sections."""
    return [*_dataset(policy), *_sources(policy), *_quality(policy), *_privacy(policy), *_gate(policy)]


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
        elif column == "predicates":
            yield f"quality.rules.{column}: a rule's id would read as that of a predicate; rename the column"
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
        if not _reads(text, kind):
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
        return isinstance(value, str) and _reads(value, kind)
    return isinstance(value, str) != (kind in NUMERIC)


def _reads(text: str, kind: FieldType) -> bool:
    """True where a text is a value of this type, written as collect standardizes it."""
    try:
        return _READS.get(kind, _reads_text)(text)
    except (ValueError, OverflowError):
        return False


def _reads_text(text: str) -> bool:
    return unicodedata.normalize("NFC", text).strip() == text


def _reads_lowered(text: str) -> bool:
    return _reads_text(text) and text.lower() == text


_READS: dict[FieldType, Callable[[str], bool]] = {
    "timestamp": lambda text: instant(text) is not None,
    "number": lambda text: math.isfinite(float(text)),
    "integer": lambda text: -(2**63) <= int(text) < 2**63,
    "boolean": lambda text: text in {"true", "false"},
    "ip": lambda text: str(ipaddress.ip_address(text)) == text,
    "email": _reads_lowered,
    "host": _reads_lowered,
    "mac": _reads_lowered,
}


def _privacy(policy: Policy) -> Iterator[str]:
    privacy, fields = policy.privacy, policy.fields
    for column in fields:
        if column not in privacy.columns:
            yield f"privacy.columns: {column} has no role and technique; every schema column needs one"
    for column, treatment in privacy.columns.items():
        where = f"privacy.columns.{column}"
        if column not in fields:
            yield f"{where}: is not a column of schema"
        else:
            yield from _treatment(where, treatment, fields[column])
        if policy.dataset.audience == "external" and treatment.technique in {"encrypt_deterministic", "ip_prefix"}:
            yield f"{where}.technique: {treatment.technique} may not leave in a release whose audience is external"
    yield from _people(privacy, fields)
    yield from _retention(privacy, fields)


def _treatment(where: str, column: AnyColumn, kind: FieldType) -> Iterator[str]:
    """What a role and technique cannot do to a column of this type."""
    if column.role == "direct" and column.technique == "keep":
        yield f"{where}.technique: a direct identifier cannot be kept; use mac, suppress or another technique"
    if column.role == "direct" and kind == "boolean":
        yield f"{where}.role: yes or no identifies nobody on its own; a boolean column cannot be direct"
    if column.role == "quasi" and column.technique == "redact_text":
        yield f"{where}.technique: redacted text forms no groups to count people in; suppress or generalize it"
    if column.technique in {"ip_prefix", "ip_truncate"} and kind not in ADDRESS:
        yield f"{where}.technique: {column.technique} needs an ip column"
    elif column.technique == "round_time" and kind not in TIME:
        yield f"{where}.technique: round_time needs a timestamp column"
    elif column.technique in {"mask", "redact_text"} and kind in NUMERIC | TIME | {"boolean"}:
        yield f"{where}.technique: {column.technique} needs a column of text, not of type {kind}"
    elif column.technique == "generalize":
        yield from _generalize(where, column, kind)
    elif column.technique == "ip_truncate" and column.role == "direct" and (column.v4 == V4 or column.v6 == V6):
        yield f"{where}: /32 and /128 leave a direct identifier whole; cut v4 and v6 shorter"


def _generalize(where: str, column: Generalize, kind: FieldType) -> Iterator[str]:
    if kind in TIME | {"boolean"}:
        yield f"{where}.technique: generalize needs a column of numbers or text; for times use round_time"
    elif kind in NUMERIC and (column.prefix is not None or not (column.bins or column.top is not None)):
        yield f"{where}: a column of numbers is generalized by bins, top or both"
    elif kind not in NUMERIC and (column.prefix is None or column.bins or column.top is not None):
        yield f"{where}: a column of text is generalized by prefix alone"
    if list(column.bins) != sorted(set(column.bins)) or not all(map(math.isfinite, column.bins)):
        yield f"{where}.bins: must be finite numbers in ascending order, each once"
    if column.top is not None and not math.isfinite(column.top):
        yield f"{where}.top: must be a finite number"


def _people(privacy: Privacy, fields: Mapping[str, FieldType]) -> Iterator[str]:
    for key in ("subject", "consent", "retention_column"):
        column = getattr(privacy, key)
        if column is not None and column not in fields:
            yield f"privacy.{key}: {column} is not a column of schema"
    yield from _subject(privacy)
    if privacy.consent and fields.get(privacy.consent, "text") not in {"boolean", "integer", "category", "text"}:
        yield "privacy.consent: needs a boolean, integer, category or text column"
    if privacy.k is not None and privacy.subject is None:
        yield "privacy.subject: k counts distinct subjects; name the column that holds the person"
    if privacy.k is None and privacy.on_violation == "suppress":
        yield "privacy.on_violation: suppress needs privacy.k, the least number of subjects in a group"


def _subject(privacy: Privacy) -> Iterator[str]:
    """The person is never released raw, and what names the person is looked for in the release."""
    column = privacy.columns.get(privacy.subject or "")
    if column is None or column.technique == "suppress":
        return
    where = f"privacy.columns.{privacy.subject}"
    if column.role != "direct":
        yield f"{where}.role: privacy.subject names this column, so it names people: it must be direct, or suppressed"
    if column.technique == "keep" and column.role != "direct":
        yield f"{where}.technique: privacy.subject names this column, so it cannot be kept; use mac or suppress"


def _retention(privacy: Privacy, fields: Mapping[str, FieldType]) -> Iterator[str]:
    column, clocks = privacy.retention_column, [name for name, kind in fields.items() if kind in TIME]
    if column is not None and privacy.retention_days is None:
        yield "privacy.retention_days: retention_column is named, and nothing says how long records may be kept"
    if column in fields and column not in clocks:
        yield "privacy.retention_column: needs a timestamp column"
    if privacy.retention_days is not None and column is None and len(clocks) != 1:
        yield "privacy.retention_column: name the timestamp that retention is counted from"


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
