"""Every record is accounted for, along the whole chain of receipts and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.release.condition import Condition, count, entries, faultless, section

if TYPE_CHECKING:
    from collections.abc import Iterator

Equation = tuple[str, int | None, list[int | None]]


def condition(receipt: dict[str, Any], validated: dict[str, Any], anonymized: dict[str, Any], rows: int) -> Condition:
    """Held where every count equals what it is made of; a count that is missing breaks its equation."""
    equations = [*_collected(receipt), *_validated(receipt, validated), *_anonymized(validated, anonymized, rows)]
    unequal = [what for what, whole, parts in equations if whole is None or None in parts or whole != _sum(parts)]
    return faultless("accounting", unequal, "every record is accounted for")


def _collected(receipt: dict[str, Any]) -> Iterator[Equation]:
    total = section(receipt, "accounting")
    parts = [count(total.get(key)) for key in ("collected", "malformed", "skipped")]
    yield "read = collected + malformed + skipped", count(total.get("read")), parts
    sources = section(receipt, "sources")
    files = [file for source in sources.values() for file in entries(section(source).get("files"))]
    for key in ("read", "collected", "malformed", "skipped"):
        yield f"{key} = {key} of all files", count(total.get(key)), [count(file.get(key)) for file in files]
    yield _reasons(receipt, total, "malformed")
    yield _reasons(receipt, total, "skipped")


def _validated(receipt: dict[str, Any], validated: dict[str, Any]) -> Iterator[Equation]:
    own = section(validated, "accounting")
    collected = count(section(receipt, "accounting").get("collected"))
    yield "collected = collected as validated", collected, [count(own.get("collected"))]
    yield "collected = records evaluated", collected, [count(validated.get("records_evaluated"))]
    yield "collected = accepted + quarantined", collected, [count(own.get("accepted")), count(own.get("quarantined"))]


def _anonymized(validated: dict[str, Any], anonymized: dict[str, Any], rows: int) -> Iterator[Equation]:
    own = section(anonymized, "accounting")
    accepted = count(section(validated, "accounting").get("accepted"))
    yield "accepted = accepted as anonymized", accepted, [count(own.get("accepted"))]
    parts = [count(own.get(key)) for key in ("candidate", "suppressed", "withheld")]
    yield "accepted = candidate + suppressed + withheld", accepted, parts
    yield "candidate = rows of the candidate's files", count(own.get("candidate")), [rows]
    yield _reasons(anonymized, own, "withheld")
    yield _reasons(anonymized, own, "suppressed")


def _reasons(report: dict[str, Any], total: dict[str, Any], key: str) -> Equation:
    reasons = report.get(key)
    parts: list[int | None] = [count(value) for value in reasons.values()] if isinstance(reasons, dict) else [None]
    return f"{key} = {key} of all reasons", count(total.get(key)), parts


def _sum(parts: list[int | None]) -> int:
    return sum(part for part in parts if part is not None)
