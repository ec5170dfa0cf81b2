"""`privacy.budget`: how much may ever be published about the people in the data, by differential privacy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from custody.policy.model import Closed


class Budget(Closed):
    """What all publications of `custody privacy stats` together may spend, per subject."""

    epsilon: Annotated[float, Field(gt=0, le=100)]
    """Sum of ε over all publications."""
    delta: Annotated[float, Field(ge=0, lt=0.01)] = 0.0
    """Sum of δ over all publications."""
    records: Annotated[int, Field(ge=1, le=10**6)]
    """Records of one subject that count; of the others none is looked at."""
