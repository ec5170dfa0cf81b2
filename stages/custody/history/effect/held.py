"""What earlier runs left, to be used instead of running a stage again: of BASE and HEAD as DVC holds it, and here.

A folder is used where its receipt, under its MAC, says that it was made by the code at hand, under these sections of
the policy, from these inputs. dvc.lock only says where to look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.history.rebuild import judging
from custody.history.version import REPORTS
from custody.release.chain import SECTIONS
from custody.repository import cache, versions
from custody.repository import head as since

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from custody.history.effect.side import Side
    from custody.records.folder import Folder

PARAMS: Final = "params.yaml"


@dataclass(frozen=True)
class Held:
    """The outputs of one run."""

    root: Path
    side: Side
    place: Path
    """Where what DVC holds is brought to; the work tree's outputs are opened where they lie."""
    asked: dict[str, Path | None] = field(default_factory=dict)
    """Folders that were looked for, by stage; None for one that is not to be had."""

    def folder(self, stage: str) -> Path | None:
        """Return a stage's output, None where it is neither here nor to be had."""
        if stage not in self.asked:
            self.asked[stage] = self._look(stage, REPORTS[stage][0])
        return self.asked[stage]

    def _look(self, stage: str, name: str) -> Path | None:
        if self.side.commit is None:
            return self.root / name if (self.root / name).is_dir() else None
        if self._linked(judging.outs(self.side.stages, stage).get(name, ""), self.place / name):
            return self.place / name
        try:
            versions.bring(self.root, self.side.commit, [name], [], self.place)
        except CustodyError:
            return None
        return self.place / name

    def _linked(self, md5: str, folder: Path) -> bool:
        """Lay out a folder of DVC's local cache by links, if all of it is there; starting DVC takes half a second."""
        store = cache.folder(self.root)
        listed = {name: cache.place(store, one) for name, one in (cache.listing(store, md5) or {}).items()}
        places = {name: one for name, one in listed.items() if one is not None and one.is_file() and "/" not in name}
        if not places or len(places) < len(listed):
            return False
        folder.mkdir(parents=True, exist_ok=True)
        for name, place in places.items():
            (folder / name).symlink_to(place.resolve())
        return True


def of(root: Path, sides: Sequence[Side], place: Path) -> tuple[Held, ...]:
    """Return what runs of both sides left; outputs are brought below `place`, and only when they are asked for."""
    return tuple(Held(root, side, place / side.name.lower()) for side in sides)


def find(
    held: Sequence[Held],
    stage: str,
    values: Mapping[str, Any],
    opened: Callable[[Path], Folder],
    made: Mapping[str, Any],
) -> Folder | None:
    """Return the folder of a stage that was made under a policy of these written values, and whose receipt says `made`.

    `opened` opens it under its MAC.
    """
    for path in _recorded(held, stage, values):
        try:
            found = opened(path)
        except CustodyError:
            continue  # altered, or of another key: then it is made anew
        if says(found, made):
            return found
    return None


def says(folder: Folder, made: Mapping[str, Any]) -> bool:
    """Say whether a receipt tells all of this."""
    return all(folder.body.get(key) == value for key, value in made.items())


def reading(held: Sequence[Held], sources: str | None) -> tuple[Held, ...]:
    """Return the runs whose collect read these sources, by the name that DVC gives them."""
    return tuple(one for one in held if sources is not None and one.side.read == sources)


def _recorded(held: Sequence[Held], stage: str, values: Mapping[str, Any]) -> Iterator[Path]:
    for one in held:
        told = (one.side.stages.get(stage) or {}).get("params")
        ours = {section: values.get(section) for section in SECTIONS[stage]}
        theirs = told.get(PARAMS) if isinstance(told, dict) else None
        if isinstance(theirs, dict) and not list(since.differences(theirs, ours)):
            folder = one.folder(stage)
            if folder is not None:
                yield folder


def names_of(stage: str) -> tuple[str, str]:
    """Return the name of a stage's folder and of its receipt."""
    folder, receipt = REPORTS[stage]
    return Path(folder).name, receipt
