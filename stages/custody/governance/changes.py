"""Changes of keys, and who may open what: no entry in the audit log, no change."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from custody.governance.audit import log
from custody.governance.audit.entry import Event

if TYPE_CHECKING:
    from collections.abc import Iterable


def begin(
    what: Literal["init", "rotate", "grant", "revoke"], zone: str, parts: Iterable[str], keys: Iterable[str] = ()
) -> None:
    """Return once the entry of a change that is about to be made is on the disk; `CustodyError` where it cannot be.

    `parts` are compartments, or domains that begin an epoch. Of the public `keys` of recipients it holds a fingerprint,
    since names of people would stand in the log for good.
    """
    recipients = tuple(sha256(key.encode()).hexdigest()[:16] for key in keys)
    log.record(Event("keys", about={"change": what, "zone": zone, "parts": tuple(parts), "recipients": recipients}))
