"""What the policy alone shows of a release that would protect nobody: mistakes, and doubts for people to judge."""

from __future__ import annotations

import ipaddress
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.policy.policy import Policy
    from custody.policy.privacy import Privacy
    from custody.policy.schema import FieldType
    from custody.policy.techniques import AnyColumn

PRECISE: Final = frozenset({"timestamp", "number", "integer", "ip", "mac", "email", "user", "host", "url", "text"})
"""Types whose values, as they are, are nearly as many as records."""
PERSONAL: Final = frozenset({"user", "email", "ip", "mac", "host"})
"""Types that name people or their machines."""
LONGEST: Final = 8
"""Characters from which on a prefix shows most names as a whole."""
FEWEST: Final = 5
"""People below which a group is small for a release to others."""
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_MAC: Final = re.compile(r"(?i)[0-9a-f]{2}([:-][0-9a-f]{2}){5}")
_FULL_NAME: Final = re.compile(r"[A-Za-z]{2,}[._][A-Za-z]{2,}")


def refused(policy: Policy) -> Iterator[str]:
    """Return the mistakes: what no review can make right, each as `dotted.key: what to do`."""
    external = policy.dataset.audience == "external"
    for name, column in policy.privacy.columns.items():
        kind = policy.fields.get(name)
        if kind is not None:
            yield from _column(f"privacy.columns.{name}", column, kind, external=external)
    for i, word in enumerate(policy.privacy.not_personal):
        what = _identifier(word)
        if what:
            yield f"privacy.not_personal.{i}: is {what}, which names one person or machine; list account names alone"


def doubts(policy: Policy) -> list[str]:
    """Return what people should look at again, each as `dotted.key: what to do`; the policy holds all the same."""
    return [*_figures(policy), *_left_open(policy), *_domains(policy)]


def _column(where: str, column: AnyColumn, kind: FieldType, *, external: bool) -> Iterator[str]:
    if external and column.role == "quasi" and column.technique == "keep" and kind in PRECISE:
        yield f"{where}.technique: a quasi-identifier as it is may not leave in an external release; coarsen it"
    if external and column.technique == "keep" and kind in {"text", "url"} and column.role != "quasi":
        yield f"{where}.technique: text as it is may not leave in an external release; use redact_text or suppress"
    if column.technique != "generalize":
        return
    if kind == "integer" and any(high - low <= 1 for low, high in pairwise(column.bins)):
        yield f"{where}.bins: a class of one whole number is no class; make it wider"
    if column.role == "direct" and column.prefix is not None and column.prefix >= LONGEST:
        yield f"{where}.prefix: shows most names as a whole; a direct identifier needs a shorter one, or mac"


def _identifier(word: str) -> str | None:
    """Name what a word of `not_personal` is, None for an account's name."""
    if _MAIL.search(word):
        return "a mail address"
    if _MAC.fullmatch(word):
        return "a hardware address"
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return None
    return "a network address"


def _figures(policy: Policy) -> Iterator[str]:
    privacy, gate = policy.privacy, policy.gate
    treated = [column.role for column in privacy.columns.values() if not column.left_out]
    if privacy.k is None and {"direct", "quasi"} & {*treated}:
        yield "privacy.k: is missing, so nobody counts how many people share a combination"
    if privacy.k is not None and privacy.k < FEWEST and policy.dataset.audience == "external":
        yield f"privacy.k: fewer than {FEWEST} people in a group is little for an external release"
    if privacy.k is not None and "quasi" not in treated:
        yield "privacy.columns: no released column is quasi, so k counts all records as one group"
    if gate.max_residual_identifiers:
        yield "gate.max_residual_identifiers: lets identifiers leave that were found; 0 lets none"
    for i, name in enumerate(gate.distinct_ok):
        column = privacy.columns.get(name)
        if column is not None and column.role in {"direct", "quasi"}:
            yield f"gate.distinct_ok.{i}: {name} is {column.role}, and is never questioned"


def _left_open(policy: Policy) -> Iterator[str]:
    for name, column in policy.privacy.columns.items():
        where, kind = f"privacy.columns.{name}", policy.fields[name]
        if column.technique == "keep" and kind in PERSONAL:
            yield f"{where}.technique: a column of type {kind} names people or machines, and is kept"
        elif column.technique == "keep" and kind in {"text", "url"}:
            yield f"{where}.technique: names that stand in no other column are not found in text that is kept"
        if column.role == "direct" and column.technique == "generalize" and column.prefix is not None:
            yield f"{where}.prefix: a name as short as it is released as a whole"
    for i, word in enumerate(policy.privacy.not_personal):
        if _FULL_NAME.fullmatch(word):
            yield f"privacy.not_personal.{i}: reads as a person's first and last name"


def _domains(policy: Policy) -> Iterator[str]:
    kinds = _kinds(policy.privacy, policy.fields)
    for domain, found in sorted(kinds.items()):
        if len(found) > 1:
            yield f"privacy.columns: domain {domain} is shared by columns of types {', '.join(sorted(found))}"


def _kinds(privacy: Privacy, fields: dict[str, FieldType]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for name, column in privacy.columns.items():
        if column.technique in {"mac", "encrypt_deterministic", "ip_prefix"}:
            kinds.setdefault(column.domain, set()).add(fields[name])
    return kinds
