"""Sign a change of policy off, and judge which sign-offs of it count.

Bundles stand under `data/signatures/approvals` of the proposal, where they prove nothing but what a believed key
signed. Whose keys count, and how many of which role, is said by the verifier, or by the revision that the proposal
starts from; never by the proposal. `approvals` of `.custody/trust.yaml` names the roles:

    approvals:
      approver: 1          # where nothing is said: one, of the role approver

A sign-off is asked for now, before a merge, and can be given anew. So it is held to more than the signature of a
release: the key must be active and good on this day as well as on that of signing, and a sign-off that the history of
BASE holds already was used up by an earlier merge.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.errors import RefusedError, plain
from custody.records.plain import write_text
from custody.trust import approval, bundle, signing, stored
from custody.trust.approval import Predicate
from custody.trust.attestation import TIME

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from custody.trust.approval import Subjects
    from custody.trust.keyfile import PrivateKey
    from custody.trust.signers import Signer, Trust

FOLDER: Final = "data/signatures/approvals"


@dataclass(frozen=True)
class SignOff:
    """Which sign-offs of a change count, and whether they are enough."""

    needed: Mapping[str, int]
    """How many signers of which role, each of another owner, are asked for."""
    counted: Mapping[str, str]
    """Role of each signer that counts, by name."""
    reasons: tuple[str, ...] = ()
    """Why each other sign-off that the proposal brings does not count."""
    said: tuple[str, ...] = ()
    """What the signers that count said."""

    @property
    def holds(self) -> bool:
        """Whether enough of them count."""
        have = Counter(self.counted.values())
        return all(have[role] >= number for role, number in self.needed.items())

    def json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {**asdict(self), "holds": self.holds}

    def lines(self) -> list[str]:
        """Return the answer, then a line for each sign-off that counts or does not."""
        have = Counter(self.counted.values())
        asked = ", ".join(f"{have[role]} of {number} {role}" for role, number in sorted(self.needed.items()))
        return [f"sign-off: {'holds' if self.holds else 'missing'} ({asked})", *(f"  {one}" for one in self._more())]

    def _more(self) -> Iterable[str]:
        return (*self.said, *(f"does not count: {one}" for one in self.reasons))


def approve(  # noqa: PLR0913  # all that an approval tells
    subjects: Subjects,
    key: PrivateKey,
    trust: Trust,
    *,
    asked: Collection[str],
    target: Path,
    now: dt.datetime,
    reason: str | None = None,
) -> tuple[Path, str]:
    """Sign a change off; the bundle goes into `target`. Return its path and the signer's name. `now` is in UTC.

    `CustodyError` where the key is not trusted today; `RefusedError` where its role is none of those `asked`.
    """
    time = now.strftime(TIME)
    name, signer = signing.listed(key, trust)
    signing.good(name, signer, time[:10])
    if signer.role not in asked:
        raise RefusedError(f"KEY: {name} has the role {signer.role}, and a sign-off needs {', '.join(sorted(asked))}")
    payload = approval.build(subjects, Predicate(time=time, signer=name, role=signer.role, reason=reason))
    path = target / f"{digest(payload)[:16]}.{name}{stored.ATTESTATION}"
    write_text(path, json.dumps(bundle.sign(payload, key), sort_keys=True, indent=2) + "\n")
    return path, name


def judge(
    bundles: Mapping[str, bytes], subjects: Subjects, trust: Trust, today: str, spent: Collection[str]
) -> SignOff:
    """Judge the sign-offs in `bundles`, by file name, for one change.

    `spent` are the digests of payloads that an earlier merge used up; `today` is YYYY-MM-DD.
    """
    needed = trust.approving()
    counted: dict[str, str] = {}
    reasons, said = [], []
    for file, text in sorted(bundles.items()):
        try:
            opened = bundle.read(text, plain(file))
            predicate, signed = approval.read(opened.payload, plain(file))
            other = approval.differs(signed, subjects)
            if digest(opened.payload) in spent and other is not None:
                continue  # of a change that was merged
            _counts(opened, predicate, trust, needed, today)
            _is_of_this(predicate, other, used=digest(opened.payload) in spent)
        except RefusedError as error:
            reasons.append(plain(str(error)))
            continue
        if twin := _same_owner(predicate.signer, counted, trust):
            reasons.append(f"{predicate.signer}'s is of the same owner as {twin}'s, and an owner counts once")
            continue
        if predicate.signer not in counted:
            why = f": {plain(predicate.reason)}" if predicate.reason else ""
            said.append(f"signed off by {predicate.signer} ({predicate.role}) on {predicate.day}{why}")
        counted[predicate.signer] = predicate.role
    return SignOff(dict(needed), counted, tuple(reasons), tuple(said))


def _same_owner(name: str, counted: Mapping[str, str], trust: Trust) -> str | None:
    """Return who of the same role and owner counts already, under another name."""
    one = trust.signers[name]
    held = (other for other, role in counted.items() if other != name and role == one.role)
    return next((other for other in held if trust.signers[other].holder == one.holder), None)


def _is_of_this(predicate: Predicate, other: str | None, *, used: bool) -> None:
    if other is not None:
        raise RefusedError(f"{predicate.signer}'s {other}")
    if used:
        raise RefusedError(f"{predicate.signer}'s was used up by an earlier merge; sign off anew")


def spent(texts: Iterable[bytes]) -> frozenset[str]:
    """Return the digests of the payloads in bundles that history holds; what is no bundle was never one that counted.

    The payload is what counts: bundle and signature can be written in other bytes.
    """
    found = set()
    for text in texts:
        try:
            found.add(digest(bundle.read(text, "").payload))
        except RefusedError:
            continue
    return frozenset(found)


def digest(payload: bytes) -> str:
    """Return what a sign-off is known by: the SHA-256 of what is signed."""
    return hashlib.sha256(payload).hexdigest()


def _counts(opened: bundle.Opened, predicate: Predicate, trust: Trust, needed: Collection[str], today: str) -> None:
    """Refuse a sign-off by a key that is not believed, or not for this, or not now."""
    listed = trust.by_key_id().get(opened.hint)
    if listed is None:
        raise RefusedError(f"{predicate.signer}'s key is not among the trusted ones")
    name, signer = listed
    if not opened.is_by(signer.public_key()):
        raise RefusedError(f"{name}'s signature is not over what it holds")
    if (name, signer.role) != (predicate.signer, predicate.role):
        raise RefusedError(f"{name} signed as another signer or role than the key is trusted for")
    if signer.role not in needed:
        raise RefusedError(f"{name} has the role {signer.role}, and none of it is asked for")
    _now(name, signer, predicate.day, today)


def _now(name: str, signer: Signer, day: str, today: str) -> None:
    if signer.status != "active":
        raise RefusedError(f"{name}'s key is {signer.status}")
    if not signer.from_ <= day <= today <= signer.until:
        raise RefusedError(
            f"{name} signed on {day}, the key is good from {signer.from_} to {signer.until}, and today is {today}"
        )
