"""Which files DVC keeps, and so copies to its cache and remotes: read from its own YAML files, without starting DVC.

An output is what a `.dvc` file (dvc add, dvc import) or a stage of a dvc.yaml names, unless it says `cache: false`. A
name that holds a template (`${…}`) stands for every name that it could become.
"""

from __future__ import annotations

import fnmatch
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TEMPLATE = re.compile(r"\$\{[^}]*\}")
_PIPELINE = "dvc.yaml"
_SIDECAR = ".dvc"
_OUTPUTS = ("outs", "metrics", "plots")
_NO_PROJECT = frozenset({"node_modules", "__pycache__"})


def tracked(root: Path, paths: Iterable[Path]) -> frozenset[Path]:
    """Return those of `paths` that DVC tracks in the project at `root`, themselves or with a folder above them."""
    outputs = [output for file in _files(root) for output in _outputs(file)]
    exact = {output for output in outputs if not _TEMPLATE.search(output)}
    shapes = [_shape(output) for output in outputs if _TEMPLATE.search(output)]
    return frozenset(path for path in paths if any(_held(name, exact, shapes) for name in _names(path)))


def _shape(output: str) -> str:
    """Return the fnmatch pattern of a name with templates: `*` for each, all else literal."""
    return "*".join(re.sub(r"([*?[])", r"[\1]", part) for part in _TEMPLATE.split(output))


def _names(path: Path) -> set[str]:
    """Both names of a path: as it is written, and as links lead."""
    return {os.path.abspath(path), str(path.resolve())}  # noqa: PTH100  # resolve() alone follows links


def _held(name: str, exact: set[str], shapes: list[str]) -> bool:
    above = [name, *map(str, Path(name).parents)]
    return any(one in exact or any(fnmatch.fnmatchcase(one, shape) for shape in shapes) for one in above)


def _files(root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _NO_PROJECT and not Path(place, name, "pyvenv.cfg").exists()
        )
        yield from (Path(place, name) for name in sorted(names) if name == _PIPELINE or name.endswith(_SIDECAR))


def _outputs(file: Path) -> Iterator[str]:
    try:
        content = yaml.safe_load(file.read_bytes())
    except (OSError, yaml.YAMLError, UnicodeError, RecursionError):
        raise CustodyError(
            f"a {_PIPELINE} or {_SIDECAR} file of the project cannot be read, so what DVC tracks is unknown; "
            "see: dvc status"
        ) from None
    for stage in _stages(content, pipeline=file.name == _PIPELINE):
        folder = file.parent / str(stage.get("wdir") or ".")
        for kind in _OUTPUTS:
            for output in stage.get(kind) or []:
                for name in _cached(output):
                    yield os.path.abspath(folder / name)  # noqa: PTH100  # an output may not exist, and is no link


def _stages(content: Any, *, pipeline: bool) -> Iterator[dict[str, Any]]:
    """Yield the stages of a dvc.yaml, those under foreach and matrix too, or the one that a .dvc file is."""
    if not isinstance(content, dict):
        return
    stages = (content.get("stages") or {}).values() if pipeline else [content]
    for stage in stages:
        if isinstance(stage, dict):
            yield stage["do"] if isinstance(stage.get("do"), dict) else stage


def _cached(output: Any) -> Iterator[str]:
    """Yield the paths of an output: `path` or `{path: {cache: …}}` in dvc.yaml, `{path: path, cache: …}` in a .dvc."""
    if isinstance(output, str):
        yield output
    elif isinstance(output, dict) and isinstance(output.get("path"), str):
        if output.get("cache") is not False:
            yield output["path"]
    elif isinstance(output, dict):
        for name, options in output.items():
            if not (isinstance(options, dict) and options.get("cache") is False):
                yield str(name)
