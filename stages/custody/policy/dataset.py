"""`dataset`: what the training set is called, what it is for and on which day it is judged."""

from typing import Literal

from custody.policy.model import Closed, Day, Id


class Dataset(Closed):
    """What the training set is for; the only clock that a stage reads."""

    name: Id
    """Name that releases carry."""
    purpose: Id
    """Only records of sources that list this purpose are released."""
    audience: Literal["internal", "external"] = "internal"
    """External releases may hold no reversible and no prefix-preserving column."""
    as_of: Day
    """The day on which retention and review dates are judged."""
