"""The chain of receipts that ends in the candidate: one run, one key, one policy, or the gate stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.records.folder import Folder, open_folder, read_receipt
from custody.release.condition import number, section
from custody.release.rules import named_rules

if TYPE_CHECKING:
    from pathlib import Path

    from custody.policy import Policy
    from custody.records.zone import Zone

COLLECTED: Final = ("collected", "receipt.json")
VALIDATED: Final = ("validated", "report.json")
REPORT: Final = "report.json"


@dataclass(frozen=True)
class Chain:
    """Receipt of collect, report of validate, and the candidate with its report."""

    receipt: dict[str, Any] = field(repr=False)
    validated: dict[str, Any] = field(repr=False)
    anonymized: Folder


def open_chain(anonymized: Path, zone: Zone, policy: Policy) -> Chain:
    """Open the candidate and the receipts it stands on; of the folders beside it only receipts are read.

    `CustodyError` when one was altered, is of another run, key or policy, or when the candidate lacks a file.
    """
    collected = read_receipt(anonymized.parent / COLLECTED[0], COLLECTED[1], zone)
    validated = read_receipt(anonymized.parent / VALIDATED[0], VALIDATED[1], zone)
    candidate = open_folder(anonymized, REPORT, zone)
    _one_run(collected, validated, candidate)
    if collected.body.get("zone") != zone.check:
        raise CustodyError("collected/receipt.json: was made under another zone key; run: dvc repro")
    chain = Chain(collected.body, validated.body, candidate)
    for what in _differences(chain, policy):
        raise CustodyError(f"{what} of another policy than params.yaml; run: dvc repro")
    return chain


def _one_run(collected: Folder, validated: Folder, candidate: Folder) -> None:
    for folder, stage in ((collected, "collect"), (validated, "validate"), (candidate, "anonymize")):
        if folder.body.get("stage") != stage:
            raise CustodyError(f"{folder.label}: was not written by {stage}; run: dvc repro")
    named = (
        (validated, "collected", collected.digest),
        (candidate, "collected", collected.digest),
        (candidate, "validated", validated.digest),
    )
    for folder, key, digest in named:
        if folder.body.get(key) != digest:
            raise CustodyError(f"{folder.label}/{REPORT}: stands on another {key} than the one here; run: dvc repro")


def _differences(chain: Chain, policy: Policy) -> list[str]:
    """Name what each report says otherwise than the policy at hand.

    Schema and sources must be told; any other part that a report leaves out is for the decision to refuse.
    """
    receipt, candidate = chain.receipt, chain.anonymized.body
    sources, columns = section(receipt, "sources"), section(candidate, "columns")
    dataset = policy.dataset.model_dump(mode="json")
    same = {
        "collected/receipt.json: the schema is": receipt.get("schema") == dict(policy.fields),
        "collected/receipt.json: the sources are": set(sources) == set(policy.sources)
        and all(_same_provenance(sources[name], policy, name) for name in sources),
        "validated/report.json: a min_pass is": _same_rules(section(chain.validated, "rules"), policy),
        "anonymized/report.json: the dataset is": candidate.get("dataset", dataset) == dataset,
        "anonymized/report.json: k_required is": section(candidate, "risk").get("k_required", policy.privacy.k)
        == policy.privacy.k,
        "anonymized/report.json: a technique is": all(_same_column(columns[name], policy, name) for name in columns),
    }
    return [what for what, agrees in same.items() if not agrees]


def _same_provenance(source: Any, policy: Policy, name: str) -> bool:
    stated = policy.sources[name].provenance.model_dump()
    return all(section(source).get(key, value) == value for key, value in stated.items())


def _same_rules(reported: dict[str, Any], policy: Policy) -> bool:
    named = named_rules(policy.quality)
    return all(number(section(reported, rule).get("min_pass", least)) == least for rule, least in named.items())


def _same_column(column: Any, policy: Policy, name: str) -> bool:
    stated = policy.privacy.columns.get(name)
    if stated is None:
        return name not in policy.fields
    own = section(column)
    return (own.get("role"), own.get("technique")) == (stated.role, stated.technique)
