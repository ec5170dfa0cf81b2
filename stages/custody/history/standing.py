"""What is known today of each release of the past: who signed it, who rebuilt it, whether it was withdrawn."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from custody.trust import places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Standing(NamedTuple):
    """Of one statement."""

    signers: tuple[str, ...] = ()
    """Signers whose signatures count."""
    unbelieved: int = 0
    """Signatures of it that do not count: `custody verify` says why."""
    retracted: str | None = None
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
    listed = {hashlib.sha256(text).hexdigest(): text for text in texts}
    trust, withdrawn = places.believed(root, trusted)
    bundles, verdicts = places.signed_and_rebuilt(root, "HEAD")
    found = dict.fromkeys(listed, Standing())
    if bundles or verdicts:
        from custody.history import vouching  # noqa: PLC0415  # late: what verifies, where there is nothing to verify

        found |= vouching.vouched(listed.values(), bundles, verdicts, trust, today)
    for digest in listed:
        if withdrawn is not None and (reason := next(withdrawn.of(digest), None)) is not None:
            found[digest] = found[digest]._replace(retracted=reason.what)
    return found
