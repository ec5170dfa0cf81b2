"""A revision in a clone of its own: code and policy from git, sources from git, DVC's cache or a remote of today.

The clone borrows git's objects and reads DVC's cache; its own outputs are never put there. The caller's work tree,
index, locks and configuration are not touched.
"""

from __future__ import annotations

import configparser
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.history.rebuild import judging
from custody.history.rebuild.judging import UnverifiableError
from custody.repository import cache, git

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from custody.history.rebuild.judging import Stages
    from custody.history.rebuild.running import Programs

NO_HOOKS: Final = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")


def clone(root: Path, commit: str, target: Path, programs: Programs) -> Path:
    """Clone the repository of the project at `root` into `target` at a commit; return the project's folder in it."""
    common = git.answer(root, "rev-parse", "--path-format=absolute", "--git-common-dir")
    prefix = git.answer(root, "rev-parse", "--show-prefix")
    if common is None or prefix is None:
        raise CustodyError("git: here is no repository; run in the folder of the project")
    made = programs.run(
        "git", *NO_HOOKS, "clone", "--quiet", "--shared", "--no-checkout", _text(common), str(target), cwd=target.parent
    )
    done = (
        made if made.status else programs.run("git", *NO_HOOKS, "checkout", "--quiet", "--detach", commit, cwd=target)
    )
    if done.status:
        raise UnverifiableError(f"git: {commit[:12]} cannot be checked out; see: git fsck, and git fetch --unshallow")
    project = target / _text(prefix)
    _configure(root, project)
    return project


@contextmanager
def copied(project: Path, programs: Programs) -> Iterator[Path]:
    """Yield a copy of a project that was cloned and built, with all that its repository holds; it is removed after."""
    root = programs.place.root
    (top, *_) = project.relative_to(root).parts
    copy = root / f"{top}.copy"
    try:
        shutil.copytree(root / top, copy, symlinks=True)
        yield copy / project.relative_to(root / top)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def sidecars(project: Path) -> list[str]:
    """Return the `.dvc` files of a clone, by their paths in the project; what is no file is none."""
    names = os.fsdecode(git.answer(project, "ls-files", "-z", "--", "*.dvc") or b"")
    return [name for name in names.split("\0") if name.endswith(".dvc") and (project / name).is_file()]


def bring_sources(project: Path, programs: Programs) -> None:
    """Check out what `.dvc` files name, from DVC's cache or a remote; `UnverifiableError` where it is in neither."""
    tracked = sidecars(project)
    if not tracked:
        return
    for step in (("checkout",), ("fetch",), ("checkout",)):
        done = programs.run("dvc", *step, "--quiet", *tracked, cwd=project)
        if not done.status and step == ("checkout",):
            return
    raise UnverifiableError(
        f"sources: what {', '.join(tracked)} {'names' if len(tracked) == 1 else 'name'} is neither in DVC's cache nor "
        "to be had from a remote; bring it there: dvc fetch"
    )


def require_sources(project: Path, recorded: Stages, explained: Collection[str]) -> None:
    """`UnverifiableError` where fewer files of another source folder are here than dvc.lock records that were read."""
    for path, files in judging.source_folders(recorded).items():
        here = sum(one.is_file() for one in (project / path).rglob("*"))
        if here < files and path not in explained:
            raise UnverifiableError(
                f"sources: {path} has {here} of the {files} files that dvc.lock records; the others are neither in git "
                "nor named by a .dvc file"
            )


def _configure(root: Path, project: Path) -> None:
    """Give the clone DVC's cache and remotes as they are reached today, and no link that a stage may write through."""
    home = next((above / ".dvc" for above in (project, *project.parents) if (above / ".dvc").is_dir()), None)
    own = next(
        (above / ".dvc" for above in (root.resolve(), *root.resolve().parents) if (above / ".dvc").is_dir()), None
    )
    store = cache.folder(root)
    if home is None or own is None or store is None:
        raise UnverifiableError("dvc: the revision or the project here is no DVC project; nothing can be built")
    values = configparser.ConfigParser(interpolation=None, strict=False)
    for name in ("config", "config.local"):
        values.read(own / name, encoding="utf-8")
    for section in values.sections():
        url = values.get(section, "url", fallback=None)
        if url is not None and "://" not in url:
            values.set(section, "url", str((own / Path(url).expanduser()).resolve()))
    if not values.has_section("cache"):
        values.add_section("cache")
    values.set("cache", "dir", str(store.resolve()))
    values.set("cache", "type", '"reflink,copy"')
    with (home / "config.local").open("w", encoding="utf-8") as file:
        values.write(file)


def _text(said: bytes) -> str:
    return said.decode(errors="surrogateescape").strip("\n")
