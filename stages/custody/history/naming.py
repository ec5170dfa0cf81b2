"""Which release a digest belongs to: every release of every branch and tag, and the one in the work tree.

A digest is the SHA-256 of a statement, of a released file or of a source file, the logical digest of a released file,
the digest of a policy, or the md5 by which DVC names a released file or folder; its first 12 digits will do.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError, RefusedError
from custody.history.releases import RELEASED, STATEMENT, statement_of
from custody.records import logical, parquet
from custody.records.strict import strict_json
from custody.release import statement
from custody.release.stated import SUFFIX
from custody.repository import cache, changes, git, lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custody.release.statement import Statement

HERE: Final = "work tree"
_DIGEST: Final = re.compile(r"(?:sha256:|md5:)?([0-9a-f]{12,64})(?:\.dir)?", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """A release whose statement is at hand."""

    revision: str
    """The first commit that recorded it, or `work tree` for one that no commit records."""
    tags: tuple[str, ...]
    output: str
    """The name that DVC gives its folder; empty where no commit records it."""
    text: bytes = field(repr=False)
    stated: Statement = field(repr=False)


@dataclass(frozen=True)
class Looked:
    """What was looked through."""

    releases: tuple[Known, ...]
    missing: int
    """Releases whose statement is not in DVC's cache, or is of another version."""


def known(root: Path) -> Looked:
    """Return the releases that git knows, newest first, and the one in the work tree."""
    recorded = _recorded(root)
    store = cache.folder(root)
    found: list[Known] = []
    missing = 0
    for output, (revision, tags) in recorded.items():
        text = statement_of(store, output)
        stated = _parsed(text)
        if text is None or stated is None:
            missing += 1
        else:
            found.append(Known(revision, tags, output, text, stated))
    return Looked((*_here(root, {one.text for one in found}), *found), missing)


def names_of(given: str, path: Path) -> list[str]:
    """Return the digests to look for, in lower case: of the file or release at `path`, or what `given` is itself.

    `CustodyError` where it is neither.
    """
    if path.is_dir():
        path /= STATEMENT
    if path.is_file():
        return _of_file(path)
    found = _DIGEST.fullmatch(given.strip())
    if found is None:
        raise CustodyError(
            "STATEMENT|DIGEST|FILE: is no file, and no digest of at least 12 hex digits; give one of them"
        )
    return [found[1].lower()]


def matches(one: Known, name: str) -> Iterator[str]:
    """Yield what of a release a digest, or the beginning of one, names."""
    stated = one.stated
    pairs: list[tuple[str, Any]] = [
        ("the statement", hashlib.sha256(one.text).hexdigest()),
        ("the statement", hashlib.md5(one.text, usedforsecurity=False).hexdigest()),
        ("the folder as DVC names it", one.output),
        ("the policy", stated.policy),
    ]
    for file in stated.files:
        pairs += [(f"file {file.name}", file.sha256), (f"file {file.name}", file.md5)]
        pairs.append((f"the values of file {file.name}", file.logical))
    pairs += [(f"a file of source {id_}", file.sha256) for id_, own in stated.sources.items() for file in own.files]
    yield from dict.fromkeys(what for what, named in pairs if named and named.startswith(name))


def _recorded(root: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the first commit and the tags of each recorded release, by the name that DVC gives it."""
    found = changes.changes(root, [lock.LOCK], everywhere=True)
    ids = sorted({blob for one in found for blob in one.blobs.values() if blob})
    outputs = {id_: _output(text) for id_, text in zip(ids, git.contents(root, ids), strict=True)}
    first = {outputs[blob]: one.commit for one in found for blob in one.blobs.values() if blob}
    tags = [(name, commit) for commit, names in changes.tags(root).items() for name in names]
    texts = git.contents(root, [f"{commit}:./{lock.LOCK}" for _, commit in tags])
    tagged: dict[str | None, list[str]] = {}
    for (name, _), text in zip(tags, texts, strict=True):
        tagged.setdefault(_output(text), []).append(name)
    return {
        output: (commit, tuple(sorted(tagged.get(output, []))))
        for output, commit in first.items()
        if output is not None
    }


def _output(text: bytes | None) -> str | None:
    return lock.output(text or b"", "gate", RELEASED)


def _here(root: Path, others: set[bytes]) -> Iterator[Known]:
    try:
        text = (root / RELEASED / STATEMENT).read_bytes()
    except OSError:
        return
    stated = _parsed(text)
    if stated is not None and text not in others:
        yield Known(HERE, (), "", text, stated)


def _parsed(text: bytes | None) -> Statement | None:
    try:
        return None if text is None else statement.parse(strict_json(text), STATEMENT)
    except (RefusedError, ValueError, AttributeError, RecursionError):
        return None


def _of_file(path: Path) -> list[str]:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(2**20):
            sha256.update(block)
            md5.update(block)
    return [sha256.hexdigest(), md5.hexdigest(), *_logical(path)]


def _logical(path: Path) -> Iterator[str]:
    """Yield the digest of the values of a Parquet file: another library may have written it anew."""
    if path.suffix != SUFFIX:
        return
    try:
        yield logical.digest(parquet.decode(path.read_bytes(), "FILE"))
    except (CustodyError, ValueError, TypeError):
        return  # of kinds of values that no release has
