"""`custody policy approve`: sign off a change of policy, exactly as `custody review` tells it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from custody.cli.review import Meaning, Span  # noqa: TC001  # Typer reads it
from custody.cli.verify import Keys  # noqa: TC001
from custody.errors import CustodyError, plain


def approve(
    span: Span = "",
    *,
    private: Annotated[Path, typer.Option("--key", help="Private key file (custody release key FILE).")],
    reason: Annotated[str | None, typer.Option(help="Why, for everybody to read; no personal data.")] = None,
    meaning: Meaning = False,
    trusted: Keys = None,
) -> None:
    """Sign off the change that `custody review` tells, with a key whose role may; the bundle goes to data/signatures.

    It holds for exactly these two policies, these two lists of trusted keys and the report as it is shown here. Where
    the effect on the data is not computed here (--meaning, or no key), it does not hold where it is.
    """
    from custody import engine  # noqa: PLC0415  # late: help is quick
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history.review import reviewing, signoff, verdict, words  # noqa: PLC0415
    from custody.trust import approving, keyfile  # noqa: PLC0415

    root = Path()
    told = reviewing.review(root, span, None if meaning else engine.choose())
    for line in words.lines(told, verdict.verdict(told.report(), signed=False)):
        typer.echo(plain(line))
    if not told.asks:
        raise CustodyError("nothing here asks for a sign-off, so there is nothing to sign")
    if reason is not None and not reason.strip():
        raise CustodyError("--reason: is empty; say why, or leave it out")
    trust = signoff.believed(root, span, told, trusted)
    about = {"base": told.digests[0], "head": told.digests[1], "report": told.digest()}
    key = keyfile.read(private)
    log.record(Event("approve", reason=reason, about=about), root)
    path, name = approving.approve(
        signoff.subjects(told),
        key,
        trust,
        asked=trust.approving(),
        target=root / approving.FOLDER,
        now=dt.datetime.now(dt.UTC),
        reason=reason.strip() if reason else None,
    )
    log.note(Event("approve", "done", about={**about, "key": trust.signers[name].key_id}), root)
    typer.echo(f"signed off by {name}: {path}; commit {approving.FOLDER}")
    typer.echo(f"a commit may point at it, which proves nothing: Policy-approval: {path.name.split('.', 1)[0]}")
