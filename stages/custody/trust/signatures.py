"""Which signatures of a release count, and are they enough?

A signature counts where the verifier believes the key: it stands in the verifier's own list, its role is one that the
release asks for, and it was used within its days. One key, and one signer, counts once. A compromised key counts only
for bundles that a checkpoint of a believed key covers, taken before the key was lost where that day is known: it names
them as earlier, or covers the entry of an audit log that saw them made.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from custody.errors import RefusedError
from custody.trust import attestation, bundle
from custody.trust.checkpoints import Seen
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.governance.audit.chain import Chain
    from custody.release.statement import Statement
    from custody.trust.attestation import Predicate
    from custody.trust.signers import Signer, Trust


@dataclass(frozen=True)
class _Signed:
    name: str
    signer: Signer
    predicate: Predicate
    subjects: Mapping[str, str]
    digest: str
    """SHA-256 of the bundle."""


@dataclass(frozen=True)
class Judged:
    """Signers that count, by name with their role; and what speaks against."""

    counted: dict[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    seen: tuple[Seen, ...] = ()
    """Checkpoints of audit logs that believed attestations took, of whichever release."""


def judge(  # noqa: PLR0913, PLR0917  # what is judged, and by what
    bundles: Mapping[str, bytes],
    statement: bytes,
    stated: Statement,
    trust: Trust,
    today: str,
    chains: Mapping[str, Chain] = MappingProxyType({}),
) -> Judged:
    """Judge all bundles that lie beside a release, by file name; those of other releases are checkpoints only.

    `today` is the verifier's day, YYYY-MM-DD; `chains` are audit logs by writer.
    """
    reasons: list[Reason] = []
    signed = [one for name in sorted(bundles) for one in _signed(name, bundles[name], trust, reasons)]
    known = _covered(signed, chains)
    mine = [one for one in signed if one.predicate.statement == hashlib.sha256(statement).hexdigest()]
    subjects = attestation.subjects_of(statement, stated)
    counted: dict[str, str] = {}
    for one in mine:
        faults = list(_faults(one, known, today))
        if one.subjects != subjects:
            faults.append(Reason("signature", f"{one.name}: signed other files than the statement lists"))
        reasons += faults
        if not faults:
            counted[one.name] = one.predicate.role
    reasons += _enough(counted, stated.signatures)
    return Judged(counted, tuple(reasons), _seen(signed, known))


def checkpoints(bundles: Mapping[str, bytes], trust: Trust, chains: Mapping[str, Chain]) -> tuple[Seen, ...]:
    """Return the checkpoints of audit logs that believed attestations took; what is wrong with a bundle is not said."""
    signed = [one for name in sorted(bundles) for one in _signed(name, bundles[name], trust, [])]
    return _seen(signed, _covered(signed, chains))


def doubtful(bundles: Mapping[str, bytes], trust: Trust) -> frozenset[str]:
    """Return the bundles by compromised keys that nobody saw in time, by SHA-256: no signer must vouch for having."""
    signed = [one for name in sorted(bundles) for one in _signed(name, bundles[name], trust, [])]
    return frozenset(one.digest for one in signed if one.signer.status == "compromised") - _covered(signed, {})


def _signed(name: str, text: bytes, trust: Trust, reasons: list[Reason]) -> Iterator[_Signed]:
    """Yield the attestation of a bundle by a listed key; say what is wrong with any other that is an attestation."""
    try:
        opened = bundle.read(text, name)
        if not attestation.is_release(opened.payload):
            return
        predicate, subjects = attestation.read(opened.payload, name)
    except RefusedError as error:
        reasons.append(Reason("signature", str(error)))
        return
    listed = trust.by_key_id().get(opened.hint)
    if listed is None:
        reasons.append(Reason("signer", f"{name}: its key is not among the trusted ones"))
    elif not opened.is_by(listed[1].public_key()):
        reasons.append(Reason("signature", f"{name}: the signature is not over what it holds"))
    elif listed[0] != predicate.signer or listed[1].role != predicate.role:
        reasons.append(Reason("role", f"{name}: signed as another signer or role than its key is trusted for"))
    else:
        yield _Signed(*listed, predicate, subjects, hashlib.sha256(text).hexdigest())


def _covered(signed: list[_Signed], chains: Mapping[str, Chain]) -> frozenset[str]:
    """Return the bundles of compromised keys that a checkpoint covers which was taken before the key was lost."""
    sound = [one for one in signed if one.signer.status != "compromised" and _in_its_days(one)]
    lost = [one for one in signed if one.signer.status == "compromised"]
    return frozenset(one.digest for one in lost if any(_covers(other.predicate, one, chains) for other in sound))


def _covers(predicate: Predicate, one: _Signed, chains: Mapping[str, Chain]) -> bool:
    """Say whether an attestation saw a bundle, beside it or, where the day of the loss is known, as an entry of a log.

    Whoever has the key can write such an entry into a log of his own, and a signer covers all logs that are there.
    """
    since = one.signer.since
    if since is None:
        return one.digest in predicate.earlier
    held = [(chains[head.writer], head) for head in predicate.heads if head.writer in chains]
    entries = (
        log.bundles.get(one.digest, head.entries + 1) <= head.entries for log, head in held if log.goes_on_from(head)
    )
    return predicate.day < since and (one.digest in predicate.earlier or any(entries))


def _in_its_days(one: _Signed) -> bool:
    return one.signer.from_ <= one.predicate.day <= one.signer.until


def _seen(signed: list[_Signed], known: frozenset[str]) -> tuple[Seen, ...]:
    believed = [one for one in signed if one.signer.status != "compromised" or one.digest in known]
    return tuple(Seen(one.name, head) for one in believed for head in one.predicate.heads)


def _faults(one: _Signed, known: frozenset[str], today: str) -> Iterator[Reason]:
    day, signer = one.predicate.day, one.signer
    if not _in_its_days(one):
        yield Reason(
            "key_expired", f"{one.name}: signed on {day}, and the key is good from {signer.from_} to {signer.until}"
        )
    if day > today:
        yield Reason("clock", f"{one.name}: signed on {day}, which is still to come; a clock is wrong")
    if signer.status == "compromised" and one.digest not in known:
        yield Reason(
            "key_compromised", f"{one.name}: the key is compromised, and no believed key saw this signature before"
        )


def _enough(counted: Mapping[str, str], needed: Mapping[str, int]) -> Iterator[Reason]:
    have = Counter(counted.values())
    for role, number in sorted(needed.items()):
        if have[role] < number:
            yield Reason("threshold", f"{have[role]} of {number} signatures of role {role} count")
