"""The one place where sealed data is opened outside a stage: no entry in the audit log, no key.

A stage opens its inputs because dvc.yaml says so; whoever else opens sealed data has a `Grant`, which stands for an
entry that is on the disk, and says who asked, for what and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import keys
from custody.governance.audit import log
from custody.records.folder import Folder, open_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from custody.governance.audit.entry import Event, Head
    from custody.policy.keys import Keys
    from custody.policy.privacy import Privacy
    from custody.records.zone import Zone

RECEIPT = "receipt.json"


@dataclass(frozen=True)
class Grant:
    """Leave to open sealed data, by the entry that says so; only `grant` makes one."""

    entry: Head


def grant(event: Event, root: Path) -> Grant:
    """Return a grant once its entry is in the log of the project at `root`; `CustodyError` where it cannot be."""
    return Grant(log.record(event, root))


@dataclass(frozen=True)
class Opened:
    """Collected records and their verdicts, of one run."""

    collected: Folder
    validated: Folder


def collected(_: Grant, folder: Path, named: Keys) -> Folder:
    """Open data/collected of a run; `CustodyError` where it was altered or is of another key."""
    return open_folder(folder, RECEIPT, keys.zone_of(named, folder / RECEIPT))


def records(granted: Grant, data: Path, named: Keys) -> Opened:
    """Open data/collected and data/validated of one run.

    `CustodyError` where either was altered, is of another key, or where the verdicts are of another run.
    """
    first = collected(granted, data / "collected", named)
    validated = open_folder(data / "validated", "report.json", first.zone)
    if validated.body.get("collected") != first.digest:
        raise CustodyError("validated: does not judge the records of collected; run: dvc repro")
    return Opened(first, validated)


def zone_for(_: Grant, named: Keys, sources: Iterable[str], privacy: Privacy) -> Zone:
    """Return the zone that a policy names, with its reversible secret where the policy needs one.

    `sources` are the SHA-256 digests of all that it is used for.
    """
    return keys.with_reversible(keys.open_zone(named, sources), privacy)
