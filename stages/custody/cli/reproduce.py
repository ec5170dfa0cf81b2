"""`custody reproduce`: build a release of the past anew, and say whether it is the same."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.cli.verify import Keys  # noqa: TC001  # Typer reads it
from custody.errors import CustodyError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.history.rebuild.reproducing import Reproduced
    from custody.trust.keyfile import PrivateKey
    from custody.trust.signers import Trust


def reproduce(  # noqa: PLR0913  # the options of one command
    revision: Annotated[str, typer.Argument(metavar="REV", help="A release: a commit, tag or branch.")],
    *,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Leave what was built in this new folder, outside any project.")
    ] = None,
    current_env: Annotated[
        bool, typer.Option("--current-env", help="Use the libraries of today, and say which differ.")
    ] = False,
    sign: Annotated[
        Path | None,
        typer.Option(metavar="KEY", help="Sign the verdict, whatever it is, into data/signatures/rebuilds."),
    ] = None,
    trusted: Keys = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Rebuild a release from its own code, policy, sources, libraries and keys, and compare stage by stage.

    Runs `dvc repro -f --no-run-cache` in a clone of its own; of what is here nothing is touched. Exit status 0:
    reproduced, equivalent or erased, which is that it lacks rows of erased people and no more (see custody privacy
    erasure); 1: changed or failed; 3: unverifiable, and what is gone.
    """
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history.rebuild.reproducing import reproduce as rebuild  # noqa: PLC0415  # late: these import Arrow
    from custody.history.version import version  # noqa: PLC0415
    from custody.records import digest  # noqa: PLC0415
    from custody.trust import places  # noqa: PLC0415

    root = Path.cwd()
    found = version(root, revision, "REV")
    if to is not None:
        _outside(to)
    release = None if found.text is None else digest.sha256(found.text)
    signer = _signer(root, sign, trusted, release) if sign is not None else None
    log.record(Event("reproduce", release=release, about={"revision": found.commit}), root)
    believed = partial(places.trusted, root, trusted) if signer is None else None  # who signs says what he saw himself
    told = rebuild(root, found, to, current_env=current_env, believed=believed)
    for line in [json.dumps(told.json(), indent=2)] if as_json else map(plain, _lines(told)):
        typer.echo(line)
    if signer is not None:
        _signed(root, told, *signer, quiet=as_json)
    if told.status:
        raise typer.Exit(told.status)


def _signer(root: Path, file: Path, trusted: Path | None, release: str | None) -> tuple[PrivateKey, Trust]:
    """Return key and trusted keys; stop before anything is built where nothing could be signed after it."""
    from custody.trust import keyfile, places, rebuilds, signers  # noqa: PLC0415

    if release is None:
        raise CustodyError("--sign: the release's statement is not in DVC's cache; bring it: dvc fetch --all-commits")
    own = root / signers.PATH
    trust = places.trusted(root, trusted or (own if own.is_file() else None))
    key = keyfile.read(file)
    rebuilds.rebuilder(key, trust, dt.datetime.now(dt.UTC).date().isoformat())
    return key, trust


def _signed(root: Path, told: Reproduced, key: PrivateKey, trust: Trust, *, quiet: bool) -> None:
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history.rebuild.signed import verdict  # noqa: PLC0415
    from custody.records import digest  # noqa: PLC0415
    from custody.trust import rebuilds, stored  # noqa: PLC0415

    release = told.statements[0]
    log.record(Event("sign", release=release, about={"verdict": told.answer}), root)
    path, name = rebuilds.sign(verdict(told), key, trust, target=root / stored.REBUILDS, now=dt.datetime.now(dt.UTC))
    about = {"key": trust.signers[name].key_id, "bundle": digest.file_sha256(path), "verdict": told.answer}
    log.note(Event("sign", "done", release=release, about=about), root)
    typer.echo(f"signed by {name}: {path.relative_to(root)}; commit {stored.REBUILDS}", err=quiet)


def _outside(to: Path) -> None:
    from custody.repository.outside import refuse_inside  # noqa: PLC0415

    refuse_inside(to, "--to")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CustodyError("--to: exists and holds something; choose a new folder")


def _lines(told: Reproduced) -> Iterator[str]:
    yield f"{told.revision[:12]}: {told.answer}"
    for one in told.verdicts:
        yield f"  {one.stage.ljust(9)}  {one.answer}"
        yield from (f"    {why}" for why in one.why)
    recorded, rebuilt = told.statements
    if recorded and rebuilt:
        both = f"SHA-256 {rebuilt}" if recorded == rebuilt else f"{recorded} recorded, {rebuilt} rebuilt"
        yield f"  statement  {both}"
    yield from (f"  note: {note}" for note in told.notes)
