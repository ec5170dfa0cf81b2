"""Records that findings about groups and categories speak of, by the text of a column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custody.quality.cells import mask, whole

if TYPE_CHECKING:
    from custody.quality.bits import Mask


@dataclass(frozen=True)
class Texts:
    """Records with one of these texts, or truth values, in a column, and something in another where that is named."""

    column: str
    texts: frozenset[str] = field(repr=False)
    beside: str | None = None

    def mask(self, table: pa.Table) -> Mask:
        """True for these records."""
        found = mask(pc.is_in(whole(table, self.column).cast(pa.string()), pa.array(sorted(self.texts), pa.string())))
        return found if self.beside is None else found & mask(whole(table, self.beside).is_valid())
