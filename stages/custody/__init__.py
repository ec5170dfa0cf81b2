"""Training data with a chain of custody.

`load(folder)` opens a release after checking who vouches for it, and every byte of it against its statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custody.trust.door import load as load

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the loader on first use: stages that never load must not depend on it."""
    if name == "load":
        import importlib  # noqa: PLC0415  # late, so that `import custody` stays free of pandas

        return importlib.import_module("custody.trust.door").load
    raise AttributeError(name)
