"""Where secrets come from, in one order: the first source that has the secret of the wanted fingerprint gives it.

1. the environment, 2. the key command, 3. the keyring, 4. what is wrapped to the user in the repository. A source that
has none, or one of another epoch, is passed over; one that is unusable stops, and no later one is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.governance import command, environment, keyring, wrapped
from custody.governance.texts import fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from custody.governance.compartments import Compartment, Wanted

SOURCES: Final[dict[str, Callable[[Wanted], bytes | None]]] = {
    "the environment": environment.ask,
    "the key command": command.ask,
    "the keyring": keyring.ask,
    ".custody/keys": wrapped.ask,
}
_FIELDS: Final[dict[Compartment, str]] = {
    "pipeline": "keys.check",
    "reidentify": "privacy.reidentify",
    "release": "--key",
}


def find(wanted: Wanted) -> bytes:
    """Return a secret; `CustodyError` says which source has another one, or what to do where none has any."""
    others = []
    for name, ask in SOURCES.items():
        secret = ask(wanted)
        if secret is not None and fits(secret, wanted):
            return secret
        others += [name] if secret is not None else []
    raise CustodyError(_other(others[0], wanted) if others else _none(wanted))


def _other(source: str, wanted: Wanted) -> str:
    what = "for reversible pseudonyms of zone" if wanted.compartment == "reidentify" else "for zone"
    field = _FIELDS[wanted.compartment]
    return f"{field}: {source} holds another secret {what} {wanted.zone}; ask who changed {field}"


def _none(wanted: Wanted) -> str:
    ask = "ask its holder for it (custody keys grant)"
    if wanted.compartment == "pipeline":
        made = f"make it (custody keys init {wanted.zone})"
        return (
            f"keys.zone: the keyring has no zone {wanted.zone}, nor has any other source of keys; {made}, {ask}, "
            "or point CUSTODY_KEYRING at the keyring that has it"
        )
    if wanted.compartment == "reidentify":
        made = f"make it (custody keys init {wanted.zone} --reversible)"
        return (
            f"privacy.reidentify: the keyring has no secret for reversible pseudonyms of zone {wanted.zone}, "
            f"nor has any other source of keys; {made} or {ask}"
        )
    return f"--key: no signing key of zone {wanted.zone} is at hand; give a key file, or {ask}"
