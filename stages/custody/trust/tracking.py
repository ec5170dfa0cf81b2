"""A loaded release as an input of the MLflow run that is active, so that a model leads back to its data.

MLflow is never imported here: only where whoever loads has imported it, and has a run. The dataset's digest is the
first 36 digits of the statement's SHA-256, since MLflow takes no more; the whole of it stands in the source and in a
tag. `custody which` takes either.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from custody.release.statement import Statement

LONGEST: Final = 36
"""Characters of a digest that MLflow takes."""
CONTEXT: Final = "training"


def log(stated: Statement, digest: str) -> str:
    """Log a release, whose statement has this SHA-256; return what to tell of it, which is nothing without a run.

    A tracking server that says no is told, and is no reason to keep the data back.
    """
    mlflow = sys.modules.get("mlflow")
    if mlflow is None:
        return ""
    try:
        run = mlflow.active_run()
        if run is None:
            return ""
        tags = {"custody.statement": digest, "custody.policy": stated.policy, "custody.rows": str(stated.rows)}
        source = importlib.import_module("mlflow.data.code_dataset_source").CodeDatasetSource(tags)
        dataset = importlib.import_module("mlflow.data.meta_dataset").MetaDataset(
            source, name=stated.dataset.name, digest=digest[:LONGEST]
        )
        mlflow.log_input(dataset, context=CONTEXT, tags=tags)
    except Exception as error:  # noqa: BLE001  # MLflow's, its store's and the network's own kinds are many
        return f", not logged to MLflow ({type(error).__name__})"
    return f", logged to MLflow run {run.info.run_id}"
