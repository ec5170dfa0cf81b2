"""Sign a release: one bundle with the attestation, and one that OpenSSF model-signing verifies, per signer.

Bundles stand under `data/signatures`, named by the release's statement and the signer. Only a release that verifies
here, but for signatures, is signed; so is a refusal, which can be vouched for too.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError, RefusedError, plain
from custody.records.plain import write_text
from custody.trust import attestation, bundle, openssf, signatures, stored
from custody.trust.attestation import TIME, Checkpoint, Predicate
from custody.trust.signers import key_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from custody.governance.audit.entry import Head
    from custody.trust.keyfile import PrivateKey
    from custody.trust.signers import Signer, Trust

MODEL: Final = ".model-signing.json"


def sign(  # noqa: PLR0913  # all that an attestation tells
    released: Path,
    statement: bytes,
    key: PrivateKey,
    trust: Trust,
    *,
    target: Path,
    commit: str | None,
    audit: Iterable[Head],
    now: dt.datetime,
) -> tuple[Path, str]:
    """Sign the release in `released` whose statement has these bytes; both bundles go into `target`.

    Return the attestation's path and the signer's name. `audit` says where each audit log stands; `now` is in UTC.
    `CustodyError` where the key is not trusted today, or the clock is behind a signature that is there.
    """
    from custody.release import statement as statements  # noqa: PLC0415  # late: its models, which no reader needs

    time, there = now.strftime(TIME), stored.bundles(target)
    name, signer = listed(key, trust)
    good(name, signer, time[:10])
    _in_order(there, time)
    stated, digest = statements.of(statement, released), hashlib.sha256(statement).hexdigest()
    predicate = Predicate(
        statement=digest,
        dataset=stated.dataset.name,
        decision=stated.decision,
        commit=commit,
        time=time,
        signer=name,
        role=signer.role,
        earlier=_earlier(there, trust),
        audit={one.writer: Checkpoint(entries=str(one.entries), digest=one.digest) for one in audit},
    )
    stem = f"{digest[:16]}.{name}"
    path = target / f"{stem}{stored.ATTESTATION}"
    if path.exists():
        raise RefusedError(f"{path.name}: {name} has signed this release already")
    files = attestation.subjects_of(statement, stated)
    _write(target / f"{stem}{MODEL}", openssf.build(released.name, files), key)
    _write(path, attestation.build(statement, stated, predicate), key)
    return path, name


def listed(key: PrivateKey, trust: Trust) -> tuple[str, Signer]:
    """Return whose key it is; `CustodyError` where it is not trusted."""
    found = trust.by_key_id().get(key_id(key.public_key()))
    if found is None:
        raise CustodyError(
            "KEY: is not among the trusted keys; add its line to .custody/trust.yaml and have it reviewed"
        )
    return found


def good(name: str, signer: Signer, day: str) -> None:
    """Stop where a signature of this day would not count: it could not be replaced either."""
    if signer.status != "active":
        raise CustodyError(f"KEY: the key of {name} is {signer.status}; sign with an active one")
    if not signer.from_ <= day <= signer.until:
        raise CustodyError(
            f"KEY: the key of {name} is good from {signer.from_} to {signer.until}, and today is {day}; "
            "sign with one that is good today"
        )


def _earlier(there: Mapping[str, bytes], trust: Trust) -> tuple[str, ...]:
    """Return the digests of the bundles that are there, but for those that a compromised key may have made since."""
    digests = {hashlib.sha256(text).hexdigest() for text in there.values()}
    return tuple(sorted(digests - signatures.doubtful(there, trust)))


def _write(path: Path, payload: bytes, key: PrivateKey) -> None:
    write_text(path, json.dumps(bundle.sign(payload, key), sort_keys=True, indent=2) + "\n")


def _in_order(there: Mapping[str, bytes], time: str) -> None:
    """Stop where a signature that is there was made later than now: a clock was set back."""
    for name, text in there.items():
        try:
            earlier, _ = attestation.read(bundle.read(text, name).payload, name)
        except RefusedError:
            continue  # verifying will name it; it is no reason not to sign
        if earlier.time > time:
            raise CustodyError(
                f"clock: {plain(name)} was signed later than this clock says it is; set the clock and sign again"
            )
