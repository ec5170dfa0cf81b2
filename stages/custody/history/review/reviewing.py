"""Review a change of policy between two revisions, or a revision and the work tree: what each changed key means.

Only params.yaml and .custody/trust.yaml are read, as data: no code of either side runs, and no key is needed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.history.review import meaning
from custody.history.review.rules import together
from custody.policy import policy, yaml
from custody.repository import git, tree
from custody.trust import places, signers

if TYPE_CHECKING:
    from pathlib import Path

    from custody.history.review.meaning import Change
    from custody.policy import Policy

PARAMS: Final = "params.yaml"
WORK_TREE: Final = "work tree"
NOT_COMPUTED: Final = "not computed: this review tells what the change means, not what it does to the data"


@dataclass(frozen=True)
class Review:
    """What changed between two policies."""

    base: str
    head: str
    digests: tuple[str, str]
    """Of both policies."""
    changes: tuple[Change, ...]

    @property
    def answer(self) -> str:
        """All changes together."""
        return together(one.answer for one in self.changes)

    @property
    def loosens(self) -> bool:
        """Whether people must sign it off."""
        return meaning.loosens(self.changes)

    def json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        concerns = meaning.by_concern(self.changes)
        layers = {"effect": NOT_COMPUTED, "attribution": NOT_COMPUTED}
        return {**asdict(self), "answer": self.answer, "loosens": self.loosens, "concerns": concerns, **layers}


def review(root: Path, span: str) -> Review:
    """Review `BASE..HEAD`, `BASE` against the work tree, or, of nothing, the work tree against the main branch.

    `CustodyError` where a side is no revision, has no policy, or one that does not hold.
    """
    base, head = _sides(root, span)
    old, new = _policy(root, base, "BASE"), _policy(root, head, "HEAD")
    before, after = (one.model_dump(mode="json", by_alias=True) for one in (old, new))
    found = [
        *meaning.changes(before, after, meaning.POLICY),
        *meaning.changes(_trust(root, base), _trust(root, head), meaning.TRUST),
    ]
    return Review(base or WORK_TREE, head or WORK_TREE, (old.digest(), new.digest()), tuple(found))


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


def _policy(root: Path, commit: str | None, side: str) -> Policy:
    text = _file(root, commit, PARAMS)
    if text is None:
        raise CustodyError(f"{side}: has no {PARAMS}, so there is no policy to review; restore it with git")
    found, mistakes = policy.check(text)
    if found is None:
        raise CustodyError(f"{side}: {mistakes[0]}; a policy that does not hold under this version cannot be compared")
    return found


def _trust(root: Path, commit: str | None) -> dict[str, Any]:
    text = _file(root, commit, signers.PATH)
    return {} if text is None else dict(yaml.parse(text, signers.PATH).values)


def _file(root: Path, commit: str | None, name: str) -> bytes | None:
    if commit is not None:
        [text] = git.contents(root, [f"{commit}:./{name}"])
        return text
    try:
        return (root / name).read_bytes()
    except OSError:
        return None
