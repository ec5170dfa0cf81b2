"""Is a writer's log whole? Each line is an entry, in its place, and names the line before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custody.governance.audit import entry
from custody.governance.audit.entry import BEGINNING, Head

if TYPE_CHECKING:
    from collections.abc import Iterator


class BrokenError(ValueError):
    """The first entry that is not what the chain says it must be."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"entry {number:,} {why}")


@dataclass(frozen=True)
class Chain:
    """A log that is whole."""

    writer: str
    digests: tuple[str, ...] = field(repr=False)
    """SHA-256 of each line: what the log's head was when it was the last."""
    set_back: tuple[int, ...]
    """Entries before which the writer's clock was set back."""
    repositories: frozenset[str]
    """Repositories that it was published for."""
    published: bool
    """Whether the last entry says that the log was published."""
    bundles: dict[str, int] = field(repr=False)
    """Signature bundles that an entry saw made, by SHA-256, with the entry's number."""

    @property
    def head(self) -> Head:
        """Where the log stands."""
        return Head(self.writer, len(self.digests), self.digests[-1])

    def goes_on_from(self, head: Head) -> bool:
        """Say whether this log stood once where `head` says."""
        return 0 < head.entries <= len(self.digests) and self.digests[head.entries - 1] == head.digest


def entries(text: bytes) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each entry and the SHA-256 of its line; `BrokenError` at the first that is not in its place."""
    lines = text.split(b"\n")
    if lines.pop():
        raise BrokenError(len(lines) + 1, "is cut off")
    previous, writer = BEGINNING, None
    for number, line in enumerate(lines, 1):
        try:
            value = entry.read(line)
        except ValueError as error:
            raise BrokenError(number, str(error)) from None
        if value["previous"] != previous or value["number"] != number:
            raise BrokenError(number, "does not follow the one before it: edited, removed or moved")
        if writer is not None and value["writer"] != writer:
            raise BrokenError(number, "is of another writer")
        previous, writer = entry.digest(line), value["writer"]
        yield value, previous


def judge(text: bytes) -> Chain:
    """Return what a whole log holds; `BrokenError` says where it is not, and for one without an entry."""
    digests: list[str] = []
    back: list[int] = []
    repositories: set[str] = set()
    bundles: dict[str, int] = {}
    last = {"at": "", "action": "", "writer": ""}
    for value, digest in entries(text):
        digests.append(digest)
        if value["at"] < last["at"]:
            back.append(value["number"])
        if value["action"] == "publish":
            repositories.add(str(value["about"].get("repository")))
        elif value["action"] == "sign" and "bundle" in value["about"]:
            bundles[str(value["about"]["bundle"])] = value["number"]
        last = value
    if not digests:
        raise BrokenError(1, "is missing")
    published = last["action"] == "publish"
    return Chain(last["writer"], tuple(digests), tuple(back), frozenset(repositories), published, bundles)
