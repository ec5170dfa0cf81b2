"""What some techniques need beside a column's own values: who, which row, which groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.policy.hierarchies import Hierarchy


@dataclass(frozen=True)
class Given:
    """Of one column and some records; arrays have one element per record, in the order of the values."""

    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    """`privacy.hierarchies`; the shipped ones need no entry."""


NOTHING = Given()
