"""Who signed each release of the past, and who rebuilt it: of those whom the verifier believes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from custody.errors import CustodyError, RefusedError
from custody.history.standing import Standing
from custody.records.strict import strict_json
from custody.release import stated
from custody.trust import attestation, bundle, rebuilders, rebuilds, signatures, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from custody.trust.signers import Trust

    Bundles = Mapping[str, bytes]


def vouched(
    texts: Iterable[bytes], bundles: Bundles, verdicts: Bundles, trust: Trust, today: str
) -> Iterator[tuple[str, Standing]]:
    """Yield the SHA-256 of each statement and its standing, but for whether it was withdrawn.

    Both `bundles` and `verdicts` are by file name; `today` is YYYY-MM-DD.
    """
    told, rebuilt = _by_statement(bundles, _signed), _by_statement(verdicts, _rebuilt)
    for text in texts:
        digest = hashlib.sha256(text).hexdigest()
        own = {name: bundles[name] for name in told.get(digest, ())}
        counted = _counted(bundles if _compromised(trust) else own, text, trust, today)
        built = {name: verdicts[name] for name in rebuilt.get(digest, ())}
        judged = rebuilders.judge(built, digest, trust, today, counted, 0)
        against = tuple(one.what for one in judged.reasons)
        yield digest, Standing(counted, max(0, len(own) - len(counted)), None, judged.counted, against)


def _counted(bundles: Mapping[str, bytes], text: bytes, trust: Trust, today: str) -> tuple[str, ...]:
    if not bundles:
        return ()
    try:
        told = stated.parse(strict_json(text), stated.STATEMENT)
    except (CustodyError, ValueError, AttributeError, RecursionError):
        return ()
    return tuple(sorted(signatures.judge(bundles, text, told, trust, today).counted))


def _compromised(trust: Trust) -> bool:
    """Say whether a signature may count for what another one says: then all are looked at together."""
    return any(signer.status == "compromised" for signer in trust.signers.values())


def _by_statement(bundles: Mapping[str, bytes], of: Callable[[bytes, str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in sorted(bundles.items()):
        if not name.endswith(stored.ATTESTATION):
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
