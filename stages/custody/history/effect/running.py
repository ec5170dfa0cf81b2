"""One policy on given inputs, by the code at hand: every stage but the release, in a folder of its own.

What an earlier run left is used where it is the same; nothing is written outside the folder, and nothing is released.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from custody.anchor import open_anchor
from custody.governance import opening
from custody.history.effect import held
from custody.history.effect.side import ANCHOR, SOURCES
from custody.privacy import anonymize
from custody.quality import validate
from custody.records import folder as folders
from custody.records.folder import Folder, open_folder
from custody.release import candidate
from custody.release.chain import SECTIONS
from custody.release.decision import decide
from custody.repository import code
from custody.sources.collecting import collect
from custody.sources.discover import discover, unnamed
from custody.sources.opening import identify, look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from custody.governance.opening import Grant
    from custody.history.effect.held import Held
    from custody.history.effect.side import Inputs, Side
    from custody.policy import Policy
    from custody.records.run import Run
    from custody.records.zone import Zone
    from custody.release.candidate import Measured
    from custody.release.condition import Decision

STAGES: Final = ("collect", "validate", "anonymize")


@dataclass(frozen=True)
class Bench:
    """What policies are run with."""

    granted: Grant
    inputs: Inputs
    held: tuple[Held, ...]
    code: Mapping[str, str]
    """Digest of each stage's code at hand."""
    place: Path
    run: Run = field(repr=False)


@dataclass(frozen=True)
class Cell:
    """What came of one policy on the inputs."""

    policy: Policy = field(repr=False)
    collected: Folder
    validated: Folder
    candidate: Folder
    measured: Measured
    decision: Decision


def code_at_hand(root: Path) -> dict[str, str]:
    """Return the digest of each stage's code of the project at `root`; `CustodyError` where it declares none."""
    return {stage: code.of_stage(stage, root / "stages" / f"{stage}.py") for stage in STAGES}


def cell(bench: Bench, side: Side, other: Cell | None = None) -> Cell:
    """Run a side's policy; of the `other` cell is used what this policy makes as well.

    `CustodyError` where a stage stops.
    """
    policy, known = side.policy, _Known(bench, side)
    first = _collected(bench, side, other)
    zone = opening.zone_for(bench.granted, policy.keys, _digests(first), policy.privacy)
    anchor = open_anchor(bench.inputs.home / ANCHOR, zone)
    stood: dict[str, Any] = {"collected": first.digest, "anchor": anchor and anchor.digest}
    judged = known.of("validate", zone, other.validated if other else None, stood)
    if judged is None:
        with folders.replace(*_sink(bench, side, "validate", zone)) as sink:
            validate(first, policy.quality, sink, bench.run, anchor)
        judged = _opened(bench, side, "validate", zone)
    stood["validated"] = judged.digest
    made = known.of("anonymize", zone, other.candidate if other else None, stood)
    if made is None:
        with folders.replace(*_sink(bench, side, "anonymize", zone)) as sink:
            anonymize(replace(first, zone=zone), judged, policy.dataset, policy.privacy, sink, bench.run, anchor)
        made = _opened(bench, side, "anonymize", zone)
    measured = candidate.measure(made, policy.gate.license_column, policy.gate.licenses, bench.run)
    decision = decide(first.body, judged.body, made.body, measured, policy)
    return Cell(policy, first, judged, made, measured, decision)


@dataclass(frozen=True)
class _Known:
    """What a side's policy made before: in another cell, or in an earlier run."""

    bench: Bench
    side: Side

    def of(self, stage: str, zone: Zone, other: Folder | None, stood: Mapping[str, Any]) -> Folder | None:
        """Return a stage's folder that was made of the same, if it is at hand."""
        made = self.made(stage, stood)
        if other is not None and held.says(other, made):
            return other

        def opened(path: Path) -> Folder:
            return open_folder(path, held.names_of(stage)[1], zone)

        return held.find(self.bench.held, stage, self.side.values, opened, made)

    def made(self, stage: str, stood: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the receipt of such a folder says."""
        policy = self.side.policy.digests(*SECTIONS[stage])
        return {**stood, "code": self.bench.code[stage], "policy": policy}


def _collected(bench: Bench, side: Side, other: Cell | None) -> Folder:
    made = _Known(bench, side).made("collect", {})
    if other is not None and held.says(other.collected, made):
        return other.collected

    def opened(path: Path) -> Folder:
        return opening.collected(bench.granted, path, side.policy.keys)

    fitting = held.reading(bench.held, bench.inputs.name)
    found = held.find(fitting, "collect", side.values, opened, made)
    return _collect(bench, side) if found is None else found


def _collect(bench: Bench, side: Side) -> Folder:
    policy, home = side.policy, bench.inputs.sources()
    found = discover(policy.sources, home)
    stored = look(found, policy.sources, home, bench.run)
    zone = opening.zone_for(bench.granted, policy.keys, [file.digest for file in stored], policy.privacy)
    files = identify(stored, policy.sources, zone, bench.run)
    with folders.replace(*_sink(bench, side, "collect", zone)) as sink:
        body, partitions = collect(files, policy.sources, policy.fields, sink, bench.run)
        body["unnamed_files"] = len(unnamed(home / SOURCES, found)) if (home / SOURCES).is_dir() else 0
        sink.finish(held.names_of("collect")[1], body, partitions)
    return _opened(bench, side, "collect", zone)


def _sink(bench: Bench, side: Side, stage: str, zone: Zone) -> tuple[Path, Zone, Mapping[str, str], str]:
    """Return what `folder.replace` needs to write a stage's folder."""
    target = bench.place / f"{side.name.lower()}-run" / held.names_of(stage)[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    return target, zone, side.policy.digests(*SECTIONS[stage]), bench.code[stage]


def _opened(bench: Bench, side: Side, stage: str, zone: Zone) -> Folder:
    return open_folder(_sink(bench, side, stage, zone)[0], held.names_of(stage)[1], zone)


def _digests(collected: Folder) -> Sequence[str]:
    return [file["sha256"] for source in collected.body["sources"].values() for file in source["files"]]
