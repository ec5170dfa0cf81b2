"""Memory that is kept from one partition to the next."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

SHOWN = """
import pyarrow as pa
from custody.engine import choose
before = pa.default_memory_pool().backend_name
choose()
print(before, pa.default_memory_pool().backend_name, pa.array([1, 2]).cast("string").to_pylist())
"""


def shown(variable: str) -> list[str]:
    environment = {"PYTHONPATH": ":".join(sys.path), "ARROW_DEFAULT_MEMORY_POOL": variable}
    done = subprocess.run([sys.executable, "-c", SHOWN], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.split(maxsplit=2)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to keep what was freed")
def test_with_glibc_arrow_takes_its_buffers_from_where_they_are_kept() -> None:
    before, after, works = shown("mimalloc")
    assert (before, after) == ("mimalloc", "system")
    assert works == "['1', '2']\n"


@pytest.mark.skipif(platform.libc_ver()[0] == "glibc", reason="glibc can be told to keep what was freed")
def test_elsewhere_nothing_changes() -> None:
    before, after, works = shown("mimalloc")
    assert before == after
    assert works == "['1', '2']\n"
