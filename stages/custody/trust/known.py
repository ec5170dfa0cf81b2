"""Where a release stands in a project, and what is known of it where it is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custody.governance.audit.entry import Head
    from custody.trust.retractions import Retractions
    from custody.trust.signers import Trust

RELEASED: Final = "data/released"
PARAMS: Final = "params.yaml"
GATE: Final = "data/metrics/gate.json"


@dataclass(frozen=True)
class Logs:
    """The writers' files, by name."""

    files: Mapping[str, bytes] = field(repr=False)
    repository: str | None
    """The repository that they must be of; None where that cannot be told."""
    before: tuple[Mapping[str, bytes], ...] = field(default=(), repr=False)
    """What other revisions at hand hold: each file of theirs must be the beginning of the one here."""


@dataclass(frozen=True)
class Seen:
    """A checkpoint: who took it, and where a log stood."""

    signer: str
    head: Head


@dataclass(frozen=True)
class Known:
    """What is known of a release where it is opened."""

    trust: Trust
    bundles: Mapping[str, bytes] = field(repr=False)
    retractions: Retractions | None
    """None where no list is at hand."""
    refused_later: bool | None
    """Whether a later decision was no; None where that is not known."""
    audit: Logs | None = None
    """Audit logs, by which what a compromised key signed in time is known."""
    rebuilds: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Verdicts on rebuilds, by file name."""
