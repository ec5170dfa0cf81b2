"""Sign a release: one bundle with the attestation, and one that OpenSSF model-signing verifies, per signer.

Bundles stand under `data/signatures`, named by the release's statement and the signer. Only a release that verifies
here, but for signatures, is signed; so is a refusal, which can be vouched for too.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError, RefusedError
from custody.records.folder import write_text
from custody.release.statement import STATEMENT
from custody.trust import attestation, bundle, openssf
from custody.trust.attestation import TIME, Predicate
from custody.trust.signers import key_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from custody.release.statement import Statement
    from custody.trust.keyfile import PrivateKey
    from custody.trust.signers import Trust

ATTESTATION: Final = ".sigstore.json"
MODEL: Final = ".model-signing.json"


def bundles(folder: Path) -> dict[str, bytes]:
    """Return the attestation bundles in a folder of signatures by name; none where there is no folder."""
    try:
        found = sorted(path for path in folder.iterdir() if path.name.endswith(ATTESTATION) and not path.is_symlink())
        return {path.name: _limited(path) for path in found}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CustodyError(f"{folder.name}: cannot be read ({error.strerror}); see its permissions") from None


def sign(  # noqa: PLR0913  # all that an attestation tells
    released: Path,
    stated: Statement,
    key: PrivateKey,
    trust: Trust,
    *,
    target: Path,
    commit: str | None,
    now: dt.datetime,
) -> tuple[Path, str]:
    """Write both bundles into `target`; return the attestation's path and the signer's name.

    `CustodyError` where the key is not trusted, or the clock is behind a signature that is there. `now` is in UTC.
    """
    listed = trust.by_key_id().get(key_id(key.public_key()))
    if listed is None:
        raise CustodyError(
            "KEY: is not among the trusted keys; add its line to .custody/trust.yaml and have it reviewed"
        )
    name, signer = listed
    if signer.status != "active":
        raise CustodyError(f"KEY: the key of {name} is {signer.status}; sign with an active one")
    there = bundles(target)
    time = now.strftime(TIME)
    _in_order(there, time)
    statement = (released / STATEMENT).read_bytes()
    digest = hashlib.sha256(statement).hexdigest()
    predicate = Predicate(
        statement=digest,
        dataset=stated.dataset.name,
        decision=stated.decision,
        commit=commit,
        time=time,
        signer=name,
        role=signer.role,
        earlier=tuple(sorted(hashlib.sha256(text).hexdigest() for text in there.values())),
    )
    stem = f"{digest[:16]}.{name}"
    path = target / f"{stem}{ATTESTATION}"
    if path.exists():
        raise RefusedError(f"{path.name}: {name} has signed this release already")
    files = attestation.subjects_of(statement, stated)
    _write(target / f"{stem}{MODEL}", openssf.build(released.name, files), key)
    _write(path, attestation.build(statement, stated, predicate), key)
    return path, name


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
                f"clock: {name} was signed later than this clock says it is; set the clock and sign again"
            )


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(bundle.LIMIT + 1)
