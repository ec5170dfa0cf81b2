"""Plain files of people and machines: JSON that is one closed object, text that is written whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.records.replacing import sync
from custody.records.strict import strict_json

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 256 * 2**20


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; duplicate keys, NaN and anything but an object are refused."""
    where = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > LIMIT:
            raise CustodyError(f"{where}: is larger than {LIMIT} bytes; it is none of ours")
        return parse_json(path.read_bytes(), where)
    except FileNotFoundError:
        raise CustodyError(f"{where}: is missing; run: dvc repro") from None


def parse_json(text: bytes, where: str) -> dict[str, Any]:
    """Take a JSON object in UTF-8 apart, as `read_json` does."""
    try:
        value = strict_json(text)
    except (ValueError, RecursionError):
        raise CustodyError(f"{where}: is not the JSON that Custody writes; run the stage again") from None
    if not isinstance(value, dict):
        raise CustodyError(f"{where}: is not the JSON that Custody writes; run the stage again")
    return value


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write JSON for people and machines: sorted keys, two spaces, one newline at the end; whole or not at all."""
    write_text(path, json_text(value))


def json_text(value: dict[str, Any]) -> str:
    """Return what `write_json` writes."""
    return json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(text.encode())
        sync(fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
