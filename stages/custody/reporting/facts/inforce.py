"""The policy in force, key by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.reporting.facts.tables import Value, leaves

if TYPE_CHECKING:
    from custody.reporting.reading import Read

SECTIONS = ("dataset", "keys", "sources", "schema", "quality", "privacy", "gate")
KEYS = 1_000


@dataclass(frozen=True)
class Section:
    """A section of params.yaml."""

    name: str
    digest: str
    keys: tuple[tuple[str, Value], ...]
    left_out: int


@dataclass(frozen=True)
class Policy:
    """params.yaml as it stands: what was decided under it, unless the report says that it is stale."""

    digest: str
    sections: tuple[Section, ...]
    code: dict[str, str]
    """Digest of the code that each stage ran, by stage."""


def policy(read: Read) -> Policy:
    """Return every key that the policy sets, in the order of the sections."""
    values = read.policy.model_dump(mode="json", by_alias=True, exclude_unset=True)
    digests = read.policy.digests(*SECTIONS)
    code = {stage: str(own.body["code"]) for stage, own in read.stages.items() if "code" in own.body}
    sections = tuple(_section(name, digests[name], values[name]) for name in SECTIONS)
    return Policy(read.policy.digest(), sections, code)


def _section(name: str, digest: str, values: object) -> Section:
    keys = list(leaves(values))
    return Section(name, digest, tuple(keys[:KEYS]), max(0, len(keys) - KEYS))
