"""A secret for one recipient: an age file (https://age-encryption.org/v1) that also says which secret it is.

Zone, compartment and epoch stand inside, so that a wrapped secret opens in no other's place.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance import recipients
from custody.governance.texts import decoded, encoded

if TYPE_CHECKING:
    from custody.governance.compartments import Wanted
    from custody.governance.identity import Identity


def wrap(secret: bytes, wanted: Wanted, epoch: int, recipient: str) -> str:
    """Return the secret, wrapped, as one line of base64; never the same twice."""
    import pyrage  # noqa: PLC0415

    inside = {**_named(wanted, epoch), "secret": encoded(secret, wanted.compartment)}
    sealed = pyrage.encrypt(json.dumps(inside).encode(), [recipients.parse(recipient, "recipient")])
    return base64.b64encode(sealed).decode()


def unwrap(text: str, wanted: Wanted, epoch: int, identity: Identity) -> bytes:
    """Return the secret; `CustodyError` where it was altered, is for somebody else, or is another one than `wanted`."""
    import pyrage  # noqa: PLC0415

    again = "restore the file, or ask a holder: custody keys grant"
    try:
        inside = json.loads(pyrage.decrypt(base64.b64decode(text, validate=True), [identity.opens]))
        secret = inside.pop("secret")
    except (pyrage.DecryptError, binascii.Error, ValueError, AttributeError, TypeError, KeyError):
        raise CustodyError(f"wrapped secret: of {wanted.told} was altered or does not open for you; {again}") from None
    if inside != _named(wanted, epoch) or not isinstance(secret, str):
        raise CustodyError(f"wrapped secret: is another one than that of {wanted.told}, epoch {epoch}; {again}")
    return decoded(secret, wanted, "wrapped secret")


def _named(wanted: Wanted, epoch: int) -> dict[str, str | int]:
    return {"zone": wanted.zone, "compartment": wanted.compartment, "epoch": epoch}
