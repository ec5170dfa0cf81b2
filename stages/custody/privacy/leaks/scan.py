"""What is left of people in a written candidate.

No identifier of a direct column, of whatever record (accepted, quarantined or withheld), may stand in the file that
is about to be released. The file is searched as it was read back: every cell, every dictionary entry, statistics,
metadata and footer (`readback`). `known` says what counts as a hit. A number or very short name counts in an
identifier's place: here any whole cell but that of a category, number or time that is no direct identifier, where 200
is a status and not a person; a short name with a letter counts there too.

What the technique itself wrote and merely equals an identifier of somebody else is counted apart (`coincidence`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.inputs import REPEATING
from custody.privacy.leaks.coincidence import coincidences
from custody.privacy.leaks.entries import entries_of
from custody.privacy.leaks.searching import Sought
from custody.privacy.text.search import ANY, AS_IS, LETTERS, NOT, SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from custody.privacy.leaks.coincidence import Written
    from custody.privacy.leaks.entries import Entries
    from custody.privacy.leaks.readback import ReadBack
    from custody.privacy.leaks.searching import Search
    from custody.privacy.text.known import Hits

PART = "part"
METADATA, FOOTER = "!metadata", "!footer"
"""Where a hit outside of any column is counted."""
TOGETHER = 1 << 20
"""Characters of footers that are searched at once; bytes of what explains them count as many."""
PLACES = frozenset({"user", "email", "host", "ip", "mac", "url", "text"})
"""Types of columns whose whole cell is an identifier's place, whatever their role."""


@dataclass(frozen=True)
class Leaks:
    """Occurrences of identifiers that are left, also by column; of coincidences; and of allowed words."""

    residual: int = 0
    coincidences: int = 0
    allowed: int = 0
    by_column: Mapping[str, int] = field(default_factory=dict)
    by_spelling: Mapping[str, int] = field(default_factory=dict)
    """Of those that are left: as they are, as parts (`derived`), other forms of addresses, in escapes, in base64."""


@dataclass(frozen=True)
class Footer:
    """A file's footer, which is yet to be searched."""

    text: str = field(repr=False)
    explained: NDArray[np.int64] = field(repr=False)
    """Identifiers that stand elsewhere in the file, ascending: a footer repeats statistics and metadata."""

    @property
    def size(self) -> int:
        """How much it takes to keep it."""
        return len(self.text) + self.explained.nbytes


class Footers:
    """Footers on their way to be searched, many at once: a search of one takes as long as that of a hundred."""

    def __init__(self, search: Search) -> None:
        self._search, self._waiting, self._size, self._found = search, list[Footer](), 0, Leaks()

    def add(self, footer: Footer) -> None:
        """Take one in."""
        self._waiting.append(footer)
        self._size += footer.size
        if self._size > TOGETHER:
            self.leaks()

    def leaks(self) -> Leaks:
        """Return what stands in any of them and nowhere else in its file."""
        waiting, self._waiting, self._size = self._waiting, [], 0
        hits = self._search.find(pa.array([one.text for one in waiting], pa.string()), whole=NOT)
        left = [_unexplained(hits.between(i, i + 1), one) for i, one in enumerate(waiting)]
        times = np.concatenate([np.empty(0, dtype=np.int64), *left])
        self._found = merge([self._found, _counted(FOOTER, _told(hits, self._search, times))])
        return self._found


def _unexplained(hits: Hits, footer: Footer) -> NDArray[np.int64]:
    """Return 1 for the first hit of each identifier that stands nowhere else, 0 for any other."""
    _, first = np.unique(hits.identifier, return_index=True)
    first = first[~np.isin(hits.identifier[first], footer.explained)]
    return np.bincount(first, minlength=len(hits))


@dataclass(frozen=True)
class _Column:
    """What there is to search of one column: its cells and dictionary entries, and statistics found in none of them."""

    name: str
    entries: Entries
    statistics: pa.Array
    whole: int

    def sought(self, kind: str | None) -> tuple[Sought, Sought]:
        """Return what there is to search; the cells of some types repeat from partition to partition."""
        cells = Sought(self.entries.texts, self.whole, self.name if kind in REPEATING else None)
        return cells, Sought(self.statistics, self.whole)


def scan(file: ReadBack, written: Written, search: Search) -> tuple[Leaks, Footer]:
    """Search a file that was read back for identifiers, all of it at once but for the footer, see `Footers`."""
    columns = [_column(name, file, written, search) for name in file.table.column_names]
    texts = [sought for one in columns for sought in one.sought(written.kinds.get(one.name))]
    texts += [Sought(pa.array(part, pa.string()), NOT) for part in (file.notes, [file.plain])]
    hits = search.find_each(texts)
    found = [
        merge([_cells(one.name, one.entries, cells, written, search), _counted(one.name, _told(statistics, search))])
        for one, cells, statistics in zip(columns, hits[0:-2:2], hits[1:-2:2], strict=True)
    ]
    found.append(_counted(METADATA, _told(hits[-2], search)))
    return merge(found), Footer(file.footer, np.unique(np.concatenate([one.identifier for one in hits])))


def merge(parts: Iterable[Leaks]) -> Leaks:
    """Add up."""
    listed = list(parts)
    columns, spellings = Counter[str](), Counter[str]()
    for part in listed:
        columns.update(part.by_column)
        spellings.update(part.by_spelling)
    return Leaks(
        sum(part.residual for part in listed),
        sum(part.coincidences for part in listed),
        sum(part.allowed for part in listed),
        dict(sorted(columns.items())),
        dict(sorted(spellings.items())),
    )


def _column(name: str, file: ReadBack, written: Written, search: Search) -> _Column:
    treatment, kind = written.columns.get(name), written.kinds.get(name, "category")
    direct = treatment is not None and treatment.role == "direct"
    entries = entries_of(file.table.column(name), kind, search, direct=direct)
    ends = file.statistics.get(name, pa.array([], pa.string()))
    elsewhere = [end for end in ends if not pc.any(pc.equal(entries.texts, end), min_count=0).as_py()]
    whole = ANY if direct or kind in PLACES else LETTERS
    return _Column(name, entries, pa.array(elsewhere, pa.string()), whole)


def _cells(name: str, entries: Entries, hits: Hits, written: Written, search: Search) -> Leaks:
    occurrences = entries.occurrences
    times = occurrences[hits.row]
    chance = coincidences(name, entries, hits, written, search.known) if len(hits) else 0
    allowed = int(occurrences[hits.allowed_row].sum())
    return _counted(name, _told(hits, search, times), chance, allowed)


def _told(hits: Hits, search: Search, times: NDArray[np.int64] | None = None) -> Counter[str]:
    """Count hits by spelling, each so many `times`."""
    part = (hits.spelling == AS_IS) & search.known.derived[hits.identifier]
    kinds = np.where(part, len(SPELLINGS), hits.spelling)
    counted = np.bincount(kinds, weights=times, minlength=len(SPELLINGS) + 1).astype(np.int64)
    return +Counter(dict(zip((*SPELLINGS, PART), counted.tolist(), strict=True)))


def _counted(name: str, told: Counter[str], chance: int = 0, allowed: int = 0) -> Leaks:
    """Leaks of one column; what a technique writes by chance, it writes as it is."""
    left = +(told - Counter({SPELLINGS[AS_IS]: chance}))
    residual = told.total() - chance
    return Leaks(residual, chance, allowed, {name: residual} if residual else {}, dict(left))
