"""The chain of receipts that ends in the candidate: one run, one key, one policy, or the gate stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.records.folder import Folder, open_folder, read_receipt
from custody.release.condition import section

if TYPE_CHECKING:
    from pathlib import Path

    from custody.policy import Policy
    from custody.records.zone import Zone

COLLECTED: Final = ("collected", "receipt.json")
VALIDATED: Final = ("validated", "report.json")
REPORT: Final = "report.json"
SECTIONS: Final = {
    "collect": ("keys", "schema", "sources"),
    "validate": ("keys", "quality"),
    "anonymize": ("dataset", "keys", "privacy"),
}
"""The sections of the policy that each stage works under, and says so in its receipt."""


@dataclass(frozen=True)
class Chain:
    """Receipt of collect, report of validate, and the candidate with its report."""

    receipt: dict[str, Any] = field(repr=False)
    validated: dict[str, Any] = field(repr=False)
    anonymized: Folder
    code: dict[str, str]
    """Digest of the code that each of the three stages ran."""


def open_chain(anonymized: Path, zone: Zone, policy: Policy) -> Chain:
    """Open the candidate and the receipts it stands on; of the folders beside it only receipts are read.

    `CustodyError` when one was altered, is of another run, key or policy, or when the candidate lacks a file.
    """
    collected = read_receipt(anonymized.parent / COLLECTED[0], COLLECTED[1], zone)
    validated = read_receipt(anonymized.parent / VALIDATED[0], VALIDATED[1], zone)
    candidate = open_folder(anonymized, REPORT, zone)
    _one_run(collected, validated, candidate)
    for folder in (collected, validated, candidate):
        _same_sections(folder, policy)
    code = {folder.body["stage"]: _code(folder) for folder in (collected, validated, candidate)}
    return Chain(collected.body, validated.body, candidate, code)


def _one_run(collected: Folder, validated: Folder, candidate: Folder) -> None:
    for folder, stage in ((collected, "collect"), (validated, "validate"), (candidate, "anonymize")):
        if folder.body.get("stage") != stage:
            raise CustodyError(f"{folder.label}: was not written by {stage}; run: dvc repro")
    if validated.body.get("anchor") != candidate.body.get("anchor"):
        raise CustodyError(
            f"{candidate.label}: was compared with another anchor than {validated.label}; run: dvc repro"
        )
    named = (
        (validated, "collected", collected.digest),
        (candidate, "collected", collected.digest),
        (candidate, "validated", validated.digest),
    )
    for folder, key, digest in named:
        if folder.body.get(key) != digest:
            raise CustodyError(f"{folder.label}/{REPORT}: stands on another {key} than the one here; run: dvc repro")


def _code(folder: Folder) -> str:
    told = folder.body.get("code")
    if not isinstance(told, str) or not told:
        raise CustodyError(f"{folder.label}: does not tell which code made it; run: dvc repro")
    return told


def _same_sections(folder: Folder, policy: Policy) -> None:
    """Stop when a stage worked under another section of the policy than the one at hand, or does not say."""
    stated = section(folder.body, "policy")
    for name, digest in policy.digests(*SECTIONS[folder.body["stage"]]).items():
        if stated.get(name) != digest:
            raise CustodyError(f"{folder.label}: was made under another {name} section of params.yaml; run: dvc repro")
