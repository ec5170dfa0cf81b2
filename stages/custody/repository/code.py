"""Which code a stage runs: the digest of exactly the code that dvc.yaml declares for it, and of the locked libraries.

SHA-256 over the canonical JSON of [path, SHA-256 of the content] for every file of these dependencies, sorted by path;
compiled files do not count. What stands in `stages/custody` is read where the running package lies, so a package that
was installed elsewhere cannot pass for the project's own.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import custody
from custody.errors import CustodyError
from custody.records import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PIPELINE: Final = "dvc.yaml"
LIBRARIES: Final = "requirements.lock"
CODE: Final = "stages/"
PACKAGE: Final = "stages/custody"
_COMPILED: Final = ("__pycache__", ".pyc")


def of_stage(stage: str, script: Path) -> str:
    """Return the digest of the code of `stage`, whose script lies in the folder `stages` of the project.

    `CustodyError` when dvc.yaml does not declare the stage, or when a file that it declares is not there.
    """
    root = script.resolve().parents[1]
    try:
        declared = dependencies((root / PIPELINE).read_bytes(), stage)
        return combined((name, digest.file_sha256(path)) for name, path in _files(root, declared))
    except OSError:
        raise CustodyError(
            f"{PIPELINE}: code that it declares for {stage} cannot be read; restore it with git"
        ) from None


def of_files(pipeline: bytes, stage: str, files: Mapping[str, bytes]) -> str:
    """Return the digest of a stage's code in a revision, whose files are given by path."""
    declared = dependencies(pipeline, stage)
    own = {
        name: content
        for name, content in files.items()
        if any(name == one or name.startswith(f"{one}/") for one in declared)
    }
    return combined((name, digest.sha256(content)) for name, content in own.items())


def dependencies(pipeline: bytes, stage: str) -> list[str]:
    """Return the paths of code and libraries that a dvc.yaml declares for a stage, sorted."""
    import yaml  # noqa: PLC0415  # late: many name this file's paths, and few read what it declares

    try:
        deps = _stages(pipeline)[stage]["deps"]
        names = [name for name in deps if name == LIBRARIES or name.startswith(CODE)]
    except (yaml.YAMLError, LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise CustodyError(f"{PIPELINE}: declares no dependencies of {stage}; restore it with git") from None
    if LIBRARIES not in names:
        raise CustodyError(f"{PIPELINE}: {stage} must depend on {LIBRARIES}; restore it with git")
    return sorted(names)


@lru_cache(maxsize=8)
def _stages(pipeline: bytes) -> Any:
    import yaml  # noqa: PLC0415

    return yaml.load(pipeline, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["stages"]  # noqa: S506  # a safe one


def combined(files: Iterable[tuple[str, str]]) -> str:
    """Return the digest of files given as path and SHA-256; what is compiled does not count."""
    listed: list[Any] = sorted([name, sha256] for name, sha256 in files if not _is_compiled(name))
    return digest.sha256(digest.canonical(listed))


def _is_compiled(name: str) -> bool:
    return name.endswith(_COMPILED[1]) or _COMPILED[0] in name.split("/")


def _files(root: Path, declared: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for name in declared:
        place = _place(root, name)
        if not place.is_dir():
            yield name, place
            continue
        for path in place.rglob("*"):
            if path.is_file() and not _is_compiled(path.relative_to(place).as_posix()):
                yield f"{name}/{path.relative_to(place).as_posix()}", path


def _place(root: Path, name: str) -> Path:
    if name == PACKAGE or name.startswith(f"{PACKAGE}/"):
        return Path(custody.__file__).parent / name.removeprefix(PACKAGE).lstrip("/")
    return root / name
