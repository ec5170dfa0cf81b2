"""What an earlier revision's stages wrote, brought out of DVC's cache or remote into a folder of its own.

Nothing in the work tree is touched, and nobody is asked but the remotes of the project's own configuration: what a
revision imports may name any repository or URL, so it comes from DVC's cache or those remotes, or not at all. What
arrives is held against that revision's dvc.lock by DVC's own digests (md5 of each file, and of the list of files); what
is sealed is checked once more, under its MAC, by whoever opens it.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError, RefusedError
from custody.repository import cache, git, lock, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WORKSPACE: Final = "workspace"
_OF_DVC: Final = ("dvc.yaml", lock.LOCK)
_HERE: Final = frozenset({".", "", WORKSPACE})


@contextmanager
def outputs(root: Path, revision: str, folders: Sequence[str], files: Sequence[str] = ()) -> Iterator[tuple[str, Path]]:
    """Yield the full name of a revision and a folder that holds its `folders` and `files`, laid out as in the project.

    `files` are such of folders of which nothing else is brought.

    `.` and `workspace` yield the project itself as it stands. `CustodyError` where git knows no such revision or lost
    what it should hold, where its dvc.lock records no such output, or where the data is neither in DVC's cache nor on
    its remote; `RefusedError` where what DVC holds is not what dvc.lock records.
    """
    if revision in _HERE:
        yield WORKSPACE, root
        return
    commit = resolve(root, revision)
    with tempfile.TemporaryDirectory(prefix="custody-") as place:
        bring(root, commit, folders, files, Path(place))
        yield commit, Path(place)


def resolve(root: Path, revision: str) -> str:
    """Return the commit that a revision names, as 40 hex digits; `CustodyError` where it names none."""
    found = tree.commit_of(root, revision)
    if found is None:
        more = ", or fetch what this shallow clone lacks: git fetch --unshallow" if tree.is_shallow(root) else ""
        raise CustodyError(
            f"REV: is no revision that git knows here; give a commit, a tag, a branch or . for this one{more}"
        )
    return found


def bring(root: Path, commit: str, folders: Sequence[str], files: Sequence[str], place: Path) -> None:
    """Bring outputs of a commit into `place`, laid out as in the project; errors are those of `outputs`."""

    def fetch(fs: Any, _: frozenset[str]) -> None:
        for name in folders:
            _fetch_all(fs, name, place)
        for name in files:
            _fetch(fs, name, _listed(fs, _output_of(fs, name))[name], place)

    _with_files(root, commit, fetch)


def bring_inputs(root: Path, commit: str, names: Sequence[str], place: Path) -> None:
    """Bring the files at or below `names` into `place`, those that git holds and those that DVC tracks.

    A name that is not there brings nothing; errors are those of `outputs`. What a `.dvc` file imports is brought only
    as the md5 in it says: without one it could be any file that this machine can read.
    """

    def fetch(fs: Any, imported: frozenset[str]) -> None:
        for name in names:
            for path in sorted(map(str, fs.find(name))):
                md5 = fs.info(path).get("md5")
                if md5 is None and not imported.isdisjoint([path, *map(str, PurePosixPath(path).parents)]):
                    raise _OtherError
                _fetch(fs, path, md5, place)

    _with_files(root, commit, fetch)


def _with_files(root: Path, commit: str, fetch: Callable[[Any, frozenset[str]], None]) -> None:
    from dvc.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415
    from dvc.fs import GitFileSystem  # type: ignore[import-untyped]  # noqa: PLC0415  # late: half a second
    from dvc.repo import Repo  # type: ignore[import-untyped]  # noqa: PLC0415
    from dvc.scm import SCM  # type: ignore[import-untyped]  # noqa: PLC0415

    git.contents(root, [f"{commit}:./{name}" for name in _OF_DVC])  # what git lost is not what DVC lacks
    short = commit[:12]
    logging.getLogger("dvc").setLevel(logging.CRITICAL)  # one line of ours, none that quotes a path
    try:
        scm = SCM(str(root), search_parent_directories=True)
        inside = "/" + root.resolve().relative_to(Path(scm.root_dir).resolve()).as_posix()
        config = Config(str(root / ".dvc")).read()  # remotes as they are reached today, not as they were then
        with Repo(inside, fs=GitFileSystem(scm=scm, rev=commit), scm=scm, config=config) as repo:
            imported = _cut_off(repo)
            fetch(repo.dvcfs, imported)
    except (_OtherError, KeyError):
        raise RefusedError(f"REV: what DVC holds for {short} is not what its dvc.lock records; see: dvc fsck") from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # DVC's and its remotes' own kinds are many; each means that it is not there
        raise CustodyError(
            f"REV: {short} has no released data in DVC's cache or remote; bring it first: dvc fetch --all-commits"
        ) from None


class _OtherError(Exception):
    """A digest is not the recorded one."""


def _cut_off(repo: Any) -> frozenset[str]:
    """Return the paths that DVC imports, and have it know nothing of where from before it looks for any data."""
    stages = [one for one in repo.index.stages if one.is_import]
    for one in stages:
        one.deps.clear()
    inside = PurePosixPath(repo.root_dir)
    return frozenset(
        PurePosixPath(out.fs_path).relative_to(inside).as_posix()
        for one in stages
        for out in one.outs
        if PurePosixPath(out.fs_path).is_relative_to(inside)
    )


def _fetch_all(fs: Any, name: str, place: Path) -> None:
    for path, md5 in _listed(fs, name).items():
        _fetch(fs, path, md5, place)


def _output_of(fs: Any, name: str) -> str:
    """Return the folder output that a file is in."""
    above = (str(one) for one in PurePosixPath(name).parents)
    return next((one for one in above if str(fs.info(one).get("md5")).endswith(".dir")), "")


def _listed(fs: Any, name: str) -> dict[str, str]:
    """Return the md5 of each file of a folder output, whose list of files has the digest that dvc.lock records."""
    listed = {path: str(fs.info(path)["md5"]) for path in sorted(map(str, fs.find(name)))}
    if fs.info(name)["md5"] != cache.name_of({path.removeprefix(f"{name}/"): md5 for path, md5 in listed.items()}):
        raise _OtherError
    return listed


def _fetch(fs: Any, name: str, md5: str | None, place: Path) -> None:
    """Bring a file; one that git holds has no md5 and is what its commit names."""
    target = place / name
    if not target.resolve().is_relative_to(place.resolve()):
        raise _OtherError
    target.parent.mkdir(parents=True, exist_ok=True)
    fs.get_file(name, str(target))
    with target.open("rb") as file:
        if md5 not in {None, hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()}:
            raise _OtherError
