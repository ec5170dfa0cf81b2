"""Put new secrets in the place of those that somebody, or nobody any more, should hold."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from custody.governance import changes, epochs, pending, sharing, wrapped
from custody.governance.planned import Change, moved, value, written
from custody.policy import editing
from custody.policy.editing import Edit
from custody.records.plain import read_json
from custody.trust import inforce, keyfile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from custody.governance.compartments import Compartment
    from custody.governance.planned import File
    from custody.governance.sharing import Held
    from custody.governance.wrapped import Member
    from custody.policy import Policy
    from custody.policy.privacy import Privacy
    from custody.trust.signers import Trust

ANCHOR: Final = Path("data/anchor/manifest.json")


@dataclass(frozen=True)
class Asked:
    """A command that puts new secrets in the place of earlier ones."""

    words: tuple[str, ...]
    """The command, after `custody keys`."""
    params: Path
    policy: Policy
    trust: Trust

    @property
    def zone(self) -> str:
        """The policy's zone."""
        return self.policy.keys.zone


def rotate(asked: Asked, compartments: Sequence[Compartment]) -> tuple[str, ...]:
    """Make new secrets of compartments for all who hold these and still may; return what to tell.

    Call it in `pending.turn`. Until all is prepared nothing changes; a change that is killed later is finished by it.
    """
    return _renew(asked, "rotate", compartments, {}, lambda lines: lines)


def revoke(asked: Asked, name: str, compartments: Sequence[Compartment]) -> tuple[str, ...]:
    """Take secrets away from somebody, and make new ones as `rotate` does; return what to tell."""
    taken, left = sharing.revoke(asked.zone, name, compartments)
    elsewhere = [one for one in wrapped.zones() if one != asked.zone and name in wrapped.members(one)]
    first, last = f"{name}: {', '.join(taken)} taken away", _lasting(name, taken, elsewhere)
    return _renew(asked, "revoke", taken, {name: left}, lambda lines: [first, *lines, *last])


def _renew(
    asked: Asked,
    what: Literal["rotate", "revoke"],
    compartments: Sequence[Compartment],
    removed: Mapping[str, Member | None],
    told: Callable[[list[str]], list[str]],
) -> tuple[str, ...]:
    """Files of `removed` become what is given, or go, and get no new secret."""
    zone, privacy, shared = asked.zone, asked.policy.privacy, wrapped.members(asked.zone)
    gone = tuple(shared[name].recipient for name in sorted(removed))
    changes.begin(what, zone, compartments, gone)
    old = {one: inforce.present(asked.policy, one) for one in compartments}
    new = {one: inforce.following(zone, held) for one, held in old.items()}
    present = {name: one for name, one in shared.items() if name not in removed}
    files, numbers = sharing.renew(zone, list(new.values()), asked.trust, present)
    path, steps = asked.params.resolve(), epochs.steps(privacy, _domains(privacy, new))
    edits = [*_edits(new), *epochs.edits(privacy, steps)]
    text = editing.read(path)
    editing.edited(text, path.name, edits)  # before anything is prepared
    lines = [f"{one}: epoch {number - 1} → {number}, check {new[one].check}" for one, number in numbers.items()]
    with _resealed(asked.policy, old, new) as resealed:
        next_ = _next(resealed, old, new)
        change = Change(
            asked=asked.words,
            what=what,
            zone=zone,
            parts=tuple(compartments),
            recipients=gone,
            files=(*_members(zone, {**files, **removed}), *(moved(fresh, to) for to, fresh in resealed.items())),
            params=str(path),
            values=tuple(value(text, path.name, edit) for edit in edits),
            told=tuple(told([*lines, f"wrapped to: {', '.join(sorted(files))}", *epochs.lines(steps), *next_])),
        )
        pending.make(change, resealed.clear)  # what is written down is the change's own
    return change.told


def _members(zone: str, files: Mapping[str, Member | None]) -> Iterator[File]:
    """Yield the writing of each recipient's file; those that go are the last."""
    for name, member in sorted(files.items(), key=lambda one: one[1] is None):
        yield written(wrapped.path(zone, name), None if member is None else wrapped.text(member))


def _lasting(name: str, taken: Sequence[Compartment], elsewhere: Sequence[str]) -> Iterator[str]:
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
        lines += [
            "data/anchor holds hashes under the earlier secret, so every run would stop at it: custody anchor clear",
            "Once the run below is released, pin it: custody anchor set .",
        ]
    add = f"dvc add {' '.join(tracked)}; " if tracked else ""
    run = "dvc repro; " if {"pipeline", "reidentify"} & new.keys() else ""
    return [*lines, f"Next: {add}{run}commit all of it together, .custody too."]
