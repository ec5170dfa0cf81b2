"""Who may open which compartments: `roles` and `recipients` of `.custody/trust.yaml`.

    roles:
      engineer: [pipeline]
      privacy-officer: [pipeline, reidentify]
      releaser: [release]
    recipients:
      ada:
        key: age1…            # or ssh-ed25519 AAAA…
        role: engineer

What a role may open is wrapped to its people by `custody keys grant`, and by nothing else. The file stands outside the
policy and its digest; a change of it is reviewed like one of the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from custody.errors import CustodyError, RefusedError, plain
from custody.governance import recipients
from custody.governance.compartments import Compartment
from custody.policy.model import Closed, Id, Text

if TYPE_CHECKING:
    from collections.abc import Iterable


class Recipient(Closed):
    """A person, or a machine, that secrets are wrapped to."""

    key: Text
    """Public key: of age (`age1…`) or of SSH (`ssh-ed25519 …`)."""
    role: Id


class Holders(Closed):
    """All recipients and what their roles may open."""

    roles: dict[Id, tuple[Compartment, ...]] = Field(default_factory=dict)
    recipients: dict[Id, Recipient] = Field(default_factory=dict)

    def check(self, name: str) -> None:
        """Stop where a role is not there, a key is of an unknown type, or two share one; `name` is the file."""
        keys = {}
        for who, one in sorted(self.recipients.items()):
            place = f"{name}: recipients.{who}"
            if one.role not in self.roles:
                raise CustodyError(f"{place}.role: is no key of roles; add the role, or name another")
            keys[recipients.canonical(one.key, f"{place}.key")] = who
        if len(keys) != len(self.recipients):
            raise CustodyError(f"{name}: recipients: two share one key; one key is one recipient")

    def key(self, name: str) -> str:
        """Return a recipient's key in its canonical form; `CustodyError` where nobody has the name."""
        return recipients.canonical(self._recipient(name).key, f"recipients.{name}.key")

    def may(self, name: str) -> tuple[Compartment, ...]:
        """Return what a recipient may open; nothing for a name that is not there."""
        one = self.recipients.get(name)
        return self.roles.get(one.role, ()) if one is not None else ()

    def refuse_beyond(self, name: str, wanted: Iterable[Compartment]) -> None:
        """Stop where the role of a recipient may not open all of `wanted`."""
        role = self._recipient(name).role
        for compartment in wanted:
            if compartment not in self.may(name):
                raise RefusedError(
                    f"{name}: the role {role} may not open {compartment}; see roles in .custody/trust.yaml"
                )

    def who(self, keys: Iterable[str]) -> str | None:
        """Return the name of the recipient who has one of these keys, in canonical form."""
        mine = set(keys)
        return next((name for name in sorted(self.recipients) if self.key(name) in mine), None)

    def _recipient(self, name: str) -> Recipient:
        if name not in self.recipients:
            raise CustodyError(
                f"{plain(name)}: is nobody in recipients of .custody/trust.yaml; add key and role there first"
            )
        return self.recipients[name]
