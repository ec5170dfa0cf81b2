"""Records on disk: sealed Parquet partitions, the folder that holds them, and its receipt.

The only code that opens data files of a stage's output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custody.records.folder import Folder as Folder
    from custody.records.folder import Sink as Sink
    from custody.records.folder import open_folder as open_folder
    from custody.records.folder import replace as replace
    from custody.records.zone import Zone as Zone

__all__ = ["Folder", "Sink", "Zone", "open_folder", "replace"]


def __getattr__(name: str) -> Any:
    """Import folders on first use: who takes a digest needs neither Arrow nor a cipher."""
    if name in __all__:
        from custody.records import folder, zone  # noqa: PLC0415

        return getattr(zone if name == "Zone" else folder, name)
    raise AttributeError(name)
