"""Records on disk: sealed Parquet partitions, the folder that holds them, and its receipt.

The only code that opens data files of a stage's output.
"""

from custody.records.folder import Folder, Sink, open_folder, replace
from custody.records.zone import Zone

__all__ = ["Folder", "Sink", "Zone", "open_folder", "replace"]
