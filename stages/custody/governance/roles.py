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

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError, RefusedError, plain
from custody.governance import recipients
from custody.governance.compartments import COMPARTMENTS
from custody.policy import checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custody.governance.compartments import Compartment

FORM: Final = {
    "roles": checks.mapped(checks.name, checks.listed(checks.one_of(*COMPARTMENTS))),
    "recipients": checks.mapped(checks.name, checks.closed({"key": checks.words, "role": checks.name})),
}
"""What plain values of `Holders` are, none of which must be there."""


@dataclass(frozen=True)
class Recipient:
    """A person, or a machine, that secrets are wrapped to."""

    key: str
    """Public key: of age (`age1…`) or of SSH (`ssh-ed25519 …`)."""
    role: str


@dataclass(frozen=True)
class Holders:
    """All recipients and what their roles may open."""

    roles: Mapping[str, tuple[Compartment, ...]] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)

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


def held(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `Holders` holds, out of plain values of its form."""
    return {
        "roles": {name: tuple(opens) for name, opens in value.get("roles", {}).items()},
        "recipients": {name: Recipient(**one) for name, one in value.get("recipients", {}).items()},
    }
