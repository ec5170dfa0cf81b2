"""Review a change of policy between two revisions, or a revision and the work tree: what it means, and what it does.

params.yaml and .custody/trust.yaml of both sides are read as data: no code of either side runs. That needs no key; what
the change does to the data (`history.effect`) does.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from custody.errors import CustodyError
from custody.history.effect.effect import layers
from custody.history.effect.side import Side
from custody.history.review import earlier, meaning, rebuilders, verdict
from custody.history.review.earlier import Read
from custody.history.review.layer import Layer
from custody.history.review.rules import together
from custody.policy import policy, yaml
from custody.records import digest
from custody.repository import git, lock, tree
from custody.trust import places, signers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custody.history.review.meaning import Change
    from custody.records.run import Run

PARAMS: Final = "params.yaml"
WORK_TREE: Final = "work tree"
SCHEMA: Final = "custody/review/v1"


MEANING_ALONE: Final = Layer(why="not computed: only what the change means was asked for", needed=False)
UNREAD: Final = Layer(why="not computed: this version cannot run BASE's policy, which BASE's own code read")


@dataclass(frozen=True)
class Review:
    """What changed between two policies."""

    base: str
    head: str
    """Names of the sides, which the report leaves out: the same policies may stand in other commits."""
    digests: tuple[str, str]
    """Of both policies."""
    trust: tuple[str, str]
    """SHA-256 of the values of both lists of trusted keys; of {} where there is none."""
    changes: tuple[Change, ...]
    effect: Layer = MEANING_ALONE
    attribution: Layer = MEANING_ALONE

    @property
    def answer(self) -> str:
        """All changes together."""
        return together(one.answer for one in self.changes)

    @property
    def loosens(self) -> bool:
        """Whether anything loosens; mixed and unknown count as loosening."""
        return meaning.loosens(self.changes)

    def report(self) -> dict[str, Any]:
        """Return what a sign-off is about: the same plain values for the same policies and data, in any commit."""
        return {
            "schema": SCHEMA,
            "policies": {"base": self.digests[0], "head": self.digests[1]},
            "trust": {"base": self.trust[0], "head": self.trust[1]},
            "meaning": {
                "answer": self.answer,
                "loosens": self.loosens,
                "concerns": dict(meaning.by_concern(self.changes)),
                "changes": [asdict(one) for one in self.changes],
            },
            "effect": self.effect.json(),
            "attribution": self.attribution.json(),
            "asks": list(self.asks),
            "lacking": list(self._lacking()),
        }

    def canonical(self) -> bytes:
        """Return the report as canonical JSON (RFC 8785)."""
        return rfc8785.dumps(self.report())

    def digest(self) -> str:
        """Return the SHA-256 of the canonical report, which a sign-off names."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def json(self) -> dict[str, Any]:
        """Return the report with its digest and the names of both sides."""
        return {"base": self.base, "head": self.head, "digest": self.digest(), "report": self.report()}

    @property
    def asks(self) -> tuple[str, ...]:
        """What asks for a sign-off, the gravest first."""
        return tuple(self._asks())

    def _asks(self) -> Iterator[str]:
        if self.effect.told.get("disagreements"):
            yield verdict.DISAGREES
        if self.effect.told.get("flips") == "refused":
            yield verdict.REFUSED
        if self.loosens:
            yield verdict.LOOSENS

    def _lacking(self) -> Iterator[str]:
        if self.effect.needed and self.effect.why is not None:
            yield f"effect: {self.effect.why}"


def review(root: Path, span: str, run: Run | None = None) -> Review:
    """Review `BASE..HEAD`, `BASE` against the work tree, or, of nothing, the work tree against the main branch.

    Without an engine to run policies with, only what the change means is told. `CustodyError` where a side is no
    revision, has no policy, or one that does not hold.
    """
    commits = _sides(root, span)
    base, head = _base(root, commits[0]), _side(root, commits[1], "HEAD")
    policies = tuple(meaning.changes(_read(base).values, _read(head).values, meaning.POLICY))
    old, new = (
        _trust(_file(root, commit, signers.PATH), side) for side, commit in zip(("BASE", "HEAD"), commits, strict=True)
    )
    told = Review(
        commits[0] or WORK_TREE,
        commits[1] or WORK_TREE,
        (_read(base).digest, _read(head).digest),
        (digest.sha256(digest.canonical(old)), digest.sha256(digest.canonical(new))),
        (*policies, *meaning.changes(old, new, rebuilders.rules(old, new))),
    )
    if run is None:
        return told
    if isinstance(base, Read):
        return replace(told, effect=UNREAD, attribution=replace(UNREAD, needed=False))
    effect, attribution = layers(root, base, head, together(one.answer for one in policies), run)
    return replace(told, effect=effect, attribution=attribution)


def _read(side: Side | Read) -> Read:
    """Return what a side's policy says."""
    if isinstance(side, Read):
        return side
    return Read(side.policy.model_dump(mode="json", by_alias=True), side.policy.digest())


def _sides(root: Path, span: str) -> tuple[str | None, str | None]:
    """Return two commits; None stands for the work tree."""
    first, _, second = span.partition("..")
    head = _commit(root, second, "HEAD") if second else None
    if first:
        return _commit(root, first, "BASE"), head
    main = places.main_branch(root)
    if main is None:
        raise CustodyError("BASE: there is no main branch here to compare with; name a revision")
    common = git.answer(root, "merge-base", main, head or "HEAD")
    if common is None:
        raise CustodyError(
            "BASE: no commit in common with the main branch is known here; fetch more history, or name one"
        )
    return common.decode("ascii").strip(), head


def _commit(root: Path, revision: str, side: str) -> str:
    found = tree.commit_of(root, revision)
    if found is None:
        raise CustodyError(f"{side}: is no revision that git knows here; give a commit, a tag or a branch")
    return found


def _base(root: Path, commit: str | None) -> Side | Read:
    """Return BASE; what this version does not read is read by BASE's own code, and cannot be run."""
    try:
        return _side(root, commit, "BASE")
    except _UnreadError as unread:
        if commit is None:
            raise
        try:
            return earlier.read(root, commit)
        except CustodyError as error:
            raise CustodyError(f"{unread}; {error}") from None


class _UnreadError(CustodyError):
    """A policy that this version does not read."""


def _side(root: Path, commit: str | None, name: str) -> Side:
    text = _file(root, commit, PARAMS)
    if text is None:
        raise CustodyError(f"{name}: has no {PARAMS}, so there is no policy to review; restore it with git")
    found, mistakes = policy.check(text)
    if found is None:
        raise _UnreadError(f"{name}: {mistakes[0]}; a policy that does not hold under this version cannot be compared")
    stages = lock.parse(_file(root, commit, lock.LOCK) or b"") or {}
    return Side(name, commit, found, yaml.parse(text, PARAMS).values, stages)


def _trust(text: bytes | None, side: str) -> dict[str, Any]:
    """Return a list of trusted keys as it is written; one that does not hold says nothing that could be compared."""
    if text is None:
        return {}
    signers.read(text, f"{side}: {signers.PATH}")
    return dict(yaml.parse(text, signers.PATH).values)


def _file(root: Path, commit: str | None, name: str) -> bytes | None:
    if commit is not None:
        [text] = git.contents(root, [f"{commit}:./{name}"])
        return text
    try:
        return (root / name).read_bytes()
    except OSError:
        return None
