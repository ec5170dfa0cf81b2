"""`custody which`: from a file or a digest back to the release that it belongs to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custody.errors import CustodyError, RefusedError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.history.naming import Known
    from custody.history.standing import Standing


def which(
    what: Annotated[
        str,
        typer.Argument(
            metavar="STATEMENT|DIGEST|FILE", help="A statement, a released folder or file, a source, a digest."
        ),
    ],
    *,
    trusted: Annotated[
        Path | None, typer.Option(help="Keys that you believe; else CUSTODY_TRUST, else your main branch's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Name the releases that a file or digest belongs to, with revision, policy and sources. Needs no key.

    All branches and tags are looked through. SHA-256, md5 and logical digests will do, or the first 12 digits of one.
    """
    from custody.history import naming, standing  # noqa: PLC0415  # late: these import Arrow and pydantic

    root = Path()
    names = naming.names_of(what, Path(what))
    looked = naming.known(root)
    found = [(one, said) for one in looked.releases if (said := _said(one, names))]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    known = standing.standings(root, [one.text for one, _ in found], trusted, today) if found else {}
    told = [_told(one, said, known[hashlib.sha256(one.text).hexdigest()]) for one, said in found]
    if as_json:
        typer.echo(json.dumps({"found": told, "not_looked_into": looked.missing}, indent=2, ensure_ascii=False))
    for line in () if as_json else (line for one in told for line in _lines(one)):
        typer.echo(plain(line))
    if found and looked.missing and not as_json:
        typer.echo(f"note: {looked.missing} releases have no statement in DVC's cache and were not looked into")
    if not found:
        _nothing(root, looked.missing, len(looked.releases))


def _said(one: Known, names: list[str]) -> list[str]:
    from custody.history.naming import matches  # noqa: PLC0415

    return list(dict.fromkeys(what for name in names for what in matches(one, name)))


def _nothing(root: Path, missing: int, releases: int) -> None:
    from custody.repository import tree  # noqa: PLC0415

    if missing:
        raise CustodyError(
            f"which: none of {releases} releases, but {missing} more have no statement in DVC's cache; "
            "bring them (dvc fetch --all-commits) and ask again"
        )
    if tree.is_shallow(root):
        raise CustodyError(
            f"which: none of {releases} releases, but history was cut off here (a shallow clone); bring it "
            "(git fetch --unshallow) and ask again"
        )
    raise RefusedError(f"which: belongs to none of the {releases} releases that git knows here")


def _told(one: Known, said: list[str], standing: Standing) -> dict[str, Any]:
    return {
        "is": said,
        "dataset": one.stated.dataset.name,
        "revision": one.revision,
        "tags": list(one.tags),
        "decision": one.stated.decision,
        "rows": one.stated.rows,
        "statement": hashlib.sha256(one.text).hexdigest(),
        "policy": one.stated.policy,
        "sources": {
            name: {"owner": own.owner, "license": own.license, "sha256": [file.sha256 for file in own.files]}
            for name, own in one.stated.sources.items()
        },
        "signers": list(standing.signers),
        "retracted": standing.retracted,
    }


def _lines(told: dict[str, Any]) -> Iterator[str]:
    tags = f" (tag {', '.join(told['tags'])})" if told["tags"] else ""
    yield f"{'; '.join(told['is'])} of {told['dataset']}, {told['decision']}, {told['rows']:,} rows"
    yield f"  revision   {told['revision']}{tags}"
    yield f"  statement  {told['statement']}"
    yield f"  policy     {told['policy']}"
    for name, own in told["sources"].items():
        yield from (f"  source     {name}: {sha256}" for sha256 in own["sha256"])
    if told["signers"]:
        yield f"  signed by  {', '.join(told['signers'])}"
    if told["retracted"]:
        yield f"  retracted  {told['retracted']}"
