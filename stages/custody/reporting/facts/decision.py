"""The decision, the conditions it was made of, and what a reader must know before believing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from custody.release.enforcing import changes
from custody.release.words import headline, sentence
from custody.reporting.facts.findings import untold
from custody.reporting.facts.people import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.release.condition import Condition as Stated
    from custody.reporting.reading import Read

NAMES = {"collect": "data/collected/receipt.json", "validate": "data/validated/report.json"} | {
    "anonymize": "data/anonymized/report.json"
}
NEXT = {"validate": ("collect",), "anonymize": ("collect", "validate")}
OF_PEOPLE = frozenset({"k", "rare"})
"""Conditions whose figure counts people."""
SHARES = frozenset({"unicity", "linkability", "inference"})
"""Conditions whose figure is a share of people."""
KEYS = {"collect": "collected", "validate": "validated"}


@dataclass(frozen=True)
class Condition:
    """A condition of the gate in plain words."""

    id: str
    held: bool
    said: str
    figure: float | None
    threshold: float | None


@dataclass(frozen=True)
class Decision:
    """Yes or no, with every reason."""

    decision: str
    """`released` or `refused`."""
    headline: str
    conditions: tuple[Condition, ...]
    changes: tuple[str, ...]
    """What changed since the last commit, in lines."""
    notices: tuple[str, ...]
    """What a reader must know first: a decision that is stale, reports that are missing or were not checked."""

    @property
    def released(self) -> bool:
        """True when the data may leave."""
        return self.decision == "released"

    @property
    def broken(self) -> tuple[Condition, ...]:
        """Conditions that refuse."""
        return tuple(condition for condition in self.conditions if not condition.held)


def decision(read: Read) -> Decision:
    """Return the recorded decision; of a stale one that it is stale."""
    stated = read.statement
    return Decision(
        decision=stated.decision,
        headline=headline(stated),
        conditions=tuple(_condition(one, read) for one in stated.conditions),
        changes=tuple(changes(read.since)),
        notices=tuple(_notices(read)),
    )


def _condition(one: Stated, read: Read) -> Condition:
    """Return a condition; where it counts fewer people than k, or as few records of a personal column, that alone."""
    k, kind = read.policy.privacy.k, one.id.partition(".")[0]
    if below(one.figure, k) and (kind in OF_PEOPLE or one.id in untold(read)):
        must = "" if one.threshold is None else f", at least {one.threshold:,} must"
        one = replace(one, figure=None, of=None, what=f"fewer than {k} {one.what}{must}")
    elif below(one.of, k) and kind in SHARES:
        one = replace(one, of=None)
    return Condition(one.id, one.held, sentence(one), one.figure, one.threshold)


def _notices(read: Read) -> Iterator[str]:
    if read.statement.policy != read.policy.digest():
        yield "Stale: params.yaml has changed since this decision. Run dvc repro, then make the report again."
    for stage, name in NAMES.items():
        if stage not in read.stages:
            yield f"{name} is not here, so its figures are missing. Get it with dvc pull, or run dvc repro."
    for stage, earlier in NEXT.items():
        for one in earlier:
            if {stage, one} <= read.stages.keys() and read.body(stage).get(KEYS[one]) != read.stages[one].digest:
                yield f"{NAMES[stage]} stands on another {NAMES[one]} than the one here. Run dvc repro."
    if read.unchecked is not None:
        yield f"MAC not checked: {read.unchecked}. Figures below are as the files say, unverified."
