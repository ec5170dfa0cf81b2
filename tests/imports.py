"""What a module of the package imports, read from its text."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from support import STAGES

if TYPE_CHECKING:
    from pathlib import Path


def path_of(module: str) -> Path | None:
    """File of a module of ours, or None where the name is no module."""
    base = STAGES.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@cache
def imports_of(path: Path) -> frozenset[Path]:
    """Files of ours that a file imports, wherever in it the import stands, but for type checking."""
    found: set[Path] = set()
    for node in _running(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == "custody":
                found |= {file for i in range(1, len(parts) + 1) if (file := path_of(".".join(parts[:i])))}
    return frozenset(found)


def _running(tree: ast.AST) -> list[ast.AST]:
    nodes: list[ast.AST] = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        nodes += [child, *_running(child)]
    return nodes


def closure(script: Path) -> set[Path]:
    """Every file of ours that running a script can import."""
    seen: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += imports_of(path)
    return seen - {script}


def room(path: Path) -> str:
    """The part of the package that a stage depends on: a folder, or a file that stands in no folder."""
    parts = path.relative_to(STAGES / "custody").parts
    return parts[0]
