"""`custody keys`: make a zone secret and name it in the policy."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.cli.scalar import scalar
from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.policy.yaml import Document

app = typer.Typer(help="Zone secrets: what seals raw data and makes pseudonyms.", no_args_is_help=True)

PARAMS = Path("params.yaml")

_LINE = re.compile(
    rb"""^(?P<key>[ ]+(?:"\w+"|'\w+'|\w+)[ ]*:[ ]+)(?P<value>'[^'\n]*'|"[^"\n]*"|[^\s#'"\[\]{}|>&*!,]+)"""
    rb"""(?P<rest>[ ]*(?:[ ]\#[^\n]*)?\r?\n?)$"""
)


@app.callback()
def _group() -> None:
    """Keep `init` a command of its own while it is the only one."""


@app.command("init")
def init(
    zone: Annotated[str, typer.Argument(help="Name of the new zone: lower-case letters, digits, - and _.")],
    params: Annotated[Path, typer.Option(help="The policy that will use it.")] = PARAMS,
) -> None:
    """Make a zone secret in the keyring and write keys.zone and keys.check into params.yaml."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415  # late: costs 0.2 s

    from custody.governance import keys  # noqa: PLC0415
    from custody.policy.model import Id  # noqa: PLC0415

    try:
        TypeAdapter(Id).validate_python(zone)
    except ValidationError:
        raise CustodyError(
            "ZONE: must be 1 to 63 lower-case letters, digits, - or _, and begin with a letter"
        ) from None
    path = params.resolve()
    text = _read(path)
    rewritten(text, path.name, zone, "0" * 16)  # a policy that cannot be edited is found before a secret exists
    made = keys.create(zone)
    try:
        _replace(path, rewritten(text, path.name, zone, made.check))
    except OSError as error:
        raise CustodyError(
            f"{path.name}: cannot be written ({error.strerror}), but the zone now exists; "
            f"set keys.zone to {zone} and keys.check to '{made.check}' there yourself"
        ) from None
    typer.echo(f"zone {zone}: made; {path.name} now names it, with keys.check '{made.check}'")
    typer.echo(f"keyring: {keys.keyring_path()}")
    typer.echo(
        "Back the keyring up now, apart from the data: without it nothing sealed under this zone opens again, "
        "and whoever has it can read the raw data."
    )


def rewritten(text: bytes, name: str, zone: str, check: str) -> bytes:
    """Return the policy `text` with `keys.zone` and `keys.check` set and every other byte as it was.

    Only a value that stands on its key's own line is replaced; the result is parsed again and must differ in these two
    values alone. `CustodyError` when it would not.
    """
    from custody.policy.yaml import parse  # noqa: PLC0415  # late: reads YAML

    before = parse(text, name)
    if not isinstance(before.values.get("keys"), dict):
        raise CustodyError(f"{name}: has no keys section; add one with a line for zone and a line for check")
    lines = text.splitlines(keepends=True)
    for key, value in (("zone", zone), ("check", check)):
        place = _place(before, key)
        lines[place] = _edited(lines[place], scalar(value), before, key)
    after = b"".join(lines)
    wanted = {**before.values, "keys": {**before.values["keys"], "zone": zone, "check": check}}
    try:
        held = parse(after, name).values == wanted
    except CustodyError:
        held = False
    if not held:
        raise CustodyError(
            f"{before.place(('keys',))}: keys: write zone and check on a line of their own, one value each"
        )
    return after


def _place(document: Document, key: str) -> int:
    line = document.lines.get(("keys", key))
    if line is None:
        raise CustodyError(f"{document.place(('keys',))}: keys: has no {key}; add the line, with any value")
    return line - 1


def _edited(line: bytes, value: str, document: Document, key: str) -> bytes:
    parts = _LINE.match(line)
    if parts is None:
        raise CustodyError(
            f"{document.place(('keys', key))}: keys.{key}: must stand on a line of its own, as in: {key}: {value}"
        )
    return parts["key"] + value.encode() + parts["rest"]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CustodyError(f"{path.name}: cannot be read ({error.strerror}); run from the project's folder") from None


def _replace(path: Path, text: bytes) -> None:
    """Put `text` in the file's place, whole or not at all, with the file's own permissions."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
