"""Public keys that secrets are wrapped to: age's own (X25519) and SSH's Ed25519 (https://age-encryption.org/v1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Callable

SSH = "ssh-ed25519"


def canonical(text: str, place: str) -> str:
    """Return a public key in one spelling, without a comment; `CustodyError` for what is none or of another type."""
    words = text.split()
    shown = " ".join(words[:2]) if words[:1] == [SSH] else text.strip()
    parse(shown, place)
    return shown


def parse(text: str, place: str) -> Any:
    """Return pyrage's recipient; `place` names the key in a message."""
    import pyrage  # noqa: PLC0415  # late: only those who share secrets need it

    kinds: dict[str, Callable[[str], Any]] = {
        "age1": pyrage.x25519.Recipient.from_str,
        f"{SSH} ": pyrage.ssh.Recipient.from_str,
    }
    for prefix, read in kinds.items():
        if text.startswith(prefix):
            try:
                return read(text)
            except pyrage.RecipientError:
                break
    raise CustodyError(f"{place}: is no public key of a known type; give one of age (age1…) or ssh-ed25519")
