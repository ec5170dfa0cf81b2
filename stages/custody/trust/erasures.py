"""`.custody/erasures.yaml`: people who were erased from sources, so that a rebuild without them is told from another.

    erasures:
      request-7:
        date: '2026-11-26'
        subjects:
        - '9f2c…'              # SHA-256 of the person's pseudonym, as releases show it
        sources:
        - path: data/sources/vpn.sealed
          was: '5d41…'         # DVC's digest of the file with these people
          now: '7d79…'         # and of the one without them that took its place

A pseudonym is a keyed token, so its digest tells nothing to whoever has no row of that person. The file stands outside
the policy and its digest; that of the main branch counts.
"""

from __future__ import annotations

import json
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, StringConstraints, ValidationError, model_validator

from custody.errors import CustodyError
from custody.policy.model import Closed, Day, Id
from custody.policy.scalar import scalar
from custody.policy.sources import ProjectPath
from custody.policy.yaml import parse
from custody.records.plain import write_text
from custody.release.statement import Sha256
from custody.repository import tree
from custody.trust import places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PATH: Final = ".custody/erasures.yaml"
Md5 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}(\.dir)?$")]


class Source(Closed):
    """A source's file, or folder of files (`.dir`), and what took its place."""

    path: ProjectPath
    was: Md5
    now: Md5


class Erasure(Closed):
    """One request: people, and the sources that they were taken out of."""

    date: Day
    subjects: Annotated[tuple[Sha256, ...], Field(min_length=1)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Erasures(Closed):
    """All erasures of a repository, by id."""

    erasures: dict[Id, Erasure] = Field(default_factory=dict)

    @property
    def subjects(self) -> frozenset[str]:
        """The SHA-256 of every erased person's pseudonyms."""
        return frozenset(one for erasure in self.erasures.values() for one in erasure.subjects)

    def now(self, md5: str) -> str:
        """Return what stands today in the place of a file, which may have been replaced several times, or of none."""
        after = {one.was: one.now for erasure in self.erasures.values() for one in erasure.sources}
        while md5 in after:
            md5 = after[md5]
        return md5

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Erasures:
        """Refuse a file that two others took the place of, a file for a folder, and one that takes its own place.

        Files at two places that were the same, and are, are replaced once.
        """
        listed = {(one.was, one.now) for erasure in self.erasures.values() for one in erasure.sources}
        after = dict(listed)
        if len(after) != len(listed) or any(was.endswith(".dir") != now.endswith(".dir") for was, now in listed):
            raise ValueError("a file is replaced twice, or by a folder")
        TopologicalSorter({was: [now] for was, now in after.items()}).prepare()
        return self

    def add(self, name: str, day: str, subjects: Iterable[str], sources: Iterable[Source]) -> Erasures:
        """Return these with more people and sources under an id; what stands there already is not added again."""
        held = self.erasures.get(name)
        people = tuple(sorted({*subjects, *(held.subjects if held else ())}))
        known = [one for erasure in self.erasures.values() for one in erasure.sources]
        files = (*(held.sources if held else ()), *(one for one in dict.fromkeys(sources) if one not in known))
        if held is None and not files:
            raise CustodyError(f"ID: these sources are replaced under another id already; name that one, not {name}")
        one = Erasure(date=held.date if held else day, subjects=people, sources=files)
        try:
            return Erasures(erasures={**self.erasures, name: one})
        except ValidationError:
            raise CustodyError(
                "REV:PATH: one file would be replaced by two, by a folder, or by what it took the place of; put a file "
                "that was not there before in its place, dvc add it, and run this again"
            ) from None


def of_main(root: Path) -> Erasures:
    """Return the erasures that the main branch records; none where it has no list."""
    main = places.main_branch(root)
    held = tree.files(root, main, [PATH]).get(PATH) if main is not None else None
    return read(held, PATH) if held is not None else Erasures()


def read(text: bytes, name: str) -> Erasures:
    """Read a list of erasures; `CustodyError` where it is none, since who cannot be read might be rebuilt."""
    try:
        return Erasures.model_validate_json(json.dumps(parse(text, name).values), strict=True)
    except (CustodyError, ValidationError):
        raise CustodyError(
            f"{name}: is no list of erasures; it holds erasures, each with date, subjects and sources; restore it "
            "with git"
        ) from None


def write(path: Path, whole: Erasures) -> None:
    """Put a list in the file's place, whole or not at all; it can be read back, or is not written."""
    lines = ["erasures:"]
    for name, one in sorted(whole.erasures.items()):
        lines += [f"  {name}:", f"    date: '{one.date}'", "    subjects:", *(f"    - '{who}'" for who in one.subjects)]
        lines.append("    sources:")
        for source in one.sources:
            lines += [f"    - path: {scalar(source.path)}", f"      was: '{source.was}'", f"      now: '{source.now}'"]
    text = "\n".join([*lines, ""])
    if read(text.encode(), path.name) != whole:
        raise CustodyError(f"{path.name}: was not written, since it would not be read back; report this")
    write_text(path, text)
