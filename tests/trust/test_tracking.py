"""A training run in MLflow points at the exact release: a real store, in a process of its own."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from custody.release import loader
from custody.trust import tracking
from release import example
from support import STAGES

NEEDED = ("mlflow", "sqlalchemy", "alembic")
TRAIN = """
import json, sys
folder, store, active = sys.argv[1:]
import mlflow
mlflow.set_tracking_uri(store)
import custody
if active == "no":
    custody.load(folder)
    sys.exit()
with mlflow.start_run() as run:
    custody.load(folder)
[told] = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
source = mlflow.data.get_source(told.dataset)
tags = {tag.key: tag.value for tag in told.tags}
print(json.dumps([told.dataset.name, told.dataset.digest, source.to_dict()["tags"], tags, run.info.run_id]))
"""


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """Folder of a release that was made here."""
    return example.made_here(tmp_path)


@pytest.fixture
def train(tmp_path: Path) -> Any:
    """Run the training script; skipped, with this reason, where MLflow with a SQLite store is not installed."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed (they are in requirements-bench.lock): {', '.join(missing)}")

    def run(folder: Path, store: str = f"sqlite:///{tmp_path}/mlflow.db", active: str = "yes") -> Any:
        return subprocess.run(
            [sys.executable, "-c", TRAIN, str(folder), store, active],
            env={**os.environ, "PYTHONPATH": str(STAGES), "MLFLOW_DISABLE_TELEMETRY": "true"},
            cwd=tmp_path,
            text=True,
            capture_output=True,
            check=False,
        )

    return run


def test_a_run_s_input_names_the_statement_in_full(train: Any, released: Path) -> None:
    done = train(released)
    assert done.returncode == 0, done.stderr
    name, digest, source, tags, run = json.loads(done.stdout.splitlines()[-1])
    statement = (released / "statement.json").read_bytes()
    full = hashlib.sha256(statement).hexdigest()
    assert (name, digest) == (json.loads(statement)["dataset"]["name"], full[: tracking.LONGEST])
    assert source["custody.statement"] == tags["custody.statement"] == full
    assert tags["custody.policy"] == json.loads(statement)["policy"]
    assert tags["mlflow.data.context"] == "training"
    assert f", logged to MLflow run {run}\n" in done.stderr


def test_without_a_run_nothing_is_logged(train: Any, released: Path, tmp_path: Path) -> None:
    done = train(released, active="no")
    assert done.returncode == 0, done.stderr
    assert "MLflow" not in done.stderr
    assert not (tmp_path / "mlflow.db").exists()


def test_mlflow_is_not_imported_by_loading(released: Path) -> None:
    script = "import sys, custody; custody.load(sys.argv[1]); sys.exit('mlflow' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, str(released)],
        env={**os.environ, "PYTHONPATH": str(STAGES)},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "MLflow" not in done.stderr


def test_where_it_was_imported_and_refuses_the_data_is_not_kept_back(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = types.ModuleType("mlflow")
    monkeypatch.setitem(sys.modules, "mlflow", broken)  # a module without a single function, as a failed import leaves
    assert tracking.log(loader.released(released)[0], "0" * 64) == ", not logged to MLflow (AttributeError)"
