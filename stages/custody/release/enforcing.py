"""Turn a recorded refusal into a failed run that says why, and what changed since the last commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.errors import RefusedError, plain
from custody.release import loader, statement
from custody.release.words import headline, sentence
from custody.repository import head

if TYPE_CHECKING:
    from pathlib import Path

    from custody.policy import Policy


MORE: Final = "what data and policy each did to the figures: custody report"


def enforce(released: Path, policy: Policy, root: Path) -> str:
    """Return the decision in one line when it is a yes under the policy at hand, and its files are there unaltered.

    `RefusedError` when a file is not the statement's, when the decision was taken under another policy, or was no: then
    with every broken condition on a line of its own, and what changed since the last commit of the project at `root`.
    """
    stated = statement.read(released)
    if stated.policy != policy.digest():
        raise RefusedError(f"{released.name}: was decided under another policy than params.yaml; run: dvc repro gate")
    loader.verify(released, stated)
    if stated.released:
        return headline(stated)
    broken = [f"  {sentence(condition)}" for condition in stated.broken]
    since = head.since_commit(root, [source.path for source in policy.sources.values()])
    raise RefusedError("\n".join([headline(stated), *broken, *(plain(line) for line in changes(since)), MORE]))


def changes(since: head.Since) -> list[str]:
    """Say in lines what changed: each policy key with its old and new value, sources, code."""
    if since.unknown is not None:
        return [f"since the last commit: not compared, {since.unknown}"]
    if not (since.keys or since.sources or since.others):
        return ["since the last commit: nothing changed, neither policy nor sources; it records this decision's inputs"]
    keys = [f"  params.yaml: {key.name}: {head.shown(key.old)} → {head.shown(key.new)}" for key in since.keys]
    sources = [f"  sources changed: {', '.join(since.sources)}"] if since.sources else ["  sources unchanged"]
    others = [f"  changed as well: {', '.join(since.others)}"] if since.others else []
    return ["since the last commit:", *(keys or ["  policy unchanged"]), *sources, *others]
