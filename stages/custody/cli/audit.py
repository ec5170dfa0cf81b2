"""`custody audit`: what was done to which release, by whom and why; publish it, check it, hand it on."""

from __future__ import annotations

import datetime as dt
import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custody import __version__
from custody.cli.verify import Keys  # noqa: TC001  # Typer reads it
from custody.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(help="The audit log: who did what to which release, when and why.", no_args_is_help=True)
ROOT = Path()

Out = Annotated[Path | None, typer.Option(help="Write to this file instead; it is replaced.")]


@app.command("show")
def show(*, as_json: Annotated[bool, typer.Option("--json", help="JSON, one entry per line.")] = False) -> None:
    """List all entries, of this clone and of data/audit, by time. Names are shown where they are known here."""
    from custody.governance.audit import actors  # noqa: PLC0415  # late: help is quick
    from custody.governance.audit.place import folder_of  # noqa: PLC0415

    found = sorted((one for one, _ in _entries()), key=lambda one: (one["at"], one["writer"], one["number"]))
    if as_json:
        for one in found:
            typer.echo(json.dumps(one, ensure_ascii=False, sort_keys=True))
        return
    names = actors.names(folder_of(ROOT))
    for one in found:
        typer.echo(printable(_line(one, names.get(one["actor"], one["actor"]))))


@app.command("publish")
def publish() -> None:
    """Copy this clone's log into data/audit, one file per writer, to be committed."""
    from custody.governance.audit import copies, publishing  # noqa: PLC0415

    head = publishing.publish(ROOT)
    typer.echo(f"published {head.entries:,} entries: {copies.FOLDER}/{head.writer}.jsonl; commit it")


@app.command("verify")
def verify(*, trusted: Keys = None) -> None:
    """Say whether every log is whole and goes on from every checkpoint that a believed signature took."""
    from custody.governance.audit import publishing  # noqa: PLC0415
    from custody.release.words import counted  # noqa: PLC0415
    from custody.trust import checkpoints, places, signatures, stored  # noqa: PLC0415

    logs = places.logs_of_workspace(ROOT)
    judged, own = checkpoints.judge(logs), publishing.own(ROOT)
    bundles, trust = stored.bundles(ROOT / stored.SIGNATURES), places.trusted(ROOT, trusted)
    seen = signatures.checkpoints(bundles, trust, judged.chains)
    reasons = [*judged.reasons, *checkpoints.differences(judged.chains, seen)]
    if own is not None and (copy := judged.chains.get(own.writer)) is not None and not own.goes_on_from(copy.head):
        reasons.append(checkpoints.reason("this clone's log does not go on from its copy: one of them was edited"))
    chains = judged.chains if own is None else {**judged.chains, own.writer: own}
    total = sum(len(one.digests) for one in chains.values())
    head = f"audit: {total:,} entries of {counted(len(chains), 'writer')}, {counted(len(seen), 'checkpoint')}"
    typer.echo(f"{head}: {'does not hold' if reasons else 'hold'}")
    for line in (*(one.what for one in reasons), *(f"note: {one}" for one in checkpoints.Judged(chains).notes)):
        typer.echo(f"  {printable(line)}")
    if reasons:
        raise typer.Exit(1)


@app.command("export")
def export(*, out: Out = None) -> None:
    """Write all entries as OCSF events, one JSON object per line: for the system that watches."""
    from custody.governance.audit import ocsf  # noqa: PLC0415
    from custody.records.plain import write_text  # noqa: PLC0415

    events = [ocsf.event(one, digest, __version__) for one, digest in _entries()]
    events.sort(key=lambda one: (one["time"], one["src_endpoint"]["uid"], one["metadata"]["sequence"]))
    text = "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in events)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)


@app.command("erase")
def erase(actor: Annotated[str, typer.Argument(help="The pseudonym, as custody audit show --json has it.")]) -> None:
    """Forget which account a pseudonym stands for. Entries stay as they are, and still verify."""
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.place import folder_of  # noqa: PLC0415

    log.erase(actor, ROOT)
    typer.echo(f"erased: {actor} is no longer named here")
    typer.echo("  its entries stay, and all of one writer are told to be of one account in one clone, later ones too:")
    typer.echo("  what this account does here next has a new pseudonym in the same file, and names it again")
    typer.echo(f"  to part from the old entries, publish, commit and remove {folder_of(ROOT)}: a new writer begins")


def _entries() -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each entry once, with its digest; `RefusedError` where a log is not whole."""
    from custody.errors import RefusedError  # noqa: PLC0415
    from custody.governance.audit import copies, log  # noqa: PLC0415
    from custody.governance.audit.chain import BrokenError, entries  # noqa: PLC0415
    from custody.governance.audit.place import folder_of  # noqa: PLC0415

    held = copies.in_project(ROOT)
    logs = chain.from_iterable([(("this clone's log", log.whole(folder_of(ROOT))),), held.items()])
    seen: set[str] = set()
    for name, text in logs:
        try:
            for one, digest in entries(text):
                if digest not in seen:
                    yield one, digest
                seen.add(digest)
        except BrokenError as error:
            raise RefusedError(f"{name}: {error}; see: custody audit verify") from None


def _line(one: dict[str, Any], who: str) -> str:
    """`2026-11-26T07:00:00Z  ada  load  done  release 1a2b3c4d5e6f  zone=ops  "why"`."""
    at = dt.datetime.fromisoformat(one["at"]).strftime("%Y-%m-%d %H:%M:%S")
    release = f"release {one['release'][:12]}" if one["release"] else ""
    told = "  ".join(f"{name}={_told(value)}" for name, value in sorted(one["about"].items()))
    why = f'"{one["reason"]}"' if one["reason"] else ""
    return "  ".join(part for part in (at, who, one["action"], one["outcome"], release, told, why) if part)


def _told(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
