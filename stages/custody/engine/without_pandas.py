"""pandas is not to be had in a process of a stage.

Arrow imports it, to ask whether a list is a series, which takes some 0.2 s of every process. What may use pandas, the
loader, runs in no such process.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

PANDAS: Final = "pandas"


class _Hidden:
    """Finds pandas, since polars asks for no more than that, and fails to import it."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == PANDAS else None  # type: ignore[arg-type]  # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        raise ModuleNotFoundError(f"{spec.name} is not used here", name=spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Never called: there is no module."""


def hide() -> None:
    """Hide it from this process; without effect where it is imported already."""
    if PANDAS not in sys.modules and not any(isinstance(one, _Hidden) for one in sys.meta_path):
        sys.meta_path.insert(0, _Hidden())
