"""Write a profile as a draft of policy: YAML with the reason beside each guess, ready for review.

Merged into a params.yaml it passes `custody policy check`; owner, license and basis stand as `unknown` and the review
day is long past, so that the gate refuses until people have decided.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from custody.policy.scalar import scalar
from custody.records.columns import COMPANIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.policy import Policy
    from custody.profiling.profile import Column, Profile

UNKNOWN: Final = "unknown"
PAST: Final = "1970-01-01"
K: Final = 5
PEOPLE: Final = ("user", "email", "ip", "mac", "host")
"""Types that a subject may be of, the likeliest first."""


def written(profile: Profile, source: str, path: str, sha256: str, policy: Policy | None) -> str:
    """Return the draft's sections `sources`, `schema`, `quality` and `privacy`, those alone that it adds to."""
    fresh = [column for column in profile.columns if not column.known]
    return "\n".join(
        [
            *_head(profile),
            *_source(profile, source, path, sha256),
            *_schema(fresh),
            *_quality(fresh, source, policy),
            *_privacy(fresh, policy),
        ]
    )


def _head(profile: Profile) -> Iterator[str]:
    seen = profile.sample
    yield "# A draft, made by looking at the data: review every line, then merge it into params.yaml, by section."
    yield f"# Looked at {seen.records:,} records; {seen.malformed:,} more could not be read."
    yield "# No value of the file stands here, but for common words in allowed; ranges are rounded quantiles."
    yield from (f"# look at this: {note}" for note in profile.notes)


def _source(profile: Profile, source: str, path: str, sha256: str) -> Iterator[str]:
    yield "sources:"
    yield "  # the id and the path are seen by all (dvc.lock, receipts, messages): neither may name a person"
    yield f"  {source}:"
    yield "    # where custody source add puts the sealed file"
    yield f"    path: {path}"
    yield "    format:"
    for key, value in profile.format.items():
        yield from _value(key, value, 6)
    if not profile.columns:
        yield "    columns: {}  # ours: theirs; name at least one"
    else:
        yield "    # ours: theirs; leave out what the training set does not need (data minimization)"
        yield "    columns:"
        yield from (f"      {column.ours}: {scalar(column.theirs)}" for column in profile.columns)
    yield "    # people decide these; the gate refuses while one is unknown, or the review day is past"
    yield "    provenance:"
    yield from (f"      {key}: {UNKNOWN}" for key in ("owner", "license", "basis"))
    yield f"      review_by: '{PAST}'"
    yield "    # what it may be used for: the data set's own purpose must be among them"
    yield "    purposes:"
    yield f"    - {UNKNOWN}"
    yield f"    sha256: {scalar(sha256)}"


def _schema(fresh: list[Column]) -> Iterator[str]:
    if fresh:
        yield "schema:"
    for column in fresh:
        yield f"  # {_seen(column)}"
        yield f"  {column.ours}: {column.typed.kind}"


def _seen(column: Column) -> str:
    if not column.figures.present:
        return "no value was seen, so its type is not known"
    fit = "" if column.typed.fit >= 1 else f" ({_percent(column.typed.fit)} of them)"
    return f"{column.typed.reason}{fit}; there in {_percent(column.figures.complete)} of the records"


def _quality(fresh: list[Column], source: str, policy: Policy | None) -> Iterator[str]:
    rules = {column.ours: rule for column in fresh if (rule := list(_rules(column)))}
    precedence = policy is not None and policy.quality.conflicts == "prefer_source"
    if rules or precedence or policy is None:
        yield "quality:"
    if precedence:
        yield "  # add it to the list, at the place that its trust deserves"
        yield "  precedence:"
        yield f"  - {source}"
    if rules:
        yield "  # min_pass is a little below what was seen; error quarantines a record, warn lets it pass"
        yield "  rules:"
    elif policy is None:
        yield "  rules: {}"
    for name, lines in rules.items():
        yield f"    {name}:"
        yield from lines


