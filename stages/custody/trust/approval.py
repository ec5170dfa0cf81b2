"""What an approver says of a change of policy, as an in-toto Statement v1 whose subjects are exactly that change.

    base/params.yaml, base/.custody/trust.yaml     what the change starts from: digests of the parsed values
    head/params.yaml, head/.custody/trust.yaml     what it leads to
    review/meaning, review/effect, …               each layer of the review that the signer saw, as canonical JSON

Layers are signed apart, since not everybody can compute all of them: a machine without keys or inputs has the meaning
alone. Commits are no part of it: the same change is the same change after a rebase.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from pydantic import Field, StringConstraints, ValidationError

from custody.errors import RefusedError
from custody.policy.model import Closed, Id
from custody.records.strict import strict_json
from custody.trust import payload
from custody.trust.attestation import TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

PREDICATE: Final = "urn:custody:attestation:approval:v1"
LAYER: Final = "review/"
Subjects: TypeAlias = "Mapping[str, str]"
"""SHA-256 by name, as above."""


class Predicate(Closed):
    """Who signs off, in which role, when and why."""

    time: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    signer: Id
    role: Id
    reason: Annotated[str, Field(max_length=500)] | None = None

    @property
    def day(self) -> str:
        """Return the day of signing, by the signer's clock."""
        return self.time[:10]


def build(subjects: Subjects, predicate: Predicate) -> bytes:
    """Return the payload to sign."""
    values = predicate.model_dump(mode="json", exclude_none=True)
    return payload.build(sorted(subjects.items()), PREDICATE, values)


def read(text: bytes, name: str) -> tuple[Predicate, dict[str, str]]:
    """Return predicate and subjects; `RefusedError` for a statement of another kind, or one that is incomplete."""
    try:
        value = strict_json(text)
        if (value.get("_type"), value.get("predicateType")) != (payload.KIND, PREDICATE):
            raise RefusedError(f"{name}: signs no approval of this version; sign off anew")
        predicate = Predicate.model_validate_json(json.dumps(value["predicate"]), strict=True)
        subjects = {str(one["name"]): str(one["digest"]["sha256"]) for one in value["subject"]}
        dt.datetime.strptime(predicate.time, TIME)  # noqa: DTZ007  # only whether it is a time
        whole = len(subjects) == len(value["subject"])
    except (ValidationError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise RefusedError(f"{name}: signs an approval that is incomplete or altered; sign off anew") from None
    if not whole:
        raise RefusedError(f"{name}: names a subject twice; sign off anew")
    return predicate, subjects


def differs(signed: Subjects, wanted: Subjects) -> str | None:
    """Say in which way an approval is of another change than the one at hand; None where it is of this one.

    Each layer that is at hand must have been seen as it is; one that the signer saw besides is not asked for.
    """
    for name, sha256 in sorted(wanted.items()):
        if name not in signed:
            return f"did not see {name}"
        if signed[name] != sha256:
            return f"is of another {name}"
    other = sorted(name for name in signed.keys() - wanted.keys() if not name.startswith(LAYER))
    return f"speaks of {other[0]} too" if other else None
