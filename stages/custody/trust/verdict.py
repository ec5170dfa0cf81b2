"""What verifying finds: one answer, and a reason for each thing that does not hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from custody.errors import printable

CODES: Final = (
    "altered",
    "missing",
    "extra",
    "collision",
    "lock",
    "stale",
    "sources",
    "conditions",
    "audit",
    "unsigned",
    "signature",
    "signer",
    "role",
    "key_expired",
    "key_compromised",
    "threshold",
    "clock",
    "retracted",
    "refused_later",
    "refused",
    "expired",
    "demo_key",
    "statement",
    "rebuilt",
    "rebuilders",
)
"""Kinds of reasons, for machines; the words beside them are for people."""


@dataclass(frozen=True)
class Reason:
    """Something that does not hold: its kind, and what and where in one line."""

    code: str
    what: str


@dataclass(frozen=True)
class Verdict:
    """The answer for one release; it holds where there is no reason against it."""

    what: str
    """What was verified, in a few words."""
    decision: str | None
    """What the gate decided; None where no statement can be read."""
    statement: str | None
    """SHA-256 of statement.json."""
    reasons: tuple[Reason, ...] = ()
    signers: tuple[str, ...] = ()
    """Signers whose signatures count."""
    notes: tuple[str, ...] = ()
    """What was not checked, and why."""
    rebuilders: tuple[str, ...] = ()
    """Who built it anew, independently, and whose word for it counts."""

    @property
    def holds(self) -> bool:
        """True where nothing speaks against it."""
        return not self.reasons

    def json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {**asdict(self), "holds": self.holds}

    def lines(self) -> list[str]:
        """Return the answer, then a line for each reason and note; none does more on a terminal than be read."""
        said = f"{self.decision}, consistent" if self.decision == "refused" else "verified"
        by = f", signed by {', '.join(self.signers)}" if self.signers else ""
        by += f", rebuilt by {', '.join(self.rebuilders)}" if self.rebuilders else ""
        head = f"{self.what}: {said}{by}" if self.holds else f"{self.what}: does not verify"
        told = (*(f"  {one.code}: {one.what}" for one in self.reasons), *(f"  note: {one}" for one in self.notes))
        return [printable(line) for line in (head, *told)]
