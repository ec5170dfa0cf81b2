"""The gate's work: open the chain, measure the candidate, decide, and record the decision.

Nothing readable is written before the decision is yes, and the folder changes as a whole: a gate that stops leaves
the earlier release as it was, a gate that refuses leaves its statement alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.records.replacing import replace_folder
from custody.release import candidate, statement
from custody.release.chain import open_chain
from custody.release.decision import decide
from custody.release.stating import state

if TYPE_CHECKING:
    from pathlib import Path

    from custody.policy import Policy
    from custody.records.run import Run
    from custody.records.zone import Zone


def record(  # noqa: PLR0913, PLR0917  # what a stage is: what it reads, where to, under what, and how
    anonymized: Path, released: Path, policy: Policy, zone: Zone, run: Run, code: str
) -> statement.Statement:
    """Decide on the candidate and put the release, or the refusal, in `released`; return its statement.

    The folders `collected` and `validated` stand beside `anonymized`; of them only the receipts are read.
    `code` is the digest of the gate's own code; the receipts tell that of the other stages.
    `CustodyError` when chain or candidate do not belong together; `released` is then untouched.
    """
    chain = open_chain(anonymized, zone, policy)
    measured = candidate.measure(chain.anonymized, policy.gate.license_column, policy.gate.licenses, run)
    decision = decide(chain.receipt, chain.validated, chain.anonymized.body, measured, policy)
    with replace_folder(released) as fresh:
        files = candidate.release(chain.anonymized, measured, fresh, run) if decision.released else ()
        stated = state(chain, decision, measured, files, policy, code)
        statement.write(fresh, stated)
    return stated
