"""Recall and precision of what a detector found, against what was planted."""

from __future__ import annotations

import re
import string
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from privacy.planted.generator import Planted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privacy.planted.generator import Message

KINDS = ("user", "host", "email", "ip", "mac", "url", "credentials", "secret", "card", "iban")
PLACEHOLDER = re.compile("<(user|host|email|ip|mac|url|credentials|secret|card|iban|personal)>")
SAME = {
    "user": {"user", "email"},  # a Kerberos principal, a UPN: the name is part of it
    "email": {"email"},
    "host": {"host", "email"},  # one that a mailbox is at
    "url": {"user", "email", "secret", "personal", "url"},  # the value of a parameter, whatever it is
    "credentials": {"credentials", "secret"},
    "secret": {"secret", "credentials"},
}
"""Kinds that a finding may say for each planted kind, where it may say another than its own."""


@dataclass
class Score:
    """Planted identifiers and those found whole; findings and those that are right."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[Message, Planted]] = field(default_factory=list)
    wrong: list[tuple[Message, Planted]] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        return self.found[kind] / self.planted[kind] if self.planted[kind] else float("nan")

    def precision(self, kind: str) -> float:
        return self.right[kind] / self.claimed[kind] if self.claimed[kind] else float("nan")


def spans(before: str, after: str) -> list[Planted]:
    """What a redaction replaced: texts between placeholders stand in both, in the same order."""
    parts = PLACEHOLDER.split(after)
    pattern = "".join(re.escape(part) if place % 2 == 0 else "(.+?)" for place, part in enumerate(parts))
    match = re.fullmatch(pattern, before, re.DOTALL)
    assert match is not None, "redaction changed more than it replaced"
    return [Planted(kind, *match.span(place + 1)) for place, kind in enumerate(parts[1::2])]


def score(messages: Sequence[Message], findings: Iterable[Sequence[Planted]]) -> Score:
    """A planted one counts as found where findings of its kind cover all of it; a finding as right where it stands
    within planted ones of its kind, and so takes nothing else along."""
    result = Score()
    for message, found in zip(messages, findings, strict=True):
        for one in message.planted:
            result.planted[one.kind] += 1
            if _covered(one, [other for other in found if other.kind in SAME.get(one.kind, {one.kind})]):
                result.found[one.kind] += 1
            else:
                result.missed.append((message, one))
        for one in found:
            touched = [other for other in message.planted if other.start < one.end and one.start < other.end]
            kind = next((other.kind for other in touched if one.kind in SAME.get(other.kind, {other.kind})), one.kind)
            result.claimed[kind] += 1
            if touched and _covered(_core(message.text, one), _wider(touched, one)):
                result.right[kind] += 1
            else:
                result.wrong.append((message, one))
    return result


def _core(text: str, one: Planted) -> Planted:
    """The finding without punctuation at its ends: a comma that goes along tells nothing."""
    written = text[one.start : one.end]
    start = one.start + len(written) - len(written.lstrip(string.punctuation))
    return Planted(one.kind, start, max(start, one.end - len(written) + len(written.rstrip(string.punctuation))))


def _wider(touched: list[Planted], one: Planted) -> list[Planted]:
    """Planted ones that the finding names by their kind; for an address `name@host` the signs around are its own."""
    fitting = [other for other in touched if one.kind in SAME.get(other.kind, {other.kind})]
    if one.kind == "email" and touched:
        return [Planted("email", one.start, one.end)] if fitting else []
    return fitting


def _covered(one: Planted, others: list[Planted]) -> bool:
    places = set(range(one.start, one.end))
    for other in others:
        places -= set(range(other.start, other.end))
    return not places
