"""What the two passes add up to, part by part, in memory that follows what is distinct."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from custody.privacy import distinct, injectivity, risk, suppressing, withhold
from custody.privacy.attack import targets
from custody.privacy.gathering import tokenized
from custody.privacy.leaks import scan as leaks
from custody.privacy.merging import Merging
from custody.privacy.risk.groups import absorb
from custody.privacy.settling import Settling
from custody.privacy.text import identifiers

if TYPE_CHECKING:
    from custody.privacy.attack.targets import Targets
    from custody.privacy.candidate import Outcome
    from custody.privacy.gathering import Gathered
    from custody.privacy.inputs import Inputs
    from custody.privacy.leaks.scan import Leaks
    from custody.privacy.leaks.searching import Search
    from custody.privacy.settling import Settled
    from custody.privacy.text.identifiers import Identifiers
    from custody.records.folder import Partition


REASONS = ("small_group", "skewed_group")
"""Why rows are suppressed; the second where the policy asks something of sensitive columns."""


class First:
    """The first pass over all partitions."""

    def __init__(self, inputs: Inputs) -> None:
        self.accepted = 0
        self.withheld: Counter[str] = Counter(dict.fromkeys(withhold.REASONS, 0))
        self.suppressed: Counter[str] = Counter(dict.fromkeys(suppressing.reasons(inputs.privacy), 0))
        """Left out before groups were counted, by reason."""
        self._identifiers = [Merging(identifiers.merge, _size) for _ in inputs.direct]
        self._guesses = [Merging(identifiers.merge, _size) for _ in tokenized(inputs)]
        self._settling = Settling(inputs)

    def add(self, part: Gathered) -> None:
        """Take in one partition."""
        self.accepted += part.accepted
        self.withheld.update(part.withheld)
        self.suppressed.update(part.suppressed)
        for merging, found in zip(self._identifiers, part.identifiers, strict=True):
            merging.add(found)
        for merging, found in zip(self._guesses, part.guesses, strict=True):
            merging.add(found)
        self._settling.add(part)

    def identifiers(self) -> list[Identifiers]:
        """Return the identifiers of each direct column; none where there was no partition."""
        return [merging.total() for merging in self._identifiers if not merging.empty]

    def guesses(self) -> list[Identifiers]:
        """Return all that a stranger may guess: identifiers, and the values behind other tokens."""
        return self.identifiers() + [merging.total() for merging in self._guesses if not merging.empty]

    def settle(self) -> Settled:
        """Settle how records are released, and let go of what that needed."""
        return self._settling.settle()


class Second:
    """The second pass over all partitions."""

    def __init__(self, inputs: Inputs, search: Search) -> None:
        self.partitions: list[Partition] = []
        self.suppressed: Counter[str] = Counter(dict.fromkeys(REASONS[: 1 + bool(inputs.sensitive)], 0))
        """Rows of small groups, by reason."""
        self._leaks, self._footers = leaks.Leaks(), leaks.Footers(search)
        self.redactions: Counter[str] = Counter()
        self.emptied: Counter[str] = Counter()
        self.uncovered: Counter[str] = Counter()
        self._groups = _merging_groups() if inputs.counts_subjects else None
        self._targets = Merging(targets.merge, len)
        self._tokens: dict[injectivity.Space, Merging[injectivity.Pairs]] = {}
        self._values: dict[str, Merging[risk.Groups]] = {}
        self._samples: dict[str, Merging[distinct.Sample]] = {}

    def add(self, part: Outcome) -> None:
        """Take in one partition."""
        self.suppressed.update(part.suppressed)
        if part.partition is None:
            return
        self.partitions.append(part.partition)
        self._leaks = leaks.merge([self._leaks, part.leaks])
        if part.footer is not None:
            self._footers.add(part.footer)
        self.redactions.update(part.redactions)
        self.emptied.update(part.emptied)
        self.uncovered.update(part.uncovered)
        if self._groups is not None and part.groups is not None:
            self._groups.add(part.groups)
        self._targets.add(part.targets)
        for space, pairs in part.tokens.items():
            self._tokens.setdefault(space, Merging(injectivity.merge, len)).add(pairs)
        for name, values in part.values.items():
            self._values.setdefault(name, _merging_groups()).add(values)
        for name, sample in part.samples.items():
            self._samples.setdefault(name, Merging(distinct.merge, _kept)).add(sample)

    @property
    def rows(self) -> int:
        """Rows of the candidate."""
        return sum(partition.rows for partition in self.partitions)

    def leaks(self) -> Leaks:
        """Return what is left of people."""
        return leaks.merge([self._leaks, self._footers.leaks()])

    def groups(self) -> risk.Groups | None:
        """Return the groups of the candidate, None where the policy asks for none."""
        return self._groups.total() if self._groups is not None else None

    def targets(self) -> Targets:
        """Return what guesses are compared with: the text columns of the candidate."""
        return self._targets.total()

    def tokens(self) -> dict[injectivity.Space, injectivity.Pairs]:
        """Return identities and their tokens, by what the tokens are made in."""
        return {space: merging.total() for space, merging in self._tokens.items()}

    def values(self, column: str) -> risk.Groups | None:
        """Return the subjects by released value of a column that folds, None for any other."""
        merging = self._values.get(column)
        return merging.total() if merging else None

    def sample(self, column: str) -> distinct.Sample | None:
        """Return the sample of a column's values, None where a token technique wrote it or nothing is released."""
        merging = self._samples.get(column)
        return merging.total() if merging else None


def _merging_groups() -> Merging[risk.Groups]:
    return Merging(absorb, len)


def _size(part: Identifiers) -> int:
    return len(part.values) + len(part.raw)


def _kept(part: distinct.Sample) -> int:
    return len(part.kept)
