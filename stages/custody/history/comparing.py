"""Compare the run at hand with an earlier revision: each one's data judged under each one's policy.

What receipts and metrics already tell is not judged again: with the same data, or the same quality policy, both mixed
cells are known. Only where both changed are records opened, and then nothing but counts comes out. Where the earlier
data is gone and the anchor was made from it, its histograms stand for it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.anchor import open_anchor
from custody.errors import CustodyError
from custody.governance import keys, opening
from custody.governance.audit.entry import Event
from custody.history import histograms
from custody.history.attribution import Attribution, Cells, Count, attribute
from custody.history.histograms import Histograms
from custody.policy.policy import check
from custody.quality import confirming
from custody.quality.fingerprints import Seeds
from custody.quality.judging import Judged, Plan, judge
from custody.quality.merging import merge
from custody.quality.profile.stored import Hashes
from custody.quality.rules import rules
from custody.repository import git, lock, versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from custody.governance.opening import Grant
    from custody.policy import Policy
    from custody.policy.quality import Quality
    from custody.records.folder import Folder, Partition
    from custody.records.run import Run

RULES: Final = "data/metrics/rules.csv"
ANCHOR: Final = "data/anchor"
RECEIPT: Final = "receipt.json"
COLLECTED: Final = "data/collected"
SIGNALS: Final = "signals."
"""What signals quarantine is listed with the rules, and has no part in the score."""


@dataclass(frozen=True)
class Compared:
    """A change since a revision, parted."""

    base: str
    """The commit, 40 hex digits."""
    attribution: Attribution
    how: str
    """What was compared, and what could not be, in a sentence."""


def compare(root: Path, revision: str, policy: Policy, report: Mapping[str, Any], run: Run) -> Compared:
    """Part what changed since `revision` between data and policy; `report` is validate's, of the run at hand.

    Data is what collect wrote, so that a change of sources or schema counts as data. `CustodyError` where git knows no
    such revision, or where it has no figures.
    """
    base = versions.resolve(root, revision)
    before = _recorded(_file(root, base, RULES))
    after = {
        id_: Count(one["dimension"], one["evaluated"], one["broken"])
        for id_, one in report["rules"].items()
        if not id_.startswith(SIGNALS)
    }
    old, how = _policy(root, base), ""
    if old is not None and old.quality == policy.quality:
        cells, how = Cells(before, after, before, after), "The quality policy is the same, so all of it is the data."
    elif _same_data(root, base):
        cells, how = Cells(before, after, after, before), "The data is the same, so all of it is the policy."
    else:
        cells, how = _judged(root, base, (old, policy), (before, after), run)
    return Compared(base, attribute(cells), how)


def _judged(
    root: Path,
    base: str,
    policies: tuple[Policy | None, Policy],
    known: tuple[dict[str, Count], dict[str, Count]],
    run: Run,
) -> tuple[Cells, str]:
    """Judge old data under the new policy and new data under the old one, as far as key, data and policy are there."""
    old, new = policies
    old_data, old_policy, said = None, None, ["the earlier policy is not one that this version reads"]
    if old is not None:
        try:
            granted = opening.grant(Event("report", about={"zone": new.keys.zone, "base": base}), root)
            old_data, old_policy, said = _both(granted, root, base, (old, new), run)
            if old_data is None:
                old_data, how = _pinned(root, base, (old, new), known[0])
                said.append(how)
        except CustodyError:
            said = ["the audit log cannot be written, so no data was opened"]
    cells = Cells(*known, old_data, old_policy)
    if not said:
        return cells, "Earlier and present data were judged under both policies; both orders are averaged."
    if old_data is not None and old_policy is not None:
        return cells, f"Both orders are averaged: {'; '.join(said)}."
    orders = (old_data is not None) + (old_policy is not None)
    done = "one order alone was taken" if orders else "data and policy are not told apart"
    return cells, f"Not all could be judged, and {done}: {'; '.join(said)}."


def _both(
    granted: Grant, root: Path, base: str, policies: tuple[Policy, Policy], run: Run
) -> tuple[dict[str, Count] | None, dict[str, Count] | None, list[str]]:
    """Return the counts of old data under the new policy, and of new data under the old one; say what is lacking."""
    (old, new), said = policies, []
    old_data = old_policy = None
    try:
        old_policy = _counts(opening.collected(granted, root / COLLECTED, new.keys), old.quality, run)
    except CustodyError:
        said.append("the present data cannot be opened here")
    try:
        with versions.outputs(root, base, [COLLECTED]) as (_, place):
            old_data = _counts(opening.collected(granted, place / COLLECTED, old.keys), new.quality, run)
    except CustodyError:
        said.append("the earlier data is neither in DVC's cache nor on its remote, or cannot be opened here")
    return old_data, old_policy, said


def _pinned(
    root: Path, base: str, policies: tuple[Policy, Policy], before: dict[str, Count]
) -> tuple[dict[str, Count] | None, str]:
    """Judge the earlier data by the histograms that the anchor holds of it, if it does; else say why not."""
    old, new = policies
    try:
        zone = keys.zone_of(new.keys, root / COLLECTED / RECEIPT)
        anchor = open_anchor(root / ANCHOR, zone)
        part = None if anchor is None else anchor.part(histograms.PART)
        if anchor is None or part is None or not _pins(root, anchor.revision, base):
            return None, f"{ANCHOR} holds no histograms of it"
        found = histograms.judged(Histograms.of(part, Hashes.of(zone)), before, old.quality, new.quality)
    except (CustodyError, ValueError, KeyError):
        return None, f"{ANCHOR} cannot be read here"
    if found.unknown:
        return None, f"its histograms in {ANCHOR} tell nothing of {', '.join(found.unknown)}"
    errors = [f"{id_} to within {error:,} records" for id_, error in sorted(found.within.items())]
    exact = f"exact but for {', '.join(errors)}" if errors else "and are exact"
    return found.counts, f"its histograms in {ANCHOR} stand for it, {exact}"


def _pins(root: Path, revision: str, base: str) -> bool:
    """True where the anchor was made from the data of `base`."""
    if revision == base:
        return True
    try:
        one, other = (lock.parse(_file(root, commit, lock.LOCK)) for commit in (revision, base))
    except CustodyError:
        return False
    outs = [(found or {}).get("collect", {}).get("outs") for found in (one, other)]
    return bool(outs[0]) and outs[0] == outs[1]


def _counts(collected: Folder, quality: Quality, run: Run) -> dict[str, Count]:
    """Return what becomes of every rule of a policy over a collected folder; nothing is written."""
    plan = Plan(rules(quality), tuple(sorted(collected.body["schema"])), quality, Seeds.of(collected.zone))
    partitions = sorted(collected.partitions)
    judged = list(run(_judge, (collected, plan), partitions, "report: judge"))
    look = confirming.over(collected, partitions, plan, run)
    tallies = merge(confirming.confirm(judged, plan, look), plan.rules).tallies
    return {rule.id: Count(rule.dimension, tallies[rule.id].evaluated, tallies[rule.id].broken) for rule in plan.rules}


def _judge(shared: tuple[Folder, Plan], partition: Partition) -> Judged:
    collected, plan = shared
    return judge(collected.read(partition), plan)


def _file(root: Path, commit: str, name: str) -> bytes:
    [found] = git.contents(root, [f"{commit}:./{name}"])
    if found is None:
        raise CustodyError(f"--base: {commit[:12]} has no {name}, so there are no figures to compare with")
    return found


def _recorded(text: bytes) -> dict[str, Count]:
    try:
        return {
            row["rule"]: Count(row["dimension"], int(row["evaluated"]), int(row["broken"]))
            for row in csv.DictReader(io.StringIO(text.decode()))
            if not row["rule"].startswith(SIGNALS)
        }
    except (ValueError, KeyError, TypeError, csv.Error):
        raise CustodyError(f"--base: its {RULES} is not what validate writes; give another revision") from None


def _policy(root: Path, commit: str) -> Policy | None:
    return check(_file(root, commit, "params.yaml"), "params.yaml")[0]


def _same_data(root: Path, commit: str) -> bool:
    """True where dvc.lock records the same output of collect, or the same sources under the same sections."""
    try:
        old = lock.parse(_file(root, commit, lock.LOCK))
        new = lock.parse((root / lock.LOCK).read_bytes())
    except (OSError, CustodyError):
        return False
    if not old or not new or not old.get("collect") or not new.get("collect"):
        return False
    return bool(old["collect"].get("outs")) and (
        old["collect"].get("outs") == new["collect"].get("outs") or _inputs(old) == _inputs(new) != {}
    )


def _inputs(stages: dict[str, Any]) -> dict[str, Any]:
    deps = {str(one.get("path")): one.get("md5") for one in stages["collect"].get("deps", [])}
    params = stages["collect"].get("params", {}).get("params.yaml", {})
    return {**{path: md5 for path, md5 in deps.items() if path.startswith("data/")}, "params": params} if deps else {}
