"""Verify a release: in the work tree, in a revision of it, or in a folder that came from anywhere.

Trust comes from the verifier. In a revision nothing but data is taken from it: whose signatures count is said by the
keys that the caller hands over, never by the revision itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from custody.errors import RefusedError
from custody.governance import demo
from custody.release import statement as statements
from custody.trust import belonging, checkpoints, contents, materials, rebuilders, signatures
from custody.trust.verdict import Reason, Verdict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from custody.release.statement import Statement
    from custody.trust.belonging import Revision
    from custody.trust.known import Logs
    from custody.trust.retractions import Retractions
    from custody.trust.signers import Trust


@dataclass(frozen=True)
class Asked:
    """What the verifier leaves out or asks for besides."""

    unsigned_ok: bool = False
    """Leave signatures out."""
    require_release: bool = False
    """A refusal does not hold."""
    rebuilders: int = 0
    """How many independent people must have rebuilt it."""


@dataclass(frozen=True)
class Against:
    """What a release is held against."""

    trust: Trust
    bundles: Mapping[str, bytes]
    retractions: Retractions | None
    """None where no list is at hand."""
    today: dt.date
    revision: Revision | None = None
    """What stands beside it; None for a folder that stands alone."""
    audit: Logs | None = None
    """The audit logs that stand beside it; None where none are at hand."""
    refused_later: bool | None = None
    """Whether a later decision was no; None where that is not known."""
    asked: Asked = Asked()
    rebuilds: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Verdicts on rebuilds, by file name."""


def verify(folder: Path, what: str, against: Against) -> Verdict:
    """Return the answer for the release in `folder`, with a reason for each thing that does not hold."""
    try:
        text = statements.text(folder)
        stated = statements.of(text, folder)
    except RefusedError as error:
        return Verdict(what, None, None, (Reason("statement", str(error)),))
    digest = hashlib.sha256(text).hexdigest()
    held = contents.judge(folder, stated, text)
    logs = checkpoints.judge(against.audit) if against.audit is not None else checkpoints.Judged()
    judged = signatures.judge(against.bundles, text, stated, against.trust, against.today.isoformat(), logs.chains)
    made_of = materials.judge(stated, against.revision) if against.revision is not None else materials.Judged()
    rebuilt = _rebuilt(digest, judged, against)
    reasons = [
        *held.reasons,
        *belonging.demo_key(stated),
        *(belonging.differences(stated, held.name, against.revision) if against.revision is not None else ()),
        *made_of.reasons,
        *(_signed(stated, judged) if not against.asked.unsigned_ok else ()),
        *rebuilt.reasons,
        *_still_good(stated, digest, against),
        *logs.reasons,
        *(checkpoints.differences(logs.chains, judged.seen) if against.audit is not None else ()),
    ]
    unasked = judged.notes if not against.asked.unsigned_ok else ()
    notes = (*_notes(against), *made_of.notes, *unasked, *rebuilt.notes, *logs.notes)
    return Verdict(what, stated.decision, digest, tuple(reasons), tuple(sorted(judged.counted)), notes, rebuilt.counted)


def _rebuilt(digest: str, judged: signatures.Judged, against: Against) -> rebuilders.Judged:
    """Judge verdicts on rebuilds; they are signatures too, and left out with them where none is asked for."""
    if against.asked.unsigned_ok and not against.asked.rebuilders:
        return rebuilders.Judged()
    today, needed = against.today.isoformat(), against.asked.rebuilders
    return rebuilders.judge(against.rebuilds, digest, against.trust, today, judged.counted.keys(), needed)


def _signed(stated: Statement, judged: signatures.Judged) -> Iterator[Reason]:
    yield from judged.reasons
    if not judged.counted and not stated.signatures:
        yield Reason("unsigned", "nobody whose key is trusted signed it; --unsigned-ok leaves signatures out")


def _still_good(stated: Statement, digest: str, against: Against) -> Iterator[Reason]:
    if against.retractions is not None:
        yield from against.retractions.of(digest)
    if stated.released and against.refused_later:
        yield Reason("refused_later", "a later decision on this data set is a refusal")
    if stated.released:
        yield from expired(stated, against.today)
    if against.asked.require_release and not stated.released:
        yield Reason("refused", "the gate refused it")


def expired(stated: Statement, today: dt.date) -> Iterator[Reason]:
    """Yield a reason where the retention of the youngest record is over; the demo's people never lived."""
    if stated.expires is not None and today.isoformat() > stated.expires and stated.key.zone != demo.ZONE.name:
        yield Reason("expired", f"the retention of its records ended on {stated.expires}")


def _notes(against: Against) -> Iterator[str]:
    if against.asked.unsigned_ok:
        yield "signatures were left out"
    if against.retractions is None:
        yield "retractions: not checked, no list is at hand"
    if against.refused_later is None:
        yield "later refusals: not checked, no history is at hand"
    if against.revision is None:
        yield "policy, code and lock file: not checked, the folder stands alone"
    if against.audit is None:
        yield "audit log: not checked, none is at hand"
    elif against.audit.repository is None:
        yield "audit log: whose repository it is was not checked, history is not at hand"
