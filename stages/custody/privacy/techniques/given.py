"""What some techniques need beside a column's own values: who, which row, which groups."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from custody.policy.hierarchies import Hierarchy
    from custody.privacy.rowid import Blocks
    from custody.privacy.techniques.microaggregate import Classes


@dataclass(frozen=True)
class Given:
    """Of one column and some records; arrays have one element per record, in the order of the values."""

    column: str = ""
    """Its name."""
    subjects: pa.Array | None = field(default=None, repr=False)
    """The canonical subject of each record, null for none; in a dictionary or not."""
    ids: Blocks | None = field(default=None, repr=False)
    """The row id of each record."""
    classes: Classes | None = None
    """The groups of neighbours that the values of the whole data set form."""
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    """`privacy.hierarchies`; the shipped ones need no entry."""

    def take(self, rows: NDArray[np.intp]) -> Given:
        """Return the same of some of the records."""
        subjects = None if self.subjects is None else self.subjects.take(pa.array(rows))
        return replace(self, subjects=subjects, ids=None if self.ids is None else self.ids[rows])


NOTHING = Given()
