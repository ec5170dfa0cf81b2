"""Copy this clone's log into data/audit, one file per writer, so that it can be committed, merged and checked.

The last entry of the copy says that it was published, and for which repository: the first commit of its history. What
stands in data/audit already must be the beginning of what is put there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from custody.errors import CustodyError, RefusedError
from custody.governance.audit import chain, copies, log
from custody.governance.audit.copies import FOLDER, LIMIT, SUFFIX
from custody.governance.audit.entry import Event
from custody.governance.audit.place import folder_of
from custody.records import regular
from custody.records.plain import write_text
from custody.repository import tree

if TYPE_CHECKING:
    from pathlib import Path

    from custody.governance.audit.chain import Chain
    from custody.governance.audit.entry import Head


def publish(root: Path) -> Head:
    """Put this clone's log into data/audit of the project at `root` and return where it stands.

    `CustodyError` where there is no commit yet, where history was cut off, or where the log is of another repository or
    not whole; `RefusedError` where data/audit holds what the log does not go on from.
    """
    repository = tree.beginning(root)
    if repository is None:
        raise CustodyError(
            "audit: the first commit of this repository is not here, so nothing tells it from another; commit first, "
            "or bring its history: git fetch --unshallow"
        )
    local = own(root)
    if local is not None and local.repositories - {repository}:
        raise CustodyError(
            "audit: the log of this place is of another repository that stood here before; move its folder away and "
            f"keep it: {folder_of(root)}"
        )
    with log.alone(folder_of(root)):
        return _copied(root, repository)


def _copied(root: Path, repository: str) -> Head:
    head = log.record(Event("publish", about={"repository": repository}), root)
    lines = log.whole(folder_of(root)).split(b"\n")[: head.entries]
    text = b"\n".join([*lines, b""])
    target = root / FOLDER / (head.writer + SUFFIX)
    if len(text) > LIMIT:
        raise CustodyError(
            f"audit: the log here is larger than {LIMIT} bytes; move its folder away and keep it, and a new log "
            f"begins: {folder_of(root)}"
        )
    if os.path.lexists(target) and not text.startswith(regular.read(target, LIMIT) or b"?"):
        raise RefusedError(
            f"{FOLDER}/{target.name}: is not the beginning of the log here: one of them was edited, or this is a copy "
            "of another clone; see: custody audit verify"
        )
    write_text(target, text.decode())
    return head


def heads(root: Path) -> tuple[Head, ...]:
    """Publish, and return where each writer's log in data/audit stands; `RefusedError` for one that is not whole."""
    publish(root)
    found = []
    for name, text in copies.in_project(root).items():
        try:
            found.append(chain.judge(text).head)
        except chain.BrokenError as error:
            raise RefusedError(f"{FOLDER}/{name}: {error}; see: custody audit verify") from None
    return tuple(found)


def own(root: Path) -> Chain | None:
    """Return this clone's log, None where there is none yet; `CustodyError` where it is not whole."""
    folder = folder_of(root)
    text = log.whole(folder)
    try:
        return chain.judge(text) if text else None
    except chain.BrokenError as error:
        raise CustodyError(f"audit log: {error}; move its folder away and keep it: {folder}") from None
