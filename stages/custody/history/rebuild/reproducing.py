"""Rebuild a release of the past honestly, and say stage by stage what became of it.

Everything is the revision's: code, policy, sources, locked libraries, and the keys that the policy names. `dvc repro -f
--no-run-cache` runs every stage, and what it writes is compared with the dvc.lock and the statement of the revision.
Where a stage wrote something else, it is run once more, to tell a stage that is not deterministic from a record that
the stage never made; that second run, in a copy, is never taken for the answer, nor handed over.

Of sources that people were erased from, as the caller's main branch records it, the files of today are read (`erased`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from custody.errors import CustodyError, plain
from custody.governance import keys
from custody.history.ending import ending_well
from custody.history.rebuild import checkout, environment, judging, released, replacing
from custody.history.rebuild.erased import Erased
from custody.history.rebuild.judging import STATUS, Built, UnverifiableError, Verdict
from custody.history.rebuild.place import fresh
from custody.history.rebuild.running import Programs
from custody.history.releases import PARAMS, RELEASED, STATEMENT
from custody.history.version import REPORTS, Version, json_of
from custody.policy import policy
from custody.policy.keys import Keys
from custody.repository import lock
from custody.trust import contents, erasures, places, rebuilders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from custody.history.rebuild.judging import Stages
    from custody.history.rebuild.running import Done
    from custody.records.zone import Zone
    from custody.trust.rebuilds import Answer
    from custody.trust.signers import Trust

GATE: Final = "gate"
REPRO: Final = ("dvc", "repro", "--force", "--no-run-cache", "--no-commit")
_OURS: Final = re.compile(r"^custody: (.*)$", re.MULTILINE)
_STAGE: Final = re.compile(r"failed to reproduce '([a-z_]+)'")


@dataclass(frozen=True)
class Reproduced:
    """The answer for a revision, and for each of its stages."""

    revision: str
    answer: Answer
    verdicts: tuple[Verdict, ...]
    statements: tuple[str | None, str | None]
    """SHA-256 of the statement as recorded and as rebuilt; None where there is none at hand."""
    notes: tuple[str, ...] = ()
    libraries: Literal["locked", "current"] = "locked"
    """In the versions of the revision's lock file, or others."""

    @property
    def status(self) -> int:
        """The exit status: 0, 1 for changed and failed, 3 for unverifiable."""
        return STATUS[self.answer]

    def json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


def reproduce(
    root: Path, version: Version, to: Path | None, *, current_env: bool, believed: Callable[[], Trust] | None = None
) -> Reproduced:
    """Build a version anew and compare; its files are left in `to`, if that is given, else nothing is left.

    `believed` returns whose verdict counts where recorded rows are gone; without it, nobody's but one's own.
    """
    notes: list[str] = []
    try:
        told = _rebuilt(root, version, to, notes, _zone(version), current_env=current_env)
    except UnverifiableError as error:
        return Reproduced(version.commit, "unverifiable", (), (_sha256(version.text), None), (*notes, str(error)))
    if told.answer != "unverifiable" or believed is None:
        return told
    return _on_their_word(root, version, told, believed())


def _rebuilt(  # noqa: PLR0913  # as reproduce, with what is opened and told
    root: Path, version: Version, to: Path | None, notes: list[str], zone: Zone, *, current_env: bool
) -> Reproduced:
    recorded = erasures.of_main(root)
    with ending_well(), fresh() as place, ExitStack() as stack:
        libraries = version.file(root, environment.LIBRARIES)
        found = environment.differences(libraries) if current_env else []
        if found:
            notes.append(f"built with the libraries of today, of which {len(found)} differ: {', '.join(found)}")
        folder = environment.current() if current_env else stack.enter_context(environment.locked(place, libraries))
        programs = Programs(place, folder)
        project = checkout.clone(root, version.commit, place.root / "clone", programs)
        swaps = replacing.swap(project, recorded)
        checkout.bring_sources(project, programs)
        if swaps:
            notes.append(f"{len(swaps)} of its sources replaced, as {erasures.PATH} of the main branch says")
        replaced = replacing.replaced(project, version, swaps, zone)
        checkout.require_sources(project, version.stages, replaced.passed_over)
        erased = Erased(replaced, recorded.subjects, zone)
        answer = replace(_built(version, project, programs, notes, erased), libraries="current" if found else "locked")
        if to is not None:
            left_out = shutil.ignore_patterns(".git", ".dvc")
            shutil.copytree(project, to, dirs_exist_ok=True, symlinks=True, ignore=left_out)
        return answer


def _zone(version: Version) -> Zone:
    """Open the keys that the policy of that time names, before anything is built; return its zone."""
    named = version.policy.get("keys") or {}
    try:
        zone = keys.open_zone(Keys(zone=named["zone"], check=named["check"]), ())
        whole = policy.check(version.files.get(PARAMS, b""))[0]
        return zone if whole is None else keys.with_reversible(zone, whole.privacy)
    except (KeyError, TypeError, ValueError):
        raise UnverifiableError(f"policy: {PARAMS} of the revision names no key; nothing can be built") from None
    except CustodyError as error:
        raise UnverifiableError(str(error)) from None


