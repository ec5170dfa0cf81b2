"""Memory that a partition took is kept for the next one.

Partitions take and free the same large blocks, one after the other. The C library would give these back to the system
and get them anew, zeroed page by page, which costs a twentieth of a stage's processor time; glibc can be told to keep
them (mallopt(3)). Larger ones, what is held of all partitions, are given back as ever.
"""

from __future__ import annotations

import sys

KEPT = 32 << 20
"""Bytes of the largest block that is kept, and that are kept free at the end of memory; glibc takes no more."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def keep() -> None:
    """Have this process do so, Arrow's buffers included, where its C library can; elsewhere nothing changes."""
    import ctypes  # noqa: PLC0415  # late, as below

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None and mallopt(_MMAP_THRESHOLD, KEPT) and mallopt(_TRIM_THRESHOLD, KEPT):
        import pyarrow as pa  # noqa: PLC0415  # late: not every process that chooses an engine opens data

        pa.set_memory_pool(pa.system_memory_pool())
