"""What is known today of each release of the past: who signed it, who rebuilt it, whether it was withdrawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.errors import CustodyError, RefusedError
from custody.release import statement
from custody.trust import attestation, bundle, places, rebuilders, rebuilds, signatures, signing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from custody.trust.signers import Trust


@dataclass(frozen=True)
class Standing:
    """Of one statement."""

    signers: tuple[str, ...]
    """Signers whose signatures count."""
    unbelieved: int
    """Signatures of it that do not count: `custody verify` says why."""
    retracted: str | None
    """When and why it was withdrawn."""
    rebuilders: tuple[str, ...] = ()
    """Who rebuilt it and found it as it is: of each owner one, and none who signed it."""
    rebuilt_otherwise: tuple[str, ...] = ()
    """What believed rebuilders say against it."""


def standings(root: Path, texts: Iterable[bytes], trusted: Path | None, today: str) -> dict[str, Standing]:
    """Return the standing of each statement by its SHA-256; `today` is YYYY-MM-DD.

    Signatures and verdicts on rebuilds are those of HEAD and of the work tree. `CustodyError` where trusted keys or
    retractions cannot be read.
    """
    trust = places.trusted(root, trusted)
    withdrawn = places.retracted(root, None)
    bundles, verdicts = places.signed_and_rebuilt(root, "HEAD")
    told, rebuilt = _by_statement(bundles, _signed), _by_statement(verdicts, _rebuilt)
    found = {}
    for text in texts:
        digest = hashlib.sha256(text).hexdigest()
        own = {name: bundles[name] for name in told.get(digest, ())}
        counted = _counted(bundles if _compromised(trust) else own, text, trust, today)
        reason = next(iter(withdrawn.of(digest)), None) if withdrawn else None
        built = {name: verdicts[name] for name in rebuilt.get(digest, ())}
        judged = rebuilders.judge(built, digest, trust, today, counted, 0)
        against = tuple(one.what for one in judged.reasons)
        withdrawn_for = reason.what if reason else None
        found[digest] = Standing(counted, max(0, len(own) - len(counted)), withdrawn_for, judged.counted, against)
    return found


def _counted(bundles: Mapping[str, bytes], text: bytes, trust: Trust, today: str) -> tuple[str, ...]:
    if not bundles:
        return ()
    try:
        stated = statement.parse(bundle.strict_json(text), "statement.json")
    except (CustodyError, ValueError, AttributeError, RecursionError):
        return ()
    return tuple(sorted(signatures.judge(bundles, text, stated, trust, today).counted))


def _compromised(trust: Trust) -> bool:
    """Say whether a signature may count for what another one says: then all are looked at together."""
    return any(signer.status == "compromised" for signer in trust.signers.values())


def _by_statement(bundles: Mapping[str, bytes], of: Callable[[bytes, str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in sorted(bundles.items()):
        if not name.endswith(signing.ATTESTATION):
            continue
        try:
            statement = of(bundle.read(text, name).payload, name)
        except RefusedError:
            continue  # verifying names it
        found.setdefault(statement, []).append(name)
    return found


def _signed(payload: bytes, name: str) -> str:
    return attestation.read(payload, name)[0].statement


def _rebuilt(payload: bytes, name: str) -> str:
    return rebuilds.read(payload, name).verdict.statement
