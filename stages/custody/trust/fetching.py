"""Bring a release out of another repository: verified first, handed over as a whole, or not at all.

    PATH/released      what the loader opens: custody.load("PATH/released")
    PATH/signatures    who vouches for it, by what its revision and the newest one hold; in rebuilds who has rebuilt it
    PATH/audit         the audit logs of both, where there are any: of each the longest

Statement and signatures come first: nothing else is brought before somebody who is believed vouches for them. The same
is asked as of a load. Whose keys count is said here, never by the repository that it comes from; what was
retracted, or refused later, is looked for in that repository's newest history.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from custody.errors import CustodyError, RefusedError, plain
from custody.records import digest
from custody.records.replacing import replace_folder
from custody.release import loader
from custody.release.stated import STATEMENT
from custody.release.statement import LIMIT
from custody.repository import distant, tree
from custody.trust import places, vouching
from custody.trust.known import RELEASED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from custody.governance.audit.log import Noted
    from custody.release.statement import Statement


def fetch(  # noqa: PLR0913  # what is fetched, from where to where, and by what it is judged
    repository: str,
    revision: str,
    target: Path,
    *,
    trusted: Path | None,
    newest: str | None,
    today: dt.date,
    logged: Noted,
) -> tuple[Statement, str]:
    """Put the release of a revision into `target`, a new folder; return the statement, and who vouches for it.

    `RefusedError` where a load would refuse it too;
    `CustodyError` where it cannot be had, or `target` is there already. `logged` is told which release it was.
    """
    if target.exists() or target.is_symlink():
        raise CustodyError(f"PATH: {plain(target.name)} is there already, and nothing is replaced; choose another")
    with distant.cloned(repository) as history:
        commit = tree.commit_of(history, revision)
        if commit is None:
            raise CustodyError("--rev: is no revision of REPO; give a commit, a tag or a branch of it")
        logged.about["revision"] = commit
        own = places.around(Path())
        known = places.known_of(history, commit, own, trusted, newest)
        with distant.folder(repository, commit, RELEASED) as found, replace_folder(target) as fresh:
            released = fresh / "released"
            released.mkdir()
            (released / STATEMENT).write_bytes(found.read(STATEMENT, LIMIT + 1))
            stated, text = loader.released(released)
            logged.release = digest.sha256(text)
            vouched = vouching.vouched("REPO", text, stated, known, today)
            _bring(found, stated, released)
            loader.verify(released, stated)
            audit = known.audit.files if known.audit is not None else {}
            signed = places.signatures_of(history, commit)
            _beside(fresh, {"signatures": signed, "signatures/rebuilds": known.rebuilds, "audit": audit})
        return stated, vouched


def _bring(found: distant.Folder, stated: Statement, released: Path) -> None:
    """Bring the files of a statement: no name that it does not list, of none more than a byte that it does not tell."""
    listed = {file.name for file in stated.files} | {STATEMENT}
    if extra := len(found.names() - listed):
        raise RefusedError(f"REPO: {extra} {'file does' if extra == 1 else 'files do'} not belong to the release")
    if missing := sorted(listed - found.names()):
        raise RefusedError(f"REPO: the release lacks {plain(', '.join(missing))}")
    for file in stated.files:
        found.get(file.name, released, file.bytes + 1)


def _beside(fresh: Path, each: Mapping[str, Mapping[str, bytes]]) -> None:
    """Put files beside the release, each in the folder that it is named for; one without files is not made."""
    for folder, files in each.items():
        for name, text in files.items():
            if "/" not in name:
                (fresh / folder).mkdir(parents=True, exist_ok=True)
                (fresh / folder / name).write_bytes(text)
