"""What a folder holds, wherever git and DVC keep it: md5 of each file, and SHA-256 where its bytes are at hand.

A file is there as itself, as git has it, or by name: in a `.dvc` file (`dvc add`, `dvc import`), whose bytes may be in
DVC's cache. Nothing is fetched. The content of a sealed file is told by no digest that the key is not needed for.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final

import yaml

from custody.records import regular, seal
from custody.repository import cache, git, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SIDECAR: Final = ".dvc"
LARGEST: Final = 2**18
"""Bytes that are read of a `.dvc` file; a larger one is none that DVC wrote."""
BATCH: Final = 16 * 2**20
"""Bytes of files that are read out of git together."""
_POINTER: Final = b"version https://git-lfs.github.com/spec/"
_BLOCK: Final = 2**20


@dataclass(frozen=True)
class Kept:
    """A file; its md5 and its SHA-256 are None where they cannot be told from here."""

    md5: str | None = None
    sha256: str | None = None
    """Of a file in the clear."""


@dataclass(frozen=True)
class Held:
    """The files of a folder, by their path in it."""

    files: Mapping[str, Kept]
    name: str | None
    """The name that DVC gives the folder; None where an md5 is not known."""
    removed: int = 0
    """Files that the last commit has there and the work tree has not."""

    @property
    def whole(self) -> bool:
        """True where no file can be missing among these: DVC names the folder as one, and its list is not at hand."""
        return self.name is not None and any(one.md5 is None for one in self.files.values())


def in_folder(root: Path, name: str) -> Held | None:
    """Return what the folder `name` of the work tree at `root` holds; None where neither it nor a `.dvc` of it is."""
    folder, beside = root / name, root / f"{name}{SIDECAR}"
    found = {f"{name}/{path.relative_to(folder).as_posix()}": path for path in _walk(folder)}
    sidecars = {one: path for one, path in found.items() if one.endswith(SIDECAR)} | {f"{name}{SIDECAR}": beside}
    texts = {one: regular.read(path, LARGEST) or b"" for one, path in sidecars.items() if path.is_file()}
    committed = tree.blobs(root, "HEAD", [name]) if tree.has_commit(root) else {}
    if not folder.is_dir() and not texts:
        return None
    with ThreadPoolExecutor() as threads:
        files = dict(zip(found, threads.map(_of_file, found.values()), strict=True))
    held = _held(files, texts, name, cache.folder(root))
    return Held(held.files, held.name, len(committed.keys() - found.keys()))


def in_commit(root: Path, commit: str, name: str) -> Held | None:
    """Return what the folder `name` holds as a commit has it; None where it has nothing of it.

    A file that is larger than what is read of a revision, or that git-lfs keeps, is not known.
    """
    blobs = tree.blobs(root, commit, [name, f"{name}{SIDECAR}"])
    found: dict[str, Kept] = {}
    texts: dict[str, bytes] = {}
    for paths in _batches({path: blob.size for path, blob in blobs.items()}):
        held = git.contents(root, [blobs[path].name for path in paths])
        for path, text in zip(paths, held, strict=True):
            found[path] = _of_bytes(text or b"")
            if path.endswith(SIDECAR):
                texts[path] = (text or b"")[:LARGEST]
    found.pop(f"{name}{SIDECAR}", None)
    known = {path: found.get(path, Kept()) for path in blobs if path.startswith(f"{name}/")}
    return _held(known, texts, name, cache.folder(root)) if blobs else None


def _held(found: dict[str, Kept], sidecars: Mapping[str, bytes], name: str, store: Path | None) -> Held:
    """Add what `.dvc` files name and is not there, and name the whole; paths are those in the project."""
    whole = None
    for sidecar, text in sidecars.items():
        for path, md5 in outputs(sidecar, text):
            if path == name:
                whole = md5
            if (path == name or path.startswith(f"{name}/")) and not any(
                one == path or one.startswith(f"{path}/") for one in found
            ):
                found |= _named(path, md5, store)
    files = {path.removeprefix(f"{name}/"): one for path, one in sorted(found.items())}
    md5s = {path: one.md5 for path, one in files.items()}
    return Held(files, whole if None in md5s.values() else cache.name_of(md5s))


def _named(path: str, md5: str | None, store: Path | None) -> dict[str, Kept]:
    """Return a file, or the files of a folder, that a `.dvc` names; a folder whose list is not at hand is one file."""
    if md5 is None or not md5.endswith(".dir"):
        return {path: _of_cache(md5, store)}
    listed = cache.listing(store, md5)
    if listed is None:
        return {path: Kept()}
    return {f"{path}/{below}": _of_cache(one, store) for below, one in listed.items()}


def outputs(sidecar: str, text: bytes) -> Iterator[tuple[str, str | None]]:
    """Yield path and md5 of what a `.dvc` file names; no md5 where it is of another kind, as DVC 2 wrote it."""
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError):
        return
    outs: Any = content.get("outs") if isinstance(content, dict) else None
    for one in outs if isinstance(outs, list) else ():
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            md5 = one.get("md5") if one.get("hash") == "md5" else None
            yield (
                posixpath.normpath(posixpath.join(posixpath.dirname(sidecar), one["path"])),
                md5 if isinstance(md5, str) else None,
            )


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what is no folder, at or below a folder; no link is followed."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _batches(sizes: Mapping[str, int]) -> Iterator[Sequence[str]]:
    """Yield paths whose files are read together; none of a file that is too large."""
    batch: list[str] = []
    total = 0
    for path, size in sizes.items():
        if size > tree.LARGEST:
            continue
        if batch and total + size > BATCH:
            yield batch
            batch, total = [], 0
        batch.append(path)
        total += size
    if batch:
        yield batch


def _of_cache(md5: str | None, store: Path | None) -> Kept:
    path = cache.place(store, md5) if md5 is not None else None
    held = _of_file(path) if path is not None else Kept()
    return held if held.md5 == md5 else Kept(md5)


def _of_bytes(text: bytes) -> Kept:
    if text.startswith(_POINTER):
        return Kept()
    md5 = hashlib.md5(text, usedforsecurity=False).hexdigest()
    return Kept(md5, None if seal.is_sealed(text) else hashlib.sha256(text).hexdigest())


def _of_file(path: Path) -> Kept:
    """Return both digests of a plain file, read once; none of anything else."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    try:
        with os.fdopen(os.open(path, regular.OPEN), "rb", buffering=0) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return Kept()
            block = file.read(_BLOCK)
            sealed = seal.is_sealed(block)
            while block:
                md5.update(block)
                if not sealed:
                    sha256.update(block)
                block = file.read(_BLOCK)
    except OSError:
        return Kept()
    return Kept(md5.hexdigest(), None if sealed else sha256.hexdigest())
