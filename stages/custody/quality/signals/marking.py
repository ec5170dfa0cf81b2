"""Records that findings speak of, as bits of their verdicts: one rule `signals.<name>` per such signal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from custody.quality.bits import pack
from custody.quality.merging import Merged, Tally
from custody.quality.rules import SIGNALS, Rule
from custody.quality.signals.evaluating import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custody.quality.signals.seen import Outcome, Seen


def marked(
    merged: Merged, rules: Sequence[Rule], seen: Seen, outcomes: Mapping[str, Outcome]
) -> tuple[Merged, tuple[Rule, ...]]:
    """Return verdicts and rules with those of signals among them, in the order of ids.

    A record breaks `signals.<name>` where a finding of that signal speaks of it; with the action `quarantine` the rule
    is of severity error, so that such records are kept out, else it only warns. Without a finding nobody breaks it.
    """
    added, rows, tallies = [], [list(verdict) for verdict in merged.verdicts], dict(merged.tallies)
    for name, words in named(seen.watch.signals).items():
        masks = outcomes[name].records
        if masks is None:
            continue
        rule = Rule(f"{SIGNALS}.{name}", SIGNALS, SIGNALS, "error" if words.action == "quarantine" else "warn", 0.0, ())
        found = bool(outcomes[name].findings)
        for row, mask in zip(rows, masks, strict=True):
            row.append(pack(mask if found else np.zeros_like(mask)))
        tallies[rule.id] = Tally(seen.records, sum(int(np.count_nonzero(mask)) for mask in masks) if found else 0)
        added.append(rule)
    every = [*rules, *added]
    order = sorted(range(len(every)), key=lambda i: every[i].id)
    verdicts = tuple(
        np.stack([row[i] for i in order]) if order else verdict
        for row, verdict in zip(rows, merged.verdicts, strict=True)
    )
    return replace(merged, verdicts=verdicts, tallies=tallies), tuple(every[i] for i in order)
