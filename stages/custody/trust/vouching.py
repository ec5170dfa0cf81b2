"""May this release be opened? Who vouches for it, whether it still may be, and what of that could not be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.errors import RefusedError, plain
from custody.governance import made_here
from custody.records import digest
from custody.trust import belonging, checkpoints, rebuilders, signatures, verifying

if TYPE_CHECKING:
    import datetime as dt

    from custody.release.statement import Statement
    from custody.trust.known import Known


def vouched(name: str, text: bytes, stated: Statement, known: Known, today: dt.date) -> str:
    """Say who vouches for a release and what was not checked; `RefusedError` where nobody does, or no longer.

    `text` are the bytes of the statement, `name` that of the folder.
    """
    withdrawn, release = known.retractions, digest.sha256(text)
    faults = [
        *(withdrawn.of(release) if withdrawn is not None else ()),
        *rebuilders.judge(known.rebuilds, release, known.trust, today.isoformat(), (), 0).reasons,
        *belonging.demo_key(stated),
        *verifying.expired(stated, today),
    ]
    if faults:
        raise RefusedError(f"{name}: {plain(faults[0].what)}")
    if known.refused_later:
        raise RefusedError(f"{name}: a later decision on this data set is a refusal; see: custody verify")
    notes = "" if withdrawn is not None else ", retractions not checked"
    notes += "" if known.refused_later is not None else ", later refusals not checked"
    return _signers(name, text, stated, known, today) + notes


def _signers(name: str, text: bytes, stated: Statement, known: Known, today: dt.date) -> str:
    compromised = any(one.status == "compromised" for one in known.trust.signers.values())
    chains = checkpoints.judge(known.audit).chains if compromised and known.audit is not None else {}
    judged = signatures.judge(known.bundles, text, stated, known.trust, today.isoformat(), chains)
    if judged.counted and not judged.reasons:
        return f"signed by {', '.join(sorted(judged.counted))}"
    if not stated.signatures and made_here.is_marked(digest.sha256(text)):
        return "local, unsigned"
    why = (
        "; ".join(one.what for one in judged.reasons)
        or "nobody whose key you trust signed it, and it was not made here"
    )
    raise RefusedError(f"{name}: {plain(why)}; see: custody verify")
