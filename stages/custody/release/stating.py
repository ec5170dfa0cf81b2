"""From the decision and the reports to the statement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from custody.policy.keys import Keys
from custody.release.condition import count, entries, number, section
from custody.release.protection import ROW_ID
from custody.release.statement import Accounting, Column, File, Materials, SourceFile, Statement

if TYPE_CHECKING:
    from custody.policy import Policy
    from custody.policy.sources import Source
    from custody.release.candidate import Measured
    from custody.release.chain import Chain
    from custody.release.condition import Decision

ROW: Final = ("row", "mac")
"""Role and technique of the row id, which no policy names: a keyed id of the row."""
STEPS: Final = (
    *("read", "malformed", "skipped", "collected", "quarantined", "accepted"),
    *("suppressed", "withheld", "refused", "released"),
)
"""Steps of the accounting, each after what it comes from."""


def state(  # noqa: PLR0913, PLR0917  # all that a statement tells
    chain: Chain, decision: Decision, measured: Measured, files: tuple[File, ...], policy: Policy, code: str
) -> Statement:
    """Return the statement; `files` is empty when the decision refuses."""
    rows = sum(file.rows for file in files)
    return Statement(
        **by_policy(policy),
        version="custody/statement/v1",
        decision="released" if decision.released else "refused",
        conditions=decision.conditions,
        files=files,
        rows=rows,
        columns=_columns(chain, measured, policy) if decision.released else {},
        sources=_sources(chain.receipt, policy),
        code={**chain.code, "gate": code},
        accounting=_accounting(chain, rows, released=decision.released),
        figures=_figures(chain, measured),
    )


def by_policy(policy: Policy) -> dict[str, Any]:
    """Return the fields of a statement that the policy alone decides, by name."""
    return {
        "dataset": policy.dataset,
        "policy": policy.digest(),
        "key": Keys(zone=policy.keys.zone, check=policy.keys.check),
        "signatures": policy.gate.signatures,
        "expires": _expires(policy),
    }


def treatments(policy: Policy) -> dict[str, tuple[str, str]]:
    """Return role and technique of each column that a release may hold, by name."""
    return {ROW_ID: ROW} | {name: (column.role, column.technique) for name, column in policy.privacy.columns.items()}


def metrics(statement: Statement) -> dict[str, Any]:
    """Return the decision as numbers, for `dvc metrics show`; the figures behind it stand in the other metrics."""
    return {"released": int(statement.released), "rows": statement.rows, "broken": len(statement.broken)}


def plot(statement: Statement) -> str:
    """Return the accounting for `dvc plots show`: one CSV line per step, in the order of the pipeline."""
    counts = statement.accounting.model_dump()
    told = ["" if counts[step] is None else counts[step] for step in STEPS]
    lines = [f"{i:02}. {step},{records}\n" for i, (step, records) in enumerate(zip(STEPS, told, strict=True), 1)]
    return "step,records\n" + "".join(lines)


def _columns(chain: Chain, measured: Measured, policy: Policy) -> dict[str, Column]:
    levels = section(chain.anonymized.body, "generalized", "columns")
    told = treatments(policy)
    return {
        name: Column(type=kind, role=told[name][0], technique=told[name][1], level=_level(section(levels, name)))
        for name, kind in measured.columns.items()
    }


def _level(told: dict[str, Any]) -> str | None:
    """`level 2 of 5: round_time, to 7d`."""
    return f"level {told['level']} of {told['levels']}: {told['treatment']}" if told else None


def _sources(receipt: dict[str, Any], policy: Policy) -> dict[str, Materials]:
    return {
        name: _materials(section(receipt, "sources", name), source) for name, source in sorted(policy.sources.items())
    }


def _materials(reported: dict[str, Any], source: Source) -> Materials:
    files = [
        SourceFile(id=str(one.get("id")), sha256=one.get("sha256"), bytes=count(one.get("bytes")))
        for one in entries(reported.get("files"))
    ]
    files.sort(key=lambda file: file.id)
    return Materials(**source.provenance.model_dump(), files=tuple(files))


def _accounting(chain: Chain, rows: int, *, released: bool) -> Accounting:
    read = section(chain.receipt, "accounting")
    judged = section(chain.validated, "accounting")
    candidate = section(chain.anonymized.body, "accounting")
    return Accounting(
        read=count(read.get("read")),
        collected=count(read.get("collected")),
        malformed=count(read.get("malformed")),
        skipped=count(read.get("skipped")),
        accepted=count(judged.get("accepted")),
        quarantined=count(judged.get("quarantined")),
        released=rows,
        suppressed=count(candidate.get("suppressed")) if released else 0,
        withheld=count(candidate.get("withheld")) if released else 0,
        refused=0 if released else count(judged.get("accepted")),
    )


def _figures(chain: Chain, measured: Measured) -> dict[str, int | float | None]:
    dimensions = section(chain.validated, "dimensions")
    risk, leaks = section(chain.anonymized.body, "risk"), section(chain.anonymized.body, "leaks")
    candidate = section(chain.anonymized.body, "accounting")
    return {
        "quality_score": number(chain.validated.get("score")),
        **{name: number(dimensions.get(name)) for name in ("completeness", "accuracy", "consistency")},
        "k_smallest": count(risk.get("k_smallest")),
        "subjects": count(risk.get("subjects")),
        **_worst(chain.anonymized.body),
        "residual_identifiers": count(leaks.get("residual")),
        "coincidences": count(leaks.get("coincidences")),
        "candidate_rows": measured.rows,
        "candidate_suppressed": count(candidate.get("suppressed")),
        "candidate_withheld": count(candidate.get("withheld")),
    }


def _worst(anonymized: dict[str, Any]) -> dict[str, int | float | None]:
    """Return the figures of `report.bounds`, whichever the policy asked for."""
    told = section(anonymized, "risk", "bounds")
    return {name: number(told[name]) for name in sorted(told)}


def _expires(policy: Policy) -> str | None:
    days = policy.privacy.retention_days
    if days is None:
        return None
    last = dt.date.max.toordinal()
    return dt.date.fromordinal(min(dt.date.fromisoformat(policy.dataset.as_of).toordinal() + days, last)).isoformat()
