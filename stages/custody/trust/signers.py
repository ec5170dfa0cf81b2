"""`.custody/trust.yaml`: whose signatures count, for what and when.

    signers:
      ada-release:
        key: MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…    # SubjectPublicKeyInfo (RFC 5280) in base64
        owner: security-platform
        role: releaser
        from: '2026-11-01'
        until: '2027-11-01'
        status: active

Where several signers are asked for, several owners are: two keys of one owner count once, however they are named.
A *retired* key stays good for what it signed in its time. A *compromised* one counts only for bundles that an
attestation of another believed key covers; with `since`, the first day on which somebody else may have had it, only one
of an earlier day does. The file stands outside the policy and its digest. Who may open
which secrets stands there too (`custody.governance.roles`), and who signs changes off (`custody.trust.approving`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.governance import roles
from custody.governance.roles import Holders
from custody.policy import blocks, checks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, TypeAlias

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PATH: Final = ".custody/trust.yaml"
RELEASER: Final = "releaser"
"""The role whose signature counts where neither the policy nor the list of keys names one."""
REBUILDER: Final = "rebuilder"
"""The role whose verdict on a rebuild counts where the list of keys has no roles."""
APPROVER: Final = "approver"
"""The role that signs changes of policy off where the list of keys names none."""
PublicKey: TypeAlias = "EllipticCurvePublicKey | Ed25519PublicKey"


_SIGNER: Final = checks.closed(
    {"key": checks.words, "owner": checks.words, "role": checks.name, "from": checks.day, "until": checks.day},
    {"status": checks.one_of("active", "retired", "compromised"), "since": checks.or_none(checks.day)},
)
_FORM: Final = checks.closed(
    {},
    {
        **roles.FORM,
        "signers": checks.mapped(checks.name, _SIGNER),
        "approvals": checks.mapped(checks.name, checks.whole(1)),
    },
)


@dataclass(frozen=True)
class Signer:
    """One key: who holds it, what it may vouch for, from which day until which."""

    key: str
    owner: str
    role: str
    from_: str
    until: str
    status: Literal["active", "retired", "compromised"] = "active"
    since: str | None = None
    """Of a compromised key: the first day on which somebody else may have had it."""

    def public_key(self) -> PublicKey:
        """Return the key; `CustodyError` for one of another kind than ECDSA P-256 or Ed25519."""
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # late: where there is no key
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

        try:
            key = load_der_public_key(base64.b64decode(self.key, validate=True))
        except (ValueError, binascii.Error, UnsupportedAlgorithm):
            raise CustodyError(f"trust: the key of {self.owner} is no public key in base64; write it again") from None
        if isinstance(key, Ed25519PublicKey) or (
            isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
        ):
            return key
        raise CustodyError(
            f"trust: the key of {self.owner} is of a kind that is not believed; use ECDSA P-256 or Ed25519"
        )

    @property
    def holder(self) -> str:
        """Return the owner as owners are compared.

        Neither case nor space tells two apart, nor how letters are composed or encoded, nor what nobody sees.
        """
        seen = "".join(one for one in unicodedata.normalize("NFKC", self.owner) if unicodedata.category(one) != "Cf")
        return unicodedata.normalize("NFKC", " ".join(seen.casefold().split()))

    @property
    def key_id(self) -> str:
        """Return the key's id."""
        return key_id(self.public_key())


@dataclass(frozen=True)
class Trust(Holders):
    """All keys that are believed, by the name of their signer; and who may open which secrets."""

    signers: Mapping[str, Signer] = field(default_factory=dict)
    approvals: Mapping[str, int] = field(default_factory=dict)
    """How many signers of which role, each of another owner, must sign off a change that asks for it."""

    def approving(self) -> dict[str, int]:
        """Return how many of which role must sign a change off: one approver where nothing is said."""
        return dict(self.approvals) or {APPROVER: 1}

    def vouching(self) -> frozenset[str]:
        """Return the roles whose signature counts where the policy asks for none: those that may open `release`.

        A list without roles of its own means `releaser`.
        """
        may = frozenset(role for role, opens in self.roles.items() if "release" in opens)
        return may if self.roles else frozenset({RELEASER})

    def rebuilding(self) -> frozenset[str]:
        """Return the roles whose verdict on a rebuild counts: those that may open `pipeline`, which a rebuild needs.

        A list without roles of its own means `rebuilder`.
        """
        may = frozenset(role for role, opens in self.roles.items() if "pipeline" in opens)
        return may if self.roles else frozenset({REBUILDER})

    def check(self, name: str) -> None:
        """Stop as for who may open what, and where the day of a loss is told of a key that was not lost."""
        super().check(name)
        for who, one in sorted(self.signers.items()):
            if one.since is not None and one.status != "compromised":
                raise CustodyError(
                    f"{name}: signers.{who}.since: says that the key was lost, and its status is {one.status}; "
                    "write status: compromised, or take since away"
                )

    def by_key_id(self) -> dict[str, tuple[str, Signer]]:
        """Return name and signer by key id; `CustodyError` where two names share a key, which would count twice."""
        return self._by_key_id

    @cached_property
    def _by_key_id(self) -> dict[str, tuple[str, Signer]]:
        found = {signer.key_id: (name, signer) for name, signer in sorted(self.signers.items())}
        if len(found) != len(self.signers):
            raise CustodyError("trust: two signers share one key; one key is one signer")
        return found


NOBODY: Final = Trust(signers={})


def read(text: bytes, name: str) -> Trust:
    """Read a file of trusted keys; `CustodyError` says what is wrong with it."""
    try:
        values = blocks.read(text, name)
    except CustodyError:
        raise CustodyError(
            f"{name}: is no list of trusted keys in YAML; it holds signers, each with key, owner, role, from and until"
        ) from None
    fault = _FORM(values)
    if fault is not None:
        raise CustodyError(f"{name}: {'.'.join(fault)}: is missing, unknown or of the wrong kind")
    trust = _of(values)
    trust.by_key_id()
    trust.check(name)
    return trust


def _of(values: Mapping[str, Any]) -> Trust:
    listed = {name: {**one, "from_": one["from"]} for name, one in values.get("signers", {}).items()}
    for one in listed.values():
        del one["from"]
    signers = {name: Signer(**one) for name, one in listed.items()}
    return Trust(**roles.held(values), signers=signers, approvals=values.get("approvals", {}))


def key_id(key: PublicKey) -> str:
    """SHA-256 of the key's SubjectPublicKeyInfo in PEM, as in the hint of a Sigstore bundle that a key signed."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415  # as above

    return hashlib.sha256(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