def _rules(column: Column) -> Iterator[str]:
    figures, kind = column.figures, column.typed.kind
    if figures.complete >= 0.5:  # noqa: PLR2004  # what is mostly missing is no rule
        severity = "error" if kind == "timestamp" and figures.complete >= 0.99 else "warn"  # noqa: PLR2004
        yield from _check("complete", {}, severity, _least(figures.complete))
    if not figures.present:
        return
    if kind in COMPANIONS:
        yield from _check("type", {}, "error" if kind == "timestamp" else "warn", _least(column.typed.fit))
    if kind == "number":
        yield from _check("finite", {}, "error", _least(column.typed.fit))
    if column.span is not None:
        low, high = column.span
        yield "      # rounded outwards from the 0.1% and 99.9% quantiles; of ports, all there are"
        yield from _check("range", {"min": _number(low), "max": _number(high)}, "warn", 0.98)
    if column.guess.listed:
        yield "      # closed: a new value is a decision, not a surprise in training"
        yield from _check("allowed", {"values": list(column.guess.listed)}, "error", 0.98)
    if column.pattern is not None:
        yield "      # classes of characters that nearly all values have"
        yield from _check("pattern", {"regex": column.pattern}, "warn", 0.98)


def _check(name: str, words: dict[str, Any], severity: str, least: float) -> Iterator[str]:
    yield f"      {name}:"
    for key, value in words.items():
        yield from _value(key, value, 8)
    yield f"        severity: {severity}"
    yield f"        min_pass: {least}"


def _privacy(fresh: list[Column], policy: Policy | None) -> Iterator[str]:
    subject = _subject(fresh) if policy is None or policy.privacy.subject is None else None
    if fresh:
        yield "privacy:"
    if subject is not None:
        yield "  # whom k counts: see that this column is what names a person"
        yield f"  subject: {subject}"
        yield "  # least number of people in each combination of quasi columns"
        yield f"  k: {K}"
        yield "  on_violation: suppress"
    clock = _clock(fresh, policy)
    if clock is not None:
        yield "  # the schema has several timestamps now: retention is counted from this one, as before"
        yield f"  retention_column: {clock}"
    if fresh:
        yield "  columns:"
    for column in fresh:
        guess = column.guess
        yield f"    # {guess.reason}"
        yield f"    {column.ours}:"
        yield f"      role: {guess.role}"
        yield f"      technique: {guess.technique}"
        for key, value in guess.more.items():
            yield from _value(key, value, 6)


def _subject(fresh: list[Column]) -> str | None:
    direct = {column.typed.kind: column.ours for column in reversed(fresh) if column.guess.role == "direct"}
    return next((direct[kind] for kind in PEOPLE if kind in direct), None)


def _clock(fresh: list[Column], policy: Policy | None) -> str | None:
    """The one timestamp that the policy counts retention from, where the draft adds another."""
    if policy is None or policy.privacy.retention_days is None or policy.privacy.retention_column is not None:
        return None
    clocks = [name for name, kind in policy.fields.items() if kind == "timestamp"]
    return clocks[0] if clocks and any(column.typed.kind == "timestamp" for column in fresh) else None


def _value(key: str, value: Any, indent: int) -> Iterator[str]:
    space = " " * indent
    if isinstance(value, list | tuple):
        yield f"{space}{key}:"
        yield from (f"{space}- {_scalar(one)}" for one in value)
    else:
        yield f"{space}{key}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value) if isinstance(value, str) else str(_number(value))


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def _least(share: float) -> float:
    """A hundredth below what was seen, rounded down."""
    return max(0, math.floor(share * 100) - 1) / 100


def _percent(share: float) -> str:
    """Whole percents, rounded down; anything below one is told as that."""
    return "less than 1%" if share < 0.01 else f"{math.floor(share * 100)}%"  # noqa: PLR2004  # one percent
