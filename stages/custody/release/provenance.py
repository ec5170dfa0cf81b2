"""Conditions on where the data came from: each source's provenance and license, and the license of each record."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from custody.release.condition import Condition, entries, faultless, section, unevaluated

if TYPE_CHECKING:
    from custody.policy.gate import Gate

UNKNOWN: Final = frozenset({"", "unknown", "none", "noassertion"})
"""What says nothing; NONE and NOASSERTION are SPDX's words for it (SPDX 2.3, clause 7.13)."""
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def provenance(receipt: dict[str, Any], as_of: str, gate: Gate) -> list[Condition]:
    """Held, source by source, where files have digests, owner, license and basis are known, and no review is overdue.

    The day of review itself is not past; days are compared with `as_of`, never with a clock.
    """
    if not gate.require_provenance:
        return []
    sources = section(receipt, "sources")
    today = dt.date.fromisoformat(as_of)
    return [
        faultless(f"provenance.{name}", _faults(section(sources, name), today), "provenance is complete")
        for name in sorted(sources)
    ] or [unevaluated("provenance", 0, "the receipt names no source")]


def licenses(receipt: dict[str, Any], gate: Gate) -> list[Condition]:
    """Held, source by source, where `gate.licenses` lists the source's license."""
    sources = section(receipt, "sources")
    return [_license(name, section(sources, name).get("license"), gate) for name in sorted(sources)]


def record_licenses(rows: int, unlicensed: int | None, gate: Gate) -> list[Condition]:
    """Held where every row's own license is allowed; nothing where the policy names no column for it.

    `unlicensed` counts rows whose license is missing or not listed; None where the candidate lacks the column.
    """
    if gate.license_column is None:
        return []
    if unlicensed is None or not rows:
        return [unevaluated("record_licenses", 0, f"no row has a value to judge in {gate.license_column}")]
    what = "rows carry no license that gate.licenses lists"
    return [Condition("record_licenses", unlicensed == 0, unlicensed, 0, what, rows)]


def _license(source: str, license_: Any, gate: Gate) -> Condition:
    faults = [] if license_ in gate.licenses else [f"{license_} is not in gate.licenses"]
    return faultless(f"license.{source}", faults, f"{license_} is in gate.licenses")


def _faults(source: dict[str, Any], today: dt.date) -> list[str]:
    files = entries(source.get("files"))
    faults = [] if files else ["no file was read"]
    if any(not _SHA256.fullmatch(str(file.get("sha256"))) for file in files):
        faults.append("a file has no digest")
    for key in ("owner", "license", "basis"):
        value = source.get(key)
        if not isinstance(value, str) or value.strip().lower() in UNKNOWN:
            faults.append(f"{key} is not known")
    return faults + _review(source.get("review_by"), today)


def _review(day: Any, today: dt.date) -> list[str]:
    try:
        due = dt.date.fromisoformat(day)
    except (TypeError, ValueError):
        return ["no review date"]
    return [f"its review was due on {due}, before {today} (dataset.as_of)"] if due < today else []
