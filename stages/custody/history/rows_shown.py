"""Rows that differ between two releases, as people may see them, who know how many rows either release has.

With both totals known, one number gives away others: rows that changed are all rows less those that are the same, rows
that were added are those that were removed and how many more there are. So where a count from 1 to k - 1 is among
them, each is told by its size alone: `<k`, which may be zero too, or `≥k`; and where even that would tell, not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from custody.history.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Final = ("same", "moved", "changed", "added", "removed")
_EACH: Final = 4
"""How many counts make up all rows of one release."""


def by_source(sources: Mapping[str, Counts], k: int) -> dict[str, dict[str, Any]]:
    """Return what to tell of each source and, under the empty name, of all; a count that is not told is None."""
    found = {name: of_all(one, k) for name, one in sorted(sources.items())}
    whole = of_all(sum(sources.values(), Counts()), k)
    if len(sources) > 1 and any(_is_small(one, k) for one in sources.values()):
        whole = _told(dict.fromkeys(NAMES))  # less the others it would tell a source
    elif any(_few(one, k) for one in sources.values()):
        whole["changed_columns"] = dict.fromkeys(whole["changed_columns"])
    return found | {"": whole}


def of_all(one: Counts, k: int) -> dict[str, Any]:
    """Return what to tell where sources are not told apart."""
    if _is_small(one, k):
        named = _is_open(one, k) and k > 2  # noqa: PLR2004  # a column is named where a row changed, and `<2` is one
        return _told(_sizes(one, k), one.columns if named else ())
    told = _told(_counts(one), one.columns, one)
    return told | {"changed_columns": dict.fromkeys(told["changed_columns"])} if _few(one, k) else told


def _told(counts: Mapping[str, Any], columns: Any = (), one: Counts | None = None) -> dict[str, Any]:
    exact = columns if one is not None else dict.fromkeys(columns)
    by = {"added_by": dict(+one.added), "removed_by": dict(+one.removed)} if one is not None else {}
    none: dict[str, int] = {}
    return {**counts, "changed_columns": dict(sorted(exact.items())), "added_by": none, "removed_by": none, **by}


def _counts(one: Counts) -> dict[str, int]:
    return dict(zip(NAMES, (one.same, one.moved, one.changed, one.added.total(), one.removed.total()), strict=True))


def _is_small(one: Counts, k: int) -> bool:
    counts = [*_counts(one).values(), *one.added.values(), *one.removed.values()]
    return any(0 < count < k for count in counts)


def _few(one: Counts, k: int) -> bool:
    """Say whether few of the changed rows differ in some column: with the others' numbers that could be worked out."""
    return any(0 < count < k for count in one.columns.values())


def _is_open(one: Counts, k: int) -> bool:
    """Say whether sizes may be told: each release has more rows than its counts, all of them `≥k`, would need.

    Then any of them can make up for another. Who knows the totals knows this too, so it tells nothing.
    """
    counts = _counts(one)
    kept = counts["same"] + counts["moved"] + counts["changed"]
    return min(kept + counts["removed"], kept + counts["added"]) > _EACH * k


def _sizes(one: Counts, k: int) -> dict[str, str | None]:
    """Return the size of each count.

    Those of `added` and `removed` differ by what the totals differ: by k - 1, both `<k` would tell them, and by one,
    `<k` and `≥k` would; so then neither is told.
    """
    if not _is_open(one, k):
        return dict.fromkeys(NAMES)
    counts = _counts(one)
    sizes: dict[str, str | None] = {name: f"<{k}" if count < k else f"≥{k}" for name, count in counts.items()}
    tells = abs(counts["added"] - counts["removed"]) in {1, k - 1}
    return sizes | dict.fromkeys(("added", "removed")) if tells else sizes
