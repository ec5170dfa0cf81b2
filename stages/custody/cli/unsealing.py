"""`custody privacy unseal`: records in the clear, for a person whose role allows it, who says what for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.errors import RefusedError

if TYPE_CHECKING:
    from custody.governance.audit.entry import Event

PARAMS = Path("params.yaml")


def unseal(
    out: Annotated[Path, typer.Argument(help="File to write, .jsonl or .parquet, outside any project.")],
    *,
    purpose: Annotated[str, typer.Option(help="What for; it stands in the audit log with your account and the time.")],
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="The quarantined records alone, each with the rules that it breaks.")
    ] = False,
) -> None:
    """Write collected records in the clear into a file that only you can read.

    You must be among recipients in .custody/trust.yaml of the main branch, with a role that may open pipeline. The
    audit log has an entry before the secret is opened. Delete the file once it has served.
    """
    from custody.governance import opening  # noqa: PLC0415  # late: these import Arrow
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.history import unsealed  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415

    policy, root, data = load(PARAMS), Path(), Path("data")
    unsealed.refuse_place(out)
    what = "quarantine" if quarantine else "collected"
    event = Event("unseal", reason=purpose, about={"zone": policy.keys.zone, "what": what})
    _refuse_without_role(event)
    granted = opening.grant(event, root)
    if quarantine:
        tables = unsealed.in_quarantine(opening.records(granted, data, policy.keys))
    else:
        tables = unsealed.everything(opening.collected(granted, data / "collected", policy.keys))
    rows = unsealed.write(tables, out)
    kind = "quarantined records" if quarantine else "records"
    typer.echo(f"{rows:,} {kind} in the clear in {out}, for you alone; delete the file once it has served")


def _refuse_without_role(event: Event) -> None:
    """Stop where the user is nobody, or nobody who may; the log tells of that too."""
    from dataclasses import replace  # noqa: PLC0415

    from custody.governance import identity  # noqa: PLC0415
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.trust import places  # noqa: PLC0415

    trust = places.of_main(Path())
    name = trust.who(one.recipient for one in identity.mine())
    if name is not None and "pipeline" in trust.may(name):
        return
    log.record(replace(event, outcome="refused"))
    role = "your role may not open pipeline" if name else "your identity is none of its recipients"
    raise RefusedError(f"by .custody/trust.yaml of the main branch, {role}; have it changed and reviewed")