def _on_their_word(root: Path, version: Version, told: Reproduced, trust: Trust) -> Reproduced:
    """Return what a believed rebuilder said of this very rebuild, before what was recorded was removed."""
    recorded, rebuilt = told.statements
    if rebuilt is None:
        return told
    signed = places.signed_and_rebuilt(root, version.commit)[1]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    who = rebuilders.erased(signed, recorded, version.commit, rebuilt, trust, today)
    if not who:
        return told
    said = f"{', '.join(who)} compared it before, signed this very rebuild as erased, and is believed"
    verdicts = tuple(
        Verdict(one.stage, "erased", (said,)) if one.answer == "unverifiable" else one for one in told.verdicts
    )
    return replace(told, answer=judging.overall(verdicts), verdicts=verdicts)


def _built(version: Version, project: Path, programs: Programs, notes: list[str], erased: Erased) -> Reproduced:
    recorded = version.stages
    done = programs.run(*REPRO, GATE, cwd=project)
    rebuilt = _lock(project)
    statement = _read(project / RELEASED / STATEMENT)
    statements = (_sha256(version.text), _sha256(statement))
    if done.status:
        verdicts = tuple(_failed(done, recorded, project, erased))
        return Reproduced(version.commit, judging.overall(verdicts), verdicts, (statements[0], None), tuple(notes))
    if version.text is None:
        notes.append(f"{STATEMENT} of the revision is not in DVC's cache: compared with {lock.LOCK} alone")
    verdicts = tuple(_compared(version, rebuilt, project, programs, erased))
    return Reproduced(version.commit, judging.overall(verdicts), verdicts, statements, tuple(notes))


def _failed(done: Done, recorded: Stages, project: Path, erased: Erased) -> list[Verdict]:
    """Say which stage failed, in Custody's own words; a source that is another one is the reason, and changed."""
    other = _other_sources(recorded, project, erased)
    if other:
        return [Verdict("collect", "changed", tuple(other))]
    stage = _STAGE.findall(done.err)
    said = _OURS.findall(done.err) + _OURS.findall(done.out)
    return [Verdict(stage[-1] if stage else "repro", "failed", (plain(said[-1]) if said else "it does not run here",))]


def _other_sources(recorded: Stages, project: Path, erased: Erased) -> list[str]:
    read = judging.deps(recorded, "collect")
    return [
        f"sources: {path} is not the one that dvc.lock records"
        for path in judging.source_folders(recorded)
        if path not in erased.replaced.passed_over and contents.dvc_name(project / path) != read[path]
    ]


def _compared(version: Version, rebuilt: Stages, project: Path, programs: Programs, erased: Erased) -> list[Verdict]:
    """Judge every stage; give the first that differs its cause."""
    recorded = version.stages
    now = {stage: judging.built(judging.outs(rebuilt, stage), _report(project, stage)) for stage in judging.STAGES}
    replaced = erased.replaced
    verdicts: list[Verdict] = []
    for stage in judging.STAGES:
        then = judging.built(judging.outs(recorded, stage), version.report(stage))
        verdict = judging.judge(stage, then, now[stage])
        if other := judging.other_inputs(recorded, rebuilt, stage, replaced.passed_over, replaced.unpinned):
            verdict = Verdict(stage, "changed", (*other, *verdict.why))
        elif verdict.answer == "changed" and (known := erased.judge(stage, version, project, verdicts)):
            verdict = known
        elif verdict.answer == "changed":
            upstream = [one.stage for one in verdicts if one.answer in {"changed", "equivalent"}]
            causes = (
                [f"follows from {upstream[0]}"] if upstream else _causes(recorded, stage, now[stage], project, programs)
            )
            rows = released.differences(version, project) if stage == GATE else []
            verdict = Verdict(stage, "changed", (*causes, *verdict.why, *rows))
        verdicts.append(verdict)
    edited = judging.inconsistent(recorded)
    if edited:
        last = max(range(len(verdicts)), key=lambda i: judging.ORDER.index(verdicts[i].answer))
        verdicts[last] = Verdict(verdicts[last].stage, "changed", (*edited, *verdicts[last].why))
    return verdicts


def _causes(recorded: Stages, stage: str, now: Built, project: Path, programs: Programs) -> list[str]:
    """Run a stage once more from the same inputs, in a copy: does it write the same again?"""
    if judging.inconsistent(recorded):
        return []
    with checkout.copied(project, programs) as copy:
        again = programs.run(*REPRO, "--single-item", stage, cwd=copy)
        outs = judging.outs(_lock(copy), stage)
    if again.status or outs != now.outs:
        return ["not deterministic: built twice from the same inputs, the stage wrote two different outputs"]
    other = "built twice alike, the stage makes something else of these inputs than is recorded"
    return [f"{other}: dvc.lock was edited, or the output came out of a run cache or from another hand"]


def _report(project: Path, stage: str) -> dict[str, Any] | None:
    folder, name = REPORTS[stage]
    return json_of(_read(project / folder / name))


def _lock(project: Path) -> dict[str, Any]:
    return lock.parse(_read(project / lock.LOCK) or b"") or {}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sha256(text: bytes | None) -> str | None:
    return None if text is None else hashlib.sha256(text).hexdigest()
