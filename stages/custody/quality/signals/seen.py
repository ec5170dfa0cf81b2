"""What signals look at, all partitions together, and what each of them returns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from custody.policy.signals import Drift
from custody.quality.drift.comparing import Compared, Terms, compare
from custody.quality.profile import Profile, merge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from custody.quality.bits import Mask
    from custody.quality.classes import Pair
    from custody.quality.observing import Observed
    from custody.quality.signals.finding import Finding
    from custody.quality.watch import Watch

Reason: TypeAlias = Literal["no_anchor", "no_label", "no_records", "check_failed"]
"""Why a signal was not looked for; only `no_anchor` is no fault."""


class Which(Protocol):
    """Says which records a finding speaks of, by their values; a plain value, so that a worker process can have it."""

    def mask(self, table: pa.Table) -> Mask:
        """True for these records of a collected partition."""


@dataclass(frozen=True)
class Seen:
    """All partitions, in their order."""

    watch: Watch
    parts: Sequence[Observed]
    copies: Sequence[Mask]
    """Per partition: records that are copies of an earlier one."""

    @cached_property
    def records(self) -> int:
        """All records."""
        return sum(part.rows for part in self.parts)

    @cached_property
    def pairs(self) -> Counter[Pair]:
        """Records by source and label."""
        return sum((part.classes.counts() for part in self.parts), Counter())

    @cached_property
    def labels(self) -> Counter[str]:
        """Records by label; those without one do not count."""
        found: Counter[str] = Counter()
        for (_, label), count in self.pairs.items():
            found[label] += count if label else 0
        return +found

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """Profile of each column."""
        return merge([part.profiles for part in self.parts])

    @cached_property
    def compared(self) -> dict[str, list[Compared]]:
        """Each column that the anchor knows as it is, against its anchored self."""
        pinned, words = self.watch.pinned, self.watch.signals.drift or Drift()
        if pinned is None:
            return {}
        terms = Terms(self.watch.hashes, words.min_effect, words.confidence)
        same = [name for name, kind in self.watch.kinds.items() if pinned.schema.get(name) == kind]
        both = [name for name in sorted(same) if name in self.profiles and name in pinned.profiles]
        return {name: compare(name, pinned.profiles[name], self.profiles[name], terms) for name in both}

    def mark(self, judge: Callable[[Observed], Mask]) -> tuple[Mask, ...]:
        """Return a mask per partition."""
        return tuple(judge(part) for part in self.parts)


@dataclass(frozen=True)
class Outcome:
    """What one signal found."""

    findings: tuple[Finding, ...] = ()
    records: tuple[Mask, ...] | None = None
    """Per partition: the records that the findings speak of, where what was seen of each tells."""
    which: tuple[Which, ...] = ()
    """The same by their values, where these have to be looked at once more."""
    reason: Reason | None = None
    """Why nothing was looked for; then there is neither finding nor record."""
