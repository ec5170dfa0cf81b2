"""Write values into params.yaml where they belong, with every other byte as it was.

Only a value that stands on its key's own line is replaced, and a line is added only to a block of lines: what people
wrote around it stays. The result is parsed again and must differ in these values alone.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError
from custody.policy.scalar import scalar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from custody.policy.yaml import Document

_LINE = re.compile(
    rb"""^(?P<key>[ ]+(?:"[\w-]+"|'[\w-]+'|[\w-]+)[ ]*:[ ]+)(?P<value>'[^'\n]*'|"[^"\n]*"|[^\s#'"\[\]{}|>&*!,]+)"""
    rb"""(?P<rest>[ ]*(?:[ ]\#[^\n]*)?\r?\n?)$"""
)
_OPEN = re.compile(rb"^[ ]*(?:\"[\w-]+\"|'[\w-]+'|[\w-]+)[ ]*:[ ]*(?:[ ]\#[^\n]*)?\r?\n$")
_STEP = 2


@dataclass(frozen=True)
class Edit:
    """A key, from the top of the policy, and its value; the comment is for a line that is not there yet."""

    path: tuple[str, ...]
    value: str | int
    comment: str | None = None

    @property
    def key(self) -> str:
        """The dotted key."""
        return ".".join(self.path)

    @property
    def written(self) -> str:
        """The value as YAML."""
        return scalar(self.value) if isinstance(self.value, str) else str(self.value)


def read(path: Path) -> bytes:
    """Return the policy's bytes."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CustodyError(f"{path.name}: cannot be read ({error.strerror}); run from the project's folder") from None


def edited(text: bytes, name: str, edits: Sequence[Edit]) -> bytes:
    """Return the policy `text` with these values set; `CustodyError` when another value would change."""
    from custody.policy.yaml import parse  # noqa: PLC0415  # late: reads YAML

    before = parse(text, name)
    if not isinstance(before.values.get("keys"), dict):
        raise CustodyError(f"{name}: has no keys section; add one with a line for zone and a line for check")
    wanted = copy.deepcopy(before.values)
    for edit in edits:
        document = parse(text, name)
        text = _replaced(text, document, edit) if edit.path in document.lines else _added(text, document, edit)
        try:
            held = _set(wanted, edit) and parse(text, name).values == wanted
        except CustodyError:
            held = False
        if not held:
            raise CustodyError(f"{before.place(edit.path)}: {edit.key}: must stand on a line of its own, one value")
    return text


def value(text: bytes, name: str, path: tuple[str, ...]) -> Any:
    """Return the value that the policy `text` has at a key, None where it has none."""
    from custody.policy.yaml import parse  # noqa: PLC0415

    found: Any = parse(text, name).values
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def replace(path: Path, text: bytes) -> None:
    """Put `text` in the file's place, whole or not at all, with the file's own permissions; it may be a new file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _replaced(text: bytes, document: Document, edit: Edit) -> bytes:
    lines = text.splitlines(keepends=True)
    place = document.lines[edit.path] - 1
    parts = _LINE.match(lines[place])
    if parts is None:
        raise CustodyError(
            f"{document.place(edit.path)}: {edit.key}: must stand on a line of its own, as in: "
            f"{edit.path[-1]}: {edit.written}"
        )
    lines[place] = parts["key"] + edit.written.encode() + parts["rest"]
    return b"".join(lines)


def _added(text: bytes, document: Document, edit: Edit) -> bytes:
    """Add the key as the first of its block, and the block too where it is not there."""
    held = max(depth for depth in range(len(edit.path)) if edit.path[:depth] in {(), *document.lines})
    lines = text.splitlines(keepends=True)
    place = document.lines[edit.path[:held]] - 1 if held else -1
    if held == 0 or _OPEN.match(lines[place]) is None:
        raise CustodyError(
            f"{document.place(edit.path)}: {edit.key}: cannot be added here; add the line yourself: "
            f"{edit.path[-1]}: {edit.written}"
        )
    children = [path for path in document.lines if path[:held] == edit.path[:held] and len(path) == held + 1]
    indent = _indent(lines[document.lines[children[0]] - 1]) if children else _indent(lines[place]) + _STEP
    end = b"\r\n" if lines[place].endswith(b"\r\n") else b"\n"
    *parents, last = edit.path[held:]
    texts = [f"{' ' * (indent + _STEP * i)}{parent}:" for i, parent in enumerate(parents)]
    if edit.comment:
        texts.insert(0, f"{' ' * indent}# {edit.comment}")
    texts.append(f"{' ' * (indent + _STEP * len(parents))}{last}: {edit.written}")
    return b"".join([*lines[: place + 1], *(one.encode() + end for one in texts), *lines[place + 1 :]])


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _set(values: Any, edit: Edit) -> bool:
    """Set the value; False where something on its way is no mapping."""
    *parents, last = edit.path
    for parent in parents:
        if isinstance(values, dict):
            values = values.setdefault(parent, {})
    if isinstance(values, dict):
        values[last] = edit.value
    return isinstance(values, dict)
