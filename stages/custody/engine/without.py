"""Libraries that a process is not to have, since Arrow takes them along wherever they are installed.

It imports pandas to ask whether a list is a series, which takes some 0.2 s, and numpy as it starts, which takes 0.1 s.
What may use pandas, the loader, runs in no process of a stage; what compares two releases counts in Arrow alone.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


class _Hidden:
    """Finds a library, since polars asks for no more than that, and fails to import it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == self.name else None  # type: ignore[arg-type]  # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        raise ModuleNotFoundError(f"{spec.name} is not used here", name=spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Never called: there is no module."""


def pandas() -> None:
    """Hide it from this process; without effect where it is imported already."""
    _hide("pandas")


def numpy() -> None:
    """Hide it from this process; without effect where it is imported already."""
    _hide("numpy")


def _hide(name: str) -> None:
    if name not in sys.modules and not any(isinstance(one, _Hidden) and one.name == name for one in sys.meta_path):
        sys.meta_path.insert(0, _Hidden(name))
