"""Which roles and types each technique may serve: every mistake as `dotted.key: what to do`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from custody.policy.hierarchies import SHIPPED
from custody.policy.values import NUMERIC, TIME, reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.policy.privacy import Privacy
    from custody.policy.schema import FieldType
    from custody.policy.techniques import AnyColumn, Generalize, Microaggregate, Noise, Suppress

V4, V6 = 32, 128
"""Bits of an address."""
DAYS = 3650
"""The largest shift in days."""
STEPS = 10_000
"""The most steps of noise either way."""
SERVES: Final[Mapping[str, frozenset[str]]] = {
    "noise": frozenset({"sensitive", "insensitive"}),
    "microaggregate": frozenset({"quasi", "sensitive", "insensitive"}),
    "shift_time": frozenset({"direct", "quasi", "sensitive", "insensitive"}),
}
"""Roles that a technique may serve; every other technique serves all, but for what `_role` says."""
UNTEXT = NUMERIC | TIME | {"boolean"}
"""Types that are not held as text."""


def treatment(where: str, column: AnyColumn, kind: FieldType, privacy: Privacy) -> Iterator[str]:
    """Return what a role and technique cannot do to a column of this type."""
    yield from _role(where, column, kind)
    if column.technique in {"ip_prefix", "ip_truncate"} and kind != "ip":
        yield f"{where}.technique: {column.technique} needs an ip column"
    elif column.technique in {"round_time", "shift_time"} and kind not in TIME:
        yield f"{where}.technique: {column.technique} needs a timestamp column"
    elif column.technique in {"mask", "redact_text"} and kind in UNTEXT:
        yield f"{where}.technique: {column.technique} needs a column of text, not of type {kind}"
    elif column.technique == "generalize":
        yield from _generalize(where, column, kind)
        yield from _hierarchy(where, column, kind, privacy)
    elif column.technique == "suppress":
        yield from _suppress(where, column, kind)
    elif column.technique == "noise":
        yield from _noise(where, column, kind)
    elif column.technique == "microaggregate":
        yield from _microaggregate(where, column, kind, privacy)
    if column.technique == "shift_time" and column.unit == "day" and column.within > DAYS:
        yield f"{where}.within: must be at most {DAYS} days"
    if column.technique in {"shift_time", "microaggregate"} and privacy.subject is None:
        yield f"{where}.technique: {column.technique} treats people, not records; name the person: privacy.subject"


def _role(where: str, column: AnyColumn, kind: FieldType) -> Iterator[str]:
    if column.role == "direct" and column.technique == "keep":
        yield f"{where}.technique: a direct identifier cannot be kept; use mac, suppress or another technique"
    if column.role == "direct" and kind == "boolean":
        yield f"{where}.role: yes or no identifies nobody on its own; a boolean column cannot be direct"
    if column.role == "direct" and column.technique == "suppress" and not column.whole:
        yield f"{where}: the values that are left would be direct identifiers; suppress them all"
    if column.role == "quasi" and column.technique == "redact_text":
        yield f"{where}.technique: redacted text forms no groups to count people in; suppress or generalize it"
    if column.role not in SERVES.get(column.technique, {column.role}):
        yield f"{where}.technique: {column.technique} protects no {column.role} column; use another technique"
    if column.technique == "ip_truncate" and column.role == "direct" and (column.v4 == V4 or column.v6 == V6):
        yield f"{where}: /32 and /128 leave a direct identifier whole; cut v4 and v6 shorter"


def _generalize(where: str, column: Generalize, kind: FieldType) -> Iterator[str]:
    numbers = bool(column.bins) or column.top is not None or column.bottom is not None
    texts = (column.prefix is not None) + (column.hierarchy is not None)
    if kind in TIME | {"boolean"}:
        yield f"{where}.technique: generalize needs a column of numbers or text; for times use round_time"
    elif kind in NUMERIC and (texts or not numbers):
        yield f"{where}: a column of numbers is generalized by bins, top, bottom or several of these"
    elif kind not in NUMERIC and (texts != 1 or numbers):
        yield f"{where}: a column of text is generalized by prefix alone or by a hierarchy alone"
    if list(column.bins) != sorted(set(column.bins)) or not all(map(math.isfinite, column.bins)):
        yield f"{where}.bins: must be finite numbers in ascending order, each once"
    for key in ("bottom", "top"):
        edge = getattr(column, key)
        if edge is not None and not math.isfinite(edge):
            yield f"{where}.{key}: must be a finite number"
    if column.bottom is not None and column.top is not None and column.bottom >= column.top:
        yield f"{where}.bottom: is not below top, so one value would be left"


def _hierarchy(where: str, column: Generalize, kind: FieldType, privacy: Privacy) -> Iterator[str]:
    name = column.hierarchy
    if name is None:
        if {"level", "uncovered"} & column.model_fields_set:
            yield f"{where}.hierarchy: is missing; level and uncovered are of one"
        return
    own = privacy.hierarchies.get(name)
    depth = len(own.levels) if own else SHIPPED.get(name)
    if depth is None:
        yield f"{where}.hierarchy: is none of privacy.hierarchies and none that is shipped ({', '.join(SHIPPED)})"
    elif column.level > depth:
        yield f"{where}.level: the hierarchy has {depth} levels"
    if (name == "ip" and kind != "ip") or (name == "country" and kind in UNTEXT | {"ip", "mac"}):
        yield f"{where}.hierarchy: {name} is no hierarchy for a column of type {kind}"


def _suppress(where: str, column: Suppress, kind: FieldType) -> Iterator[str]:
    if column.scope == "column" and not column.whole:
        yield f"{where}.scope: the whole column is left out; values and matches are of scope record or cell"
    if column.matches is not None and kind in UNTEXT:
        yield f"{where}.matches: needs a column that is held as text; this one is of type {kind}"
    for i, text in enumerate(column.values):
        if not reads(text, kind):
            yield f"{where}.values.{i}: no value of type {kind} is ever written like this"


def _noise(where: str, column: Noise, kind: FieldType) -> Iterator[str]:
    if kind not in NUMERIC:
        yield f"{where}.technique: noise needs a column of numbers"
    if not 1 <= column.most <= STEPS:
        yield f"{where}.step: bound must be 1 to {STEPS} steps"
    if kind == "integer" and not column.step.is_integer():
        yield f"{where}.step: must be a whole number for an integer column"
    if column.scale is not None and column.distribution == "uniform":
        yield f"{where}.scale: is of laplace; uniform has none"
    for key in ("bottom", "top"):
        edge = getattr(column, key)
        if kind == "integer" and edge is not None and not edge.is_integer():
            yield f"{where}.{key}: must be a whole number for an integer column"
    if column.bottom is not None and column.top is not None and column.bottom >= column.top:
        yield f"{where}.bottom: is not below top, so one value would be left"


def _microaggregate(where: str, column: Microaggregate, kind: FieldType, privacy: Privacy) -> Iterator[str]:
    if kind not in NUMERIC | TIME:
        yield f"{where}.technique: microaggregate needs a column of numbers or times"
    if privacy.k is not None and column.size < privacy.k:
        yield f"{where}.size: is below privacy.k, the least number of people that may share a value"
