"""A layer of a review: what was computed, or why it was not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Layer:
    """What a change does, or why that was not computed."""

    told: Mapping[str, Any] = field(default_factory=dict)
    """Plain values, without a value of the data; empty where nothing was computed."""
    why: str | None = None
    """Why it was not computed; None where it was."""
    needed: bool = True
    """False where it is rightly left out: nothing is lacking then."""

    def json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"computed": self.why is None, "why": self.why, **self.told}
