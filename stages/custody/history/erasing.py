"""Who was erased and from which files, as `.custody/erasures.yaml` has it: digests of pseudonyms, and DVC's digests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from custody.errors import CustodyError
from custody.policy.techniques import EncryptDeterministic, Mac
from custody.privacy.techniques import registry
from custody.records import regular
from custody.records.zone import FIRST
from custody.repository import git, kept, tree
from custody.sources.formats.reading import Batch
from custody.sources.standardize import Origin, standardize
from custody.sources.values.times import Clock
from custody.trust.erasures import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from custody.policy import Policy
    from custody.records.zone import Zone
    from custody.trust.erasures import Erasures

_AS_WRITTEN: Final = Clock("iso", "UTC", None, "privacy.subject")


def subject(policy: Policy) -> tuple[str, Mac | EncryptDeterministic]:
    """Return the column that names the person, and its technique; `CustodyError` where that is no keyed pseudonym."""
    name = policy.privacy.subject
    column = policy.privacy.columns[name] if name is not None else None
    if name is None or not isinstance(column, Mac | EncryptDeterministic):
        raise CustodyError(
            "privacy.subject: must name a column of technique mac or encrypt_deterministic; a digest of anything else "
            "could be guessed, so no erasure is recorded"
        )
    return name, column


def digests(identifiers: Sequence[str], policy: Policy, zone: Zone) -> set[str]:
    """Return the SHA-256 of each person's pseudonym, in the present epoch of its domain and in all earlier ones.

    An identifier is read as collect reads the subject's column, and becomes what anonymize makes of it.
    """
    name, column = subject(policy)
    kind = policy.fields[name]
    batch = Batch(pa.table({name: pa.array(identifiers, pa.string())}), np.arange(1, len(identifiers) + 1))
    values = standardize(batch, Origin("", "", {name: name}, _AS_WRITTEN), {name: kind}).table.column(name)
    whole = values.combine_chunks()
    if whole.null_count:
        line = whole.is_null().to_pylist().index(True) + 1
        raise CustodyError(f"standard input: identifier {line} is no value that {name} ({kind}) can have")
    found: set[str] = set()
    for epoch in range(FIRST, policy.privacy.epochs.get(column.domain, FIRST) + 1):
        at = zone.at({**policy.privacy.epochs, column.domain: epoch})
        tokens: list[str] = registry.PLAIN[column.technique](whole, column, kind, at).to_pylist()
        found |= {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    return found


def sources(root: Path, asked: Sequence[str], known: Erasures) -> list[Source]:
    """Return what took the place of what, for each `REV:PATH` of a `.dvc` file; `CustodyError` where nothing did."""
    return [one for each in asked for one in _source(root, each, known)]


def _source(root: Path, asked: str, known: Erasures) -> Iterator[Source]:
    revision, _, name = asked.rpartition(":")
    commit = tree.commit_of(root, revision) if revision else None
    if commit is None or not name.endswith(kept.SIDECAR) or not name.isprintable():
        raise CustodyError(
            "REV:PATH: names no .dvc file of a revision; give the one that named the file with these people, as in "
            "HEAD:data/sources/vpn.sealed.dvc"
        )
    [before] = git.contents(root, [f"{commit}:./{name}"])
    after = regular.read(root / name, kept.LARGEST) if (root / name).is_file() else None
    if before is None or after is None:
        raise CustodyError(
            f"REV:PATH: {name} is no file {'of REV' if before is None else 'here'}; see: git log -- PATH"
        )
    here = dict(kept.outputs(name, after))
    for path, was in kept.outputs(name, before):
        now = here.get(path)
        if was is None or now is None or was == now:
            raise CustodyError(
                f"REV:PATH: {path} is what it was at REV; put the file without these people in its place, dvc add it, "
                "and run this again"
            )
        if (last := known.now(was)) != now:
            yield _replaced(path, last, now)


def _replaced(path: str, was: str, now: str) -> Source:
    try:
        return Source(path=path, was=was, now=now)
    except ValidationError:
        raise CustodyError(
            "REV:PATH: names a file outside the project, or by what is no digest of DVC's; restore the .dvc file, or "
            "dvc add the file again"
        ) from None
