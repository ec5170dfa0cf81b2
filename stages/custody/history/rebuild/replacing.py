"""Files of people who were erased, in a clone: each `.dvc` file names what took their place before anything is brought.

Whether the old file is still to be had plays no part: whoever was erased is not rebuilt. What dvc.lock records of a
folder of sources is explained where the folder, with the old files in the place of the new ones, has that very digest
before anything is built: `dvc repro --force` writes `.dvc` files anew, in its own layout.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from custody.errors import CustodyError
from custody.history.rebuild import checkout, judging
from custody.history.releases import PARAMS
from custody.policy import editing
from custody.policy.editing import Edit
from custody.records import seal
from custody.repository import cache, kept
from custody.sources.discover import expand
from custody.sources.opening import source_label
from custody.trust import contents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from custody.history.version import Version
    from custody.records.zone import Zone
    from custody.trust.erasures import Erasures


class Swap(NamedTuple):
    """What a `.dvc` file of the revision named, and that file's own bytes as they were."""

    sidecar: str
    text: bytes
    path: str
    was: str


@dataclass(frozen=True)
class Replaced:
    """What a clone reads in another form than the revision did, and by erasures alone."""

    explained: frozenset[str] = frozenset()
    """Folders of sources, with `.dvc` files in them, that dvc.lock records as they were before."""
    unlisted: frozenset[str] = frozenset()
    """Folders of sources of which it cannot be told: a folder in them was replaced, and what it held is not at hand."""
    files: bool = False
    """A file in one of them was replaced."""
    sources: frozenset[str] = frozenset()
    """Sources of the policy of which a file was replaced."""
    unpinned: frozenset[str] = frozenset()
    """Those that the policy pins: to their new content."""

    @property
    def passed_over(self) -> frozenset[str]:
        """Folders of sources that are not held against dvc.lock."""
        return self.explained | self.unlisted


def swap(project: Path, erasures: Erasures) -> list[Swap]:
    """Have each `.dvc` file name today's files; return what was replaced."""
    swaps: list[Swap] = []
    for name in checkout.sidecars(project):
        text = (project / name).read_bytes()
        named = [
            (path, md5)
            for path, md5 in kept.outputs(name, text)
            if md5 and erasures.now(md5) != md5 and not path.startswith(("/", "../"))
        ]
        if named:
            editing.replace(project / name, _renamed(text, erasures))
            swaps += [Swap(name, text, path, md5) for path, md5 in named]
    return swaps


def replaced(project: Path, version: Version, swaps: Sequence[Swap], zone: Zone) -> Replaced:
    """Pin replaced sources to their new content, and say which folders are explained; sources are brought already."""
    recorded, sidecars = judging.deps(version.stages, "collect"), checkout.sidecars(project)
    folders = judging.source_folders(version.stages)
    unlisted = frozenset(path for path in folders if any(_is_unlisted(one, path, version) for one in swaps))
    explained = frozenset(
        path
        for path in folders
        if any(one.startswith((f"{path}/", f"{path}{kept.SIDECAR}")) for one in sidecars)
        and _before(project, path, swaps, version) == recorded[path]
    )
    files = any(f"{one.path}/".startswith(f"{path}/") for one in swaps for path in explained | unlisted)
    read = list(_read(project, version, swaps))
    pinned = frozenset(_pin(project, [(name, file) for name, one, file in read if one.get("sha256")], zone))
    return Replaced(explained, unlisted, files, frozenset(name for name, _, _ in read), pinned)


def _renamed(text: bytes, erasures: Erasures) -> bytes:
    content = yaml.safe_load(text)
    for one in content["outs"]:
        if isinstance(one, dict) and one.get("hash") == "md5" and isinstance(one.get("md5"), str):
            one["md5"] = erasures.now(one["md5"])
            one.pop("size", None)
            one.pop("nfiles", None)
    return yaml.safe_dump(content, sort_keys=False).encode()


def _before(project: Path, folder: str, swaps: Sequence[Swap], version: Version) -> str | None:
    """Return the name that DVC gave a folder before files in it were replaced; None where a list is not at hand."""
    if whole := next((one.was for one in swaps if one.path == folder), None):
        return whole
    listed = contents.listing(project / folder)
    for one in swaps:
        sidecar, path = one.sidecar.removeprefix(f"{folder}/"), one.path.removeprefix(f"{folder}/")
        if sidecar in listed:
            listed[sidecar] = hashlib.md5(one.text, usedforsecurity=False).hexdigest()
        if path != one.path:
            listed = {name: md5 for name, md5 in listed.items() if not f"{name}/".startswith(f"{path}/")}
            listed |= _files(version, one.was, path)
    return cache.name_of(listed)


def _is_unlisted(one: Swap, folder: str, version: Version) -> bool:
    below = one.path.startswith(f"{folder}/") and one.was.endswith(".dir")
    return below and cache.listing(version.store, one.was) is None


def _files(version: Version, was: str, path: str) -> dict[str, str | None]:
    """Return what a `.dvc` file named before: a file, or the files of a folder by the list in DVC's cache."""
    if not was.endswith(".dir"):
        return {path: was}
    listed = cache.listing(version.store, was)
    return {path: None} if listed is None else {f"{path}/{name}": md5 for name, md5 in listed.items()}


def _read(project: Path, version: Version, swaps: Sequence[Swap]) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    """Yield each source of the policy that reads a replaced file, what the policy says of it, and the file."""
    sources = version.policy.get("sources")
    new = {file for one in swaps for file in (project / one.path, *(project / one.path).rglob("*"))}
    for name, one in (sources if isinstance(sources, dict) else {}).items():
        found = expand(str(one.get("path")), project) if isinstance(one, dict) else None
        yield from ((name, one, file) for file in found or () if file in new)


def _pin(project: Path, read: Iterable[tuple[str, Path]], zone: Zone) -> Iterator[str]:
    """Write the digest of its new content into the policy for each of these sources; yield the source."""
    for name, file in read:
        with suppress(CustodyError):  # then collect says that it does not open, or is not the pinned one
            edit = Edit(("sources", name, "sha256"), _sha256(file, file.relative_to(project).as_posix(), zone))
            editing.replace(project / PARAMS, editing.edited((project / PARAMS).read_bytes(), PARAMS, [edit]))
            yield name


def _sha256(file: Path, place: str, zone: Zone) -> str:
    with file.open("rb") as raw:
        sealed = seal.is_sealed(raw.read(seal.HEADER))
        raw.seek(0)
        plain = seal.open_sealed(raw, source_label(place), zone) if sealed else raw
        digest = hashlib.sha256()
        while block := plain.read(2**20):
            digest.update(block)
        return digest.hexdigest()
