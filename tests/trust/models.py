"""The forms of what is signed, and of who signs, as models: what plain checks of the product must agree with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from custody.governance.compartments import Compartment
from custody.policy.model import Closed, Day, Id, Text
from custody.release.statement import Sha256
from custody.trust.rebuilds import POSITIVE, Answer

Time = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
Commit = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40,64}$")]


class Recipient(Closed):
    key: Text
    role: Id


class Signer(Closed):
    key: Text
    owner: Text
    role: Id
    from_: Annotated[Day, Field(alias="from")]
    until: Day
    status: Literal["active", "retired", "compromised"] = "active"
    since: Day | None = None


class Trust(Closed):
    roles: dict[Id, tuple[Compartment, ...]] = Field(default_factory=dict)
    recipients: dict[Id, Recipient] = Field(default_factory=dict)
    signers: dict[Id, Signer] = Field(default_factory=dict)
    approvals: dict[Id, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)


class Checkpoint(Closed):
    entries: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,11}$")]
    digest: Sha256


class Attestation(Closed):
    statement: Sha256
    dataset: str
    decision: Literal["released", "refused"]
    commit: Commit | None
    time: Time
    signer: Id
    role: Id
    earlier: tuple[Sha256, ...]
    audit: dict[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")], Checkpoint]


class Rebuilt(Closed):
    statement: Sha256
    rebuilt: Sha256 | None
    revision: Commit
    answer: Answer
    stages: dict[Id, Answer]
    libraries: Literal["locked", "current"]
    python: Text

    @model_validator(mode="after")
    def _agrees(self) -> Rebuilt:
        if self.answer in POSITIVE and not (self.stages and POSITIVE.issuperset(self.stages.values())):
            raise ValueError("the answer is not that of the stages")
        if self.answer == "reproduced" and self.rebuilt != self.statement:
            raise ValueError("the statements differ")
        if self.answer == "erased" and self.rebuilt in {None, self.statement}:
            raise ValueError("the statements do not differ")
        return self


class Rebuild(Closed):
    verdict: Rebuilt
    time: Time
    signer: Id
    role: Id


class Retraction(Closed):
    statement: Sha256
    day: Day
    reason: Text


class Retractions(Closed):
    retractions: tuple[Retraction, ...] = ()
