"""Arrow finds no pandas in a process of a stage, and polars, which looks for it, is content; nor numpy where rows are
compared."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from support import STAGES

HIDDEN = """
import sys
from custody import engine
engine.choose()
import numpy, polars, pyarrow
assert pyarrow.array(["a", None]).to_pylist() == ["a", None]
assert pyarrow.array(numpy.arange(3)).to_pylist() == [0, 1, 2]
assert polars.DataFrame({"a": [1]}).to_arrow().num_rows == 1
assert "pandas" not in sys.modules
try:
    import pandas
except ImportError:
    print("not to be had")
"""
KEPT = "import pandas; from custody import engine; engine.choose(); import pandas; print(pandas.Series([1]).sum())"
ASKED = "import sys, {stage}; print('pandas' in sys.modules)"


def _printed(code: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-B", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(STAGES), *sys.path])},
    )
    return ran.stdout.strip()


def test_arrow_and_polars_work_without_it() -> None:
    assert _printed(HIDDEN) == "not to be had"


def test_who_imported_it_before_keeps_it() -> None:
    assert _printed(KEPT) == "1"


@pytest.mark.parametrize("stage", ["collect", "validate", "anonymize", "gate"])
def test_no_stage_imports_it_before_it_is_hidden(stage: str) -> None:
    assert _printed(ASKED.format(stage=stage)) == "False"


def test_arrow_works_without_numpy() -> None:
    code = (
        "import sys; from custody.engine import without; without.numpy(); without.numpy()\n"
        "import pyarrow as pa, pyarrow.compute as pc, pyarrow.parquet\n"
        "print(pc.value_counts(pa.array(['a', 'a', None]).drop_null()).to_pylist(), 'numpy' in sys.modules)"
    )
    assert _printed(code) == "[{'values': 'a', 'counts': 2}] False"
