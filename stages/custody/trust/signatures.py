"""Which signatures of a release count, and are they enough?

A signature counts where the verifier believes the key: it stands in the verifier's own list, its role is one that the
release asks for, and it was used within its days. One owner counts once for a role, however many keys and names he
has. A compromised key counts only
for bundles that a checkpoint of a believed key covers, taken before the key was lost where that day is known: it names
them as earlier, or covers the entry of an audit log that saw them made.

Whoever can add a bundle must not be able to spoil a release with it: once enough signatures count, one that does not
is a note, and one of another release always is. A bundle that is corrupt, or whose signature is not over what it holds,
speaks against the release that it names.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from custody.errors import RefusedError
from custody.trust import attestation, bundle
from custody.trust.known import Seen
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from custody.governance.audit.chain import Chain
    from custody.release.stated import Stated
    from custody.release.statement import Statement
    from custody.trust.attestation import Predicate
    from custody.trust.signers import Signer, Trust

_FAULTY: Final = "signature"
"""Code of what speaks against a release however many signatures count."""


@dataclass(frozen=True)
class _Signed:
    name: str
    """Of the signer."""
    signer: Signer
    predicate: Predicate
    subjects: Mapping[str, str]
    digest: str
    """SHA-256 of the bundle."""


@dataclass(frozen=True)
class _Against:
    reason: Reason
    statement: str | None
    """SHA-256 of the statement that the bundle names; None where that cannot be told."""


@dataclass(frozen=True)
class Judged:
    """Signers that count, by name with their role; and what speaks against."""

    counted: dict[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    """Signatures that are not believed, and not needed."""
    seen: tuple[Seen, ...] = ()
    """Checkpoints of audit logs that believed attestations took, of whichever release."""


def judge(  # noqa: PLR0913, PLR0917  # what is judged, and by what
    bundles: Mapping[str, bytes],
    statement: bytes,
    stated: Statement | Stated,
    trust: Trust,
    today: str,
    chains: Mapping[str, Chain] = MappingProxyType({}),
) -> Judged:
    """Judge all bundles that lie beside a release, by file name; those of other releases are checkpoints only.

    `today` is the verifier's day, YYYY-MM-DD; `chains` are audit logs by writer.
    """
    against: list[_Against] = []
    signed = [one for name in sorted(bundles) for one in _signed(name, bundles[name], trust, against)]
    known, digest = _covered(signed, chains), hashlib.sha256(statement).hexdigest()
    subjects = attestation.subjects_of(statement, stated)
    asked = stated.signatures.keys() or trust.vouching()
    reasons = [one.reason for one in against if one.statement in {None, digest}]
    counted: dict[str, str] = {}
    for one in (one for one in signed if one.predicate.statement == digest):
        faults = list(_faults(one, known, today, asked))
        if one.subjects != subjects:
            faults.append(Reason("signature", f"{one.name}: signed other files than the statement lists"))
        reasons += faults
        if not faults:
            counted[one.name] = one.predicate.role
    notes = list(_of_others(against, digest))
    short = list(_enough(counted, trust, stated.signatures))
    if counted and not short:
        notes += [f"not counted, and not needed: {one.what}" for one in reasons if one.code != _FAULTY]
        reasons = [one for one in reasons if one.code == _FAULTY]
    return Judged(counted, (*reasons, *short), tuple(notes), _seen(signed, known))


def checkpoints(bundles: Mapping[str, bytes], trust: Trust, chains: Mapping[str, Chain]) -> tuple[Seen, ...]:
    """Return the checkpoints of audit logs that believed attestations took; what is wrong with a bundle is not said."""
    signed = [one for name in sorted(bundles) for one in _signed(name, bundles[name], trust, [])]
    return _seen(signed, _covered(signed, chains))


def doubtful(bundles: Mapping[str, bytes], trust: Trust) -> frozenset[str]:
    """Return the bundles by compromised keys that nobody saw in time, by SHA-256: no signer must vouch for having."""
    signed = [one for name in sorted(bundles) for one in _signed(name, bundles[name], trust, [])]
    return frozenset(one.digest for one in signed if one.signer.status == "compromised") - _covered(signed, {})


def _signed(name: str, text: bytes, trust: Trust, against: list[_Against]) -> Iterator[_Signed]:
    """Yield the attestation of a bundle by a listed key; say what is wrong with any other that is an attestation."""

    def say(code: str, what: str, statement: str | None = None) -> None:
        against.append(_Against(Reason(code, what), statement))

    try:
        opened = bundle.read(text, name)
        if not attestation.is_release(opened.payload):
            return
        predicate, subjects = attestation.read(opened.payload, name)
    except RefusedError as error:
        say(_FAULTY, str(error))
        return
    named = predicate.statement
    listed = trust.by_key_id().get(opened.hint)
    if listed is None:
        say("signer", f"{name}: its key is not among the trusted ones", named)
    elif not opened.is_by(listed[1].public_key()):
        say(_FAULTY, f"{name}: the signature is not over what it holds", named)
    elif listed[0] != predicate.signer or listed[1].role != predicate.role:
        say("role", f"{name}: signed as another signer or role than its key is trusted for", named)
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


def _of_others(against: list[_Against], digest: str) -> Iterator[str]:
    """Yield one line for all that is wrong with signatures of other releases."""
    number = sum(one.statement not in {None, digest} for one in against)
    if number:
        yield f"signatures of other releases that are not believed: {number:,}"


def _faults(one: _Signed, known: frozenset[str], today: str, asked: Collection[str]) -> Iterator[Reason]:
    day, signer = one.predicate.day, one.signer
    if signer.role not in asked:
        yield Reason("role", f"{one.name}: has the role {signer.role}, and no signature of it is asked for")
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


def _enough(counted: Mapping[str, str], trust: Trust, needed: Mapping[str, int]) -> Iterator[Reason]:
    for role, number in sorted(needed.items()):
        held: dict[str, list[str]] = {}
        for name in sorted(name for name, own in counted.items() if own == role):
            held.setdefault(trust.signers[name].holder, []).append(name)
        if len(held) < number:
            once = [f"{', '.join(names)} are of one owner and count once" for names in held.values() if len(names) > 1]
            what = [f"{len(held)} of {number} signatures of role {role} count", *once]
            yield Reason("threshold", "; ".join(what))
