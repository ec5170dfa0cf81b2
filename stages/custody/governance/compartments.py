"""The compartments of a zone's secret, each held apart: whoever holds one alone can open no other.

`pipeline` seals data and makes pseudonyms, `reidentify` takes reversible pseudonyms back, `release` signs releases.
None follows from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterable

Compartment: TypeAlias = Literal["pipeline", "reidentify", "release"]
COMPARTMENTS: Final[tuple[Compartment, ...]] = ("pipeline", "reidentify", "release")


@dataclass(frozen=True)
class Wanted:
    """Which secret is asked for."""

    zone: str
    compartment: Compartment
    check: str | None = None
    """Its fingerprint; None: the newest there is."""

    @property
    def told(self) -> str:
        """How messages name it."""
        return f"zone {self.zone}, compartment {self.compartment}"


def named(words: Iterable[str]) -> tuple[Compartment, ...]:
    """Return the compartments that people name, each once, in their order; `CustodyError` for another word."""
    chosen = set(words)
    if not chosen <= set(COMPARTMENTS):
        raise CustodyError(f"compartment: must be one of {', '.join(COMPARTMENTS)}")
    return tuple(one for one in COMPARTMENTS if one in chosen)
