"""The shapes that the lines of one file have, learnt as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.sources.formats.json_shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custody.sources.formats.json_fields import Fields
    from custody.sources.formats.json_marks import Marks

FEW = 32
"""So few lines are not worth a shape."""
TRIES = 2
"""How many new shapes a frame may teach, for each number of quotation marks."""
KEPT = 4
"""How many shapes of one number of quotation marks are kept."""


class Shapes:
    """What was learnt so far; it decides how fast lines are read, and nothing else."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._wanted = wanted
        self._known: dict[int, list[Shape]] = {}

    def take(self, marks: Marks) -> Iterator[tuple[Shape, np.ndarray, Fields]]:
        """Yield groups of lines that fit one shape: the shape, the lines in ascending order, their fields."""
        counts = np.where(marks.plain, marks.count, 0)
        for count in np.flatnonzero(np.bincount(counts) >= FEW).tolist():
            if count:
                yield from self._of_one_count(marks, np.flatnonzero(counts == count), count)

    def _of_one_count(self, marks: Marks, lines: np.ndarray, count: int) -> Iterator[tuple[Shape, np.ndarray, Fields]]:
        known = self._known.setdefault(count, [])
        for shape in (*known, *(None,) * TRIES):
            if len(lines) < FEW:
                return
            tried = shape or Shape.of(marks.line(int(lines[len(lines) // 2])), self._wanted)
            if tried is None:
                continue
            good, fields = tried.take(marks, lines)
            if not good.any():
                continue
            yield tried, lines[good], fields
            if shape is None and len(known) < KEPT and np.count_nonzero(good) >= FEW:
                known.append(tried)
            lines = lines[~good]
