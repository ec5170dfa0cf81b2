"""Whom a column may name: its role, and the safest technique that keeps it useful, each with the reason.

What cannot be told from a name is taken for one: a column of words is kept only where all of them are in the shipped
vocabulary, or where it is the label that a model learns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custody.profiling import measures as measured
from custody.profiling import names, vocabulary
from custody.profiling.measures import FEW

if TYPE_CHECKING:
    from custody.profiling.measures import Measures
    from custody.profiling.types import Typed

IDENTIFYING = 0.9
"""Distinct values per value above which a column may point at one record each."""
DIGITS = 6


@dataclass(frozen=True)
class Guess:
    """Role and technique of a column."""

    role: str
    technique: str
    reason: str
    more: dict[str, Any] = field(default_factory=dict)
    """Further keys of the technique."""
    listed: tuple[str, ...] = ()
    """Values that may be listed: all are words of the vocabulary."""

    @property
    def personal(self) -> bool:
        """True where values may name people: nothing of theirs is told, not even rounded."""
        return self.role in {"direct", "quasi"} or self.technique in {"mac", "redact_text", "suppress"}


def role(name: str, typed: Typed, figures: Measures, *, external: bool) -> Guess:
    """Return the guess for a column; `external` releases may hold no prefix-preserving address."""
    by_type = _by_type(typed, external=external)
    if by_type is not None:
        return by_type
    hints = names.words(name)
    if typed.kind == "boolean":
        kind = "label" if hints & names.LABELS else "insensitive"
        return Guess(kind, "keep", "yes or no: many share it")
    if typed.kind in {"integer", "number"}:
        return _number(hints, typed, figures)
    return _word(name, hints, typed, figures)


def _by_type(typed: Typed, *, external: bool) -> Guess | None:
    if typed.kind == "timestamp":
        return Guess("quasi", "round_time", "who did what when, to the second, is a fingerprint", {"to": "1h"})
    if typed.kind == "ip" and not external:
        reason = "an address names a machine, and often its user; networks stay visible"
        return Guess("direct", "ip_prefix", reason, {"domain": "network"})
    domains = {"ip": "network", "email": "mail", "mac": "device", "user": "person", "host": "host"}
    if typed.kind in domains:
        reason = f"{typed.reason}: one token per value can be joined, not read"
        return Guess("direct", "mac", reason, {"domain": domains[typed.kind]})
    if typed.kind == "url":
        return Guess("insensitive", "redact_text", "a URL may carry names, addresses and secrets")
    if typed.kind == "text":
        return Guess("insensitive", "redact_text", f"{typed.reason}: identifiers in it become tokens or placeholders")
    return None


def _number(hints: frozenset[str], typed: Typed, figures: Measures) -> Guess:
    if hints & names.IDENTIFIER or hints & names.PERSON:
        return Guess("direct", "mac", "its name says that it identifies people or places", {"domain": "number"})
    if hints & names.QUASI:
        return _quasi(typed)
    if hints & names.LABELS and figures.distinct <= FEW <= figures.present:
        return Guess("label", "keep", "its name says that it is what a model learns")
    if figures.present < FEW:
        return Guess("insensitive", "suppress", "too few values were seen to tell what it is")
    spread = measured.span(typed)
    long = spread is not None and max(map(abs, spread)) >= 10**DIGITS
    if typed.kind == "integer" and figures.unique > IDENTIFYING and long:
        reason = "long numbers, nearly each of them distinct: it may be an identifier"
        return Guess("direct", "mac", reason, {"domain": "number"})
    return Guess("insensitive", "keep", "a measurement")


def _quasi(typed: Typed) -> Guess:
    bins = measured.edges(typed)
    if not bins:
        return Guess("quasi", "suppress", "with other columns it may single people out, and too few values to bin")
    return Guess("quasi", "generalize", "with other columns its exact value may single people out", {"bins": bins})


def _word(name: str, hints: frozenset[str], typed: Typed, figures: Measures) -> Guess:
    values = sorted(typed.values.drop_null().unique().to_pylist()) if figures.distinct <= FEW * 2 else []
    listed = tuple(values) if vocabulary.known(values) else ()
    domain = {"domain": names.ours([name])[name]}
    if listed:
        kind = "label" if hints & names.LABELS else "insensitive"
        return Guess(kind, "keep", "all its values are common words of the field", listed=listed)
    if hints & names.IDENTIFIER or hints & names.PERSON:
        return Guess("direct", "mac", "its name says that it identifies people or places", domain)
    if hints & names.QUASI:
        reason = "with other columns it may single people out; keep it if its values are few"
        return Guess("quasi", "mac", reason, domain)
    if figures.unique > IDENTIFYING and figures.present >= FEW:
        return Guess("direct", "mac", "nearly each value is distinct: it may be an identifier", domain)
    if hints & names.LABELS and figures.distinct <= FEW * 5 and figures.present >= FEW * figures.distinct:
        return Guess("label", "keep", "its name says that it is what a model learns; see that no value names anybody")
    return Guess("insensitive", "mac", "words that may be names: keep it once somebody has seen that none is", domain)
