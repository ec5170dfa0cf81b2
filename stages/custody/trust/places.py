"""Where the verifier's own things stand: keys that are believed, signatures, retractions, later decisions.

Trusted keys come, in this order, from the file that is named, from `CUSTODY_TRUST`, or from `.custody/trust.yaml` on
the verifier's own main branch: `origin/HEAD`, `main` or `master` of the project in the work directory; never from the
revision that is verified, nor from a project that the release arrived in.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.governance.audit import copies
from custody.repository import code, tree
from custody.trust import given, retractions, signers, stored
from custody.trust.known import GATE, RELEASED, Known, Logs

if TYPE_CHECKING:
    from custody.trust.retractions import Retractions
    from custody.trust.signers import Trust


def trusted(root: Path | None, named: Path | None) -> Trust:
    """Return the keys that the verifier believes; nobody's where there is no list."""
    handed = pinned(named)
    if handed is not None:
        return handed
    return of_main(root) if root is not None else signers.NOBODY


def pinned(named: Path | None) -> Trust | None:
    """Return the keys of the file that is named, or of `CUSTODY_TRUST`; None where there is neither."""
    path = named or (Path(os.environ["CUSTODY_TRUST"]) if os.environ.get("CUSTODY_TRUST") else None)
    return signers.read(given.text(path, "the trusted keys"), path.name) if path is not None else None


def of_main(root: Path) -> Trust:
    """Return whom the main branch trusts, and who may open what there; nobody where it has no list."""
    main = main_branch(root)
    return of_revision(root, main) if main is not None else signers.NOBODY


def of_revision(root: Path, commit: str) -> Trust:
    """Return whom a commit trusts: one that the verifier chose; nobody where it has no list."""
    held = tree.files(root, commit, [signers.PATH]).get(signers.PATH)
    return signers.read(held, signers.PATH) if held is not None else signers.NOBODY


def believed(root: Path, named: Path | None) -> tuple[Trust, Retractions | None]:
    """Return what `trusted` and `retracted` do where no list of retractions is named; the main branch is read once."""
    trust, main = pinned(named), main_branch(root)
    paths = [retractions.PATH] if trust is not None else [signers.PATH, retractions.PATH]
    held = tree.files(root, main, paths) if main is not None else {}
    if trust is None:
        trust = signers.read(held[signers.PATH], signers.PATH) if signers.PATH in held else signers.NOBODY
    return trust, _withdrawn(root, main, held.get(retractions.PATH))


def main_branch(root: Path) -> str | None:
    """Return the commit of the verifier's main branch."""
    there = tree.names(root, tree.MAIN)
    return next((commit for name in tree.MAIN if name in there and (commit := tree.commit_of(root, name))), None)


def around(path: Path) -> Path | None:
    """Return the project that a path is in: the nearest folder from it upwards with a dvc.yaml."""
    return next(
        (above for above in (path.resolve(), *path.resolve().parents) if (above / code.PIPELINE).is_file()), None
    )


def project_of(folder: Path) -> Path | None:
    """Return the project whose own release a folder is; None for one that came from elsewhere."""
    root = around(folder)
    return root if root is not None and folder.resolve() == (root / RELEASED).resolve() else None


def own(folder: Path) -> Path | None:
    """Return the caller's own project where a folder is its release; None for that of another project, or of none."""
    root = project_of(folder)
    here = around(Path())
    return root if root is not None and here is not None and root == here else None


def known(folder: Path, named: Path | None, newest: str | None) -> Known:
    """Return what is known of the release in a folder: of a project's own release what stands there.

    Whose keys count is said by the caller's project, never by the one that the folder is in: what was downloaded brings
    a project along. That one's retractions and later decisions do count: they only take trust away.
    """
    own = project_of(folder)
    held = copies.in_folder(folder.resolve().parent / "audit")
    return Known(
        trusted(around(Path()), named),
        stored.bundles(folder.resolve().parent / "signatures"),
        retracted(own, newest),
        decided_later(own) if own is not None else None,
        Logs(held, tree.beginning(own) if own is not None else None) if held is not None else None,
        stored.bundles(folder.resolve().parent / "signatures" / Path(stored.REBUILDS).name),
    )


def known_of(history: Path, commit: str, own: Path | None, named: Path | None, newest: str | None) -> Known:
    """Return what is known of the release in a commit of another repository, of which `history` is a bare clone.

    Keys are the caller's own; retractions are those of that repository's HEAD, and those that are handed over.
    Signatures and audit logs are those of the commit and of HEAD, of each log the longest copy.
    """
    main = tree.commit_of(history, "HEAD") or commit
    lists = [retractions.read(text, "REPO") for text in tree.files(history, main, [retractions.PATH]).values()]
    handed = retracted(None, newest)
    each = [one for held in (*lists, *([handed] if handed else ())) for one in held.retractions]
    refused = _refuses(tree.files(history, commit, [GATE]).get(GATE))
    later = refused_later(history, commit)
    return Known(
        trusted(own, named),
        {name: text for name, text in signatures_of(history, commit).items() if name.endswith(stored.ATTESTATION)},
        retractions.Retractions(retractions=tuple(each)),
        True if refused or later else (None if refused is None else later),
        Logs(
            copies.Copies.longest(copies.in_commit(history, commit), copies.in_commit(history, main)),
            tree.beginning(history),
        ),
        signatures_of(history, commit, stored.REBUILDS),
    )


