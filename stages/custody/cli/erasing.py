"""`custody privacy erasure`: record who was erased from which source, so that a rebuild without them is known."""

from __future__ import annotations

import datetime as dt
import getpass
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.governance.audit.entry import Told

PARAMS = Path("params.yaml")
MOST = 2**20
"""Characters that are read of standard input."""


def erasure(
    name: Annotated[str, typer.Argument(metavar="ID", help="Of the request; no name of a person. It can be added to.")],
    replaced: Annotated[
        list[str],
        typer.Argument(metavar="REV:PATH…", help="Each .dvc file as it was; what it names here is without them."),
    ],
) -> None:
    """Record that people were erased, in .custody/erasures.yaml: digests of their pseudonyms, and of the files.

    Their identifiers come from standard input, one per line. Changes no data: first put the file without them in the
    old one's place and dvc add it. Once this is on the main branch, custody reproduce answers erased where it would
    answer changed, and reads the new files alone.
    """
    from custody.governance import opening  # noqa: PLC0415  # late: these import Arrow
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history import erasing  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415
    from custody.records.digest import sha256  # noqa: PLC0415
    from custody.trust import erasures  # noqa: PLC0415

    root, policy = Path(), load(PARAMS)
    erasing.subject(policy)
    path = root / erasures.PATH
    held = erasures.read(path.read_bytes(), erasures.PATH) if path.exists() else erasures.Erasures()
    sources = erasing.sources(root, replaced, held)
    people = _identifiers()
    about: dict[str, Told] = {
        "id": _id(name),
        "zone": policy.keys.zone,
        "identifiers": len(people),
        "sources": len(replaced),
    }
    granted = opening.grant(Event("erasure", about=about), root)
    zone = opening.zone_for(granted, policy.keys, [sha256(one.encode()) for one in people], policy.privacy)
    whole = held.add(name, dt.datetime.now(dt.UTC).date().isoformat(), erasing.digests(people, policy, zone), sources)
    if whole != held:
        erasures.write(path, whole)
    typer.echo(
        f"{name}: identifiers: {len(people)}, sources: {len(replaced)}; commit {erasures.PATH} and the .dvc files"
    )


def _id(name: str) -> str:
    from custody.policy import checks  # noqa: PLC0415

    if checks.name(name) is not None:
        raise CustodyError(
            "ID: must be 1 to 63 lower-case letters, digits, - or _, and begin with a letter; give another"
        )
    return name


def _identifiers() -> list[str]:
    """Read who was erased: from a pipe a line each; on a terminal without showing it, up to an empty line."""
    if sys.stdin is None:
        raise CustodyError("standard input: is closed; give one identifier per line")
    if sys.stdin.isatty():
        lines = list(iter(lambda: getpass.getpass("Identifier (empty: no more): "), ""))
    else:
        if isinstance(sys.stdin, io.TextIOWrapper):  # else as the locale has it: another name, and no error
            sys.stdin.reconfigure(encoding="utf-8", errors="strict")
        try:
            lines = sys.stdin.read(MOST + 1).split("\n")
        except UnicodeDecodeError:
            raise CustodyError("standard input: is not UTF-8 text; give one identifier per line") from None
    people = [line for line in dict.fromkeys(one.strip() for one in lines) if line]
    text = "".join(people)
    if not people or len(text) > MOST or not text.isprintable():
        raise CustodyError("standard input: holds no identifiers, or other than one per line; the subject's, as text")
    return people
