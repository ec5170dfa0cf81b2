"""Memory that is kept from one partition to the next."""

from __future__ import annotations

import platform
import subprocess
import sys

SHOWN = """
import pyarrow as pa
from custody.engine import choose
before = pa.default_memory_pool().backend_name
choose()
print(before, pa.default_memory_pool().backend_name, pa.array([1, 2]).cast("string").to_pylist())
"""


def test_arrow_takes_its_buffers_from_where_glibc_keeps_them() -> None:
    """Elsewhere, where the C library cannot be told to keep what was freed, nothing changes."""
    environment = {"PYTHONPATH": ":".join(sys.path), "ARROW_DEFAULT_MEMORY_POOL": "mimalloc"}
    done = subprocess.run(
        [sys.executable, "-B", "-c", SHOWN], env=environment, check=True, capture_output=True, text=True
    )
    before, after, works = done.stdout.split(maxsplit=2)
    assert before == "mimalloc"
    assert after == ("system" if platform.libc_ver()[0] == "glibc" else before)
    assert works == "['1', '2']\n"