def signatures_of(history: Path, commit: str, folder: str = stored.SIGNATURES) -> dict[str, bytes]:
    """Return the signature files of a commit and of HEAD by name: a release may be signed after it was committed.

    Where both have a file, it is the commit's. Those that stand right in `folder` alone.
    """
    revisions = (tree.commit_of(history, "HEAD") or commit, commit)
    held = {path: text for each in revisions for path, text in tree.files(history, each, [folder]).items()}
    names = {path.removeprefix(f"{folder}/"): text for path, text in held.items()}
    return {name: text for name, text in names.items() if "/" not in name}


def logs_of_workspace(root: Path) -> Logs:
    """Return the audit logs of the work tree; those of the last commit must be their beginnings."""
    before = (copies.in_commit(root, "HEAD"),) if tree.has_commit(root) else ()
    return Logs(copies.in_project(root), tree.beginning(root), before)


def logs_of_commit(root: Path, commit: str) -> Logs:
    """Return the audit logs of a commit, or of the work tree where those go on from them: signatures may be later."""
    each = copies.in_project(root), copies.in_commit(root, commit)
    return Logs(copies.Copies.longest(*each), tree.beginning(root), each)


def retracted(root: Path | None, named: str | None) -> Retractions | None:
    """Return the newest list of retractions: the named one, or those of the work tree and the main branch together.

    None where nothing says what was retracted: no list, and no commit that could have none.
    """
    if named is not None:
        return retractions.read(given.text(named, "the retractions"), Path(named).name)
    if root is None:
        return None
    main = main_branch(root)
    held = tree.files(root, main, [retractions.PATH]) if main is not None else {}
    return _withdrawn(root, main, held.get(retractions.PATH))


def _withdrawn(root: Path, main: str | None, listed: bytes | None) -> Retractions | None:
    """Return the retractions of the work tree and those that the main branch lists, together."""
    found = [(root / retractions.PATH).read_bytes()] if (root / retractions.PATH).is_file() else []
    found += [listed] if listed is not None else []
    if not found and main is None and not tree.has_commit(root):
        return None
    lists = [retractions.read(text, Path(retractions.PATH).name) for text in found]
    each = {one.statement: one for held in lists for one in held.retractions}
    return retractions.Retractions(retractions=tuple(each.values()))


def refused_here(root: Path) -> bool | None:
    """Say whether the decision that the work tree records is a refusal, whatever still lies in data/released.

    None where neither the work tree nor the last commit has one.
    """
    here = (root / GATE).read_bytes() if (root / GATE).is_file() else None
    return _refuses(here if here is not None else tree.files(root, "HEAD", [GATE]).get(GATE))


def decided_later(root: Path) -> bool | None:
    """Say whether the newest decision that the project knows is a refusal; None where no history is at hand."""
    here = refused_here(root)
    later = refused_later(root, "HEAD") if tree.has_commit(root) else None
    return True if here or later else (None if here is None else later)


def refused_later(root: Path, commit: str) -> bool | None:
    """Say whether the newest decision after a commit, on the way to HEAD or to the main branch, is a refusal."""
    if tree.is_shallow(root):
        return None
    for until in ("HEAD", main_branch(root) or "HEAD"):
        later = (tree.files(root, one, [GATE]).get(GATE) for one in tree.history(root, commit, until, GATE))
        if _refuses(next((text for text in later if text is not None), None)):  # who removes it takes nothing back
            return True
    return False


def signed_and_rebuilt(root: Path, commit: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the signatures, and the verdicts on rebuilds, that a commit and the work tree hold.

    One that came later counts as well. Git is asked once for both.
    """
    held = {Path(name): text for name, text in tree.files(root, commit, [stored.SIGNATURES]).items()}
    bundles = {path: text for path, text in held.items() if path.name.endswith(stored.ATTESTATION)}
    signed = {path.name: text for path, text in bundles.items() if path.parent == Path(stored.SIGNATURES)}
    rebuilt = {path.name: text for path, text in bundles.items() if path.is_relative_to(stored.REBUILDS)}
    return signed | stored.bundles(root / stored.SIGNATURES), rebuilt | stored.bundles(root / stored.REBUILDS)


def _refuses(metrics: bytes | None) -> bool | None:
    """Say whether the gate's figures tell of a refusal; None without any, `CustodyError` where they cannot be read."""
    if metrics is None:
        return None
    try:
        return bool(json.loads(metrics)["released"] == 0)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise CustodyError(f"{GATE}: cannot be read, so it may be a refusal; restore it with git") from None
