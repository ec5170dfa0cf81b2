"""The one place where sealed data is opened outside a stage: each opening names who asks for it, and why.

A stage opens its inputs because dvc.yaml says so; whoever else opens sealed records comes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import keys
from custody.records.folder import Folder, open_folder

if TYPE_CHECKING:
    from pathlib import Path

    from custody.policy.keys import Keys


@dataclass(frozen=True)
class Opened:
    """Collected records and their verdicts, of one run."""

    collected: Folder
    validated: Folder


def records(data: Path, named: Keys, purpose: str) -> Opened:  # noqa: ARG001  # the purpose is for the record of openings
    """Open data/collected and data/validated of one run; `purpose` is the command that asks.

    `CustodyError` where either was altered, is of another key, or where the verdicts are of another run.
    """
    receipt = data / "collected" / "receipt.json"
    zone = keys.zone_of(named, receipt)
    collected = open_folder(data / "collected", receipt.name, zone)
    validated = open_folder(data / "validated", "report.json", zone)
    if validated.body.get("collected") != collected.digest:
        raise CustodyError("validated: does not judge the records of collected; run: dvc repro")
    return Opened(collected, validated)
