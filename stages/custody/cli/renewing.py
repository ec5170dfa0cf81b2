"""Put new secrets in the place of those that somebody, or nobody any more, should hold."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custody.cli import epochs
from custody.cli.editing import Edit, edited, read, replace
from custody.governance import changes, sharing, wrapped
from custody.records.plain import read_json
from custody.trust import inforce, keyfile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from custody.governance.compartments import Compartment
    from custody.governance.sharing import Held
    from custody.governance.wrapped import Member
    from custody.policy import Policy
    from custody.policy.privacy import Privacy
    from custody.trust.signers import Trust

ANCHOR: Final = Path("data/anchor/manifest.json")


def renew(
    params: Path,
    policy: Policy,
    compartments: Sequence[Compartment],
    trust: Trust,
    *,
    removed: Mapping[str, Member | None],
) -> list[str]:
    """Make new secrets of compartments, wrap them to all who hold these and still may, and write everything.

    Files of `removed` become what is given, or go, and get no new secret. Returns what to tell. Until the last moment
    nothing changes; where writing then breaks off, git and DVC have all that was there.
    """
    zone = policy.keys.zone
    shared = wrapped.members(zone)
    present = {name: one for name, one in shared.items() if name not in removed}
    gone = [shared[name].recipient for name in sorted(removed)]
    changes.begin("revoke" if removed else "rotate", zone, compartments, gone)
    old = {one: inforce.present(policy, one) for one in compartments}
    new = {one: inforce.following(zone, held) for one, held in old.items()}
    kept = {name: one for name, one in removed.items() if one is not None}
    files, numbers = sharing.renew(zone, list(new.values()), trust, present)
    path, steps = params.resolve(), epochs.steps(policy.privacy, _domains(policy.privacy, new))
    text = edited(read(path), path.name, [*_edits(new), *epochs.edits(policy.privacy, steps)])
    with _resealed(policy, old, new) as resealed:
        for name, member in {**files, **kept}.items():
            wrapped.write(name, member)
        for name in removed.keys() - kept.keys():
            wrapped.remove(zone, name)
        replace(path, text)
        for target, fresh in resealed.items():
            fresh.replace(target)
    told = [f"{one}: epoch {number - 1} → {number}, check {new[one].check}" for one, number in numbers.items()]
    return [*told, f"wrapped to: {', '.join(sorted(files))}", *epochs.lines(steps), *_next(resealed, old, new)]


def lasting(name: str, taken: Sequence[Compartment], elsewhere: Sequence[str]) -> Iterator[str]:
    """Yield what taking secrets away cannot undo, and what is left for people to do."""
    yield f"This cannot undo: what {name} has read stays read, and {name} may have kept the earlier secrets. With them,"
    if "pipeline" in taken:
        yield "  all that was sealed so far, in git's history, caches, remotes and backups, opens as before;"
        yield "  the keyed pseudonyms of earlier releases can be made again, and so looked up;"
    if "reidentify" in taken:
        yield "  the reversible pseudonyms of earlier releases can be taken back;"
    if "release" in taken:
        yield "  releases can be signed: see to the earlier key in .custody/trust.yaml;"
    yield f"  so take {name} out of recipients in .custody/trust.yaml, and off the remotes."
    if elsewhere:
        yield f"{name} holds secrets of other zones too: {', '.join(elsewhere)}"


def _domains(privacy: Privacy, new: Mapping[Compartment, Held]) -> tuple[str, ...]:
    """Return the domains whose pseudonyms a new secret changes."""
    reversible = privacy.reversible_domains
    keyed = [one for one in privacy.domains if one not in reversible] if "pipeline" in new else []
    return tuple(sorted([*keyed, *(reversible if "reidentify" in new else ())]))


def _edits(new: Mapping[Compartment, Held]) -> list[Edit]:
    places: dict[Compartment, tuple[str, str]] = {
        "pipeline": ("keys", "check"),
        "reidentify": ("privacy", "reidentify"),
    }
    return [Edit(place, new[one].check) for one, place in places.items() if one in new]


@contextmanager
def _resealed(
    policy: Policy, old: Mapping[Compartment, Held], new: Mapping[Compartment, Held]
) -> Iterator[dict[Path, Path]]:
    if "pipeline" not in new:
        yield {}
        return
    from custody import engine  # noqa: PLC0415  # late: imports Arrow
    from custody.records.zone import Zone  # noqa: PLC0415
    from custody.sources.resealing import resealed  # noqa: PLC0415

    before, after = (Zone(policy.keys.zone, one["pipeline"].secret) for one in (old, new))
    with resealed(policy.sources, Path(), before, after, engine.choose()) as prepared:
        yield prepared


def _next(resealed: Mapping[Path, Path], old: Mapping[Compartment, Held], new: Mapping[Compartment, Held]) -> list[str]:
    """Return what is left to do."""
    lines = [f"{path.as_posix()}: sealed anew" for path in sorted(resealed)]
    tracked = [path.as_posix() for path in sorted(resealed) if path.with_name(f"{path.name}.dvc").exists()]
    if "release" in new:
        key = keyfile.public(keyfile.of_der(new["release"].secret))
        lines += [
            f"In .custody/trust.yaml retire the signing key {old['release'].check}… (or call it compromised), and add:",
            f"    key: {key}",
        ]
    if "pipeline" in new and ANCHOR.exists() and read_json(ANCHOR):
        lines.append(
            "data/anchor is sealed under the earlier secret: write {} into its manifest.json, remove its sealed files, "
            "run dvc repro, then pin a version again: custody anchor set ."
        )
    add = f"dvc add {' '.join(tracked)}; " if tracked else ""
    run = "dvc repro; " if {"pipeline", "reidentify"} & new.keys() else ""
    return [*lines, f"Next: {add}{run}commit all of it together, .custody too."]
