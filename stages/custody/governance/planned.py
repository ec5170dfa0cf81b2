"""The writes of a change of keys, each with what was and what is to be: so that it can be told how far it is.

They hold wrapped secrets and fingerprints alone.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pydantic import Field

from custody.governance.compartments import Compartment
from custody.policy import editing
from custody.policy.editing import Edit
from custody.policy.model import Closed
from custody.records import digest
from custody.records.replacing import sync_names

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION: Final = "custody/pending/v1"
State: TypeAlias = Literal["made", "to be made", "lost", "other"]


class File(Closed):
    """A file that is written (`text`), moved (`fresh`) or, without either, removed; both its states as SHA-256."""

    path: str
    before: str | None
    after: str | None
    text: str | None = None
    fresh: str | None = None

    def state(self) -> State:
        """Say how far this is: made, to be made, lost with what was to be moved, or changed by somebody else."""
        now = of_file(Path(self.path))
        if now == self.after:
            return "made"
        if now != self.before:
            return "other"
        return "to be made" if self.fresh is None or of_file(Path(self.fresh)) == self.after else "lost"

    def make(self) -> None:
        """Do it."""
        path = Path(self.path)
        if self.text is not None:
            editing.replace(path, self.text.encode())
        elif self.fresh is not None:
            Path(self.fresh).replace(path)
        else:
            path.unlink()


class Value(Closed):
    """A value of the policy, by its keys from the top; None where it is not there yet."""

    path: tuple[str, ...]
    before: str | int | None
    after: str | int
    comment: str | None = None


class Change(Closed):
    """One command's writes, in their order: `files` that are written or removed, `values`, `files` that are moved."""

    version: Literal["custody/pending/v1"] = VERSION
    asked: tuple[str, ...]
    """The command, after `custody keys`."""
    what: Literal["init", "rotate", "revoke"]
    zone: str
    parts: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    """Public keys of those whom secrets are taken away from, for the audit log."""
    made: dict[Compartment, str] = Field(default_factory=dict)
    """Fingerprints of secrets that go into the keyring first; while it does not have them, nothing was changed."""
    files: tuple[File, ...] = ()
    params: str = "params.yaml"
    values: tuple[Value, ...] = ()
    told: tuple[str, ...] = ()
    """What to tell once it is made."""

    @property
    def command(self) -> str:
        """The command as people type it."""
        return " ".join(["custody keys", *self.asked])

    def files_now(self) -> list[State]:
        """Say how far each file is."""
        return [one.state() for one in self.files]

    def values_now(self) -> list[State]:
        """Say how far each value of the policy is; a new zone is named whatever was named before."""
        path = Path(self.params)
        text = editing.read(path) if self.values else b""
        now = [editing.value(text, path.name, one.path) for one in self.values]
        return [
            "made" if value == one.after else "to be made" if self.made or value == one.before else "other"
            for one, value in zip(self.values, now, strict=True)
        ]

    def make(self, files: Sequence[File]) -> None:
        """Do what is to be made, `files` of the files, and return once it is on the disk."""
        for one in files:
            if one.fresh is None:
                one.make()
        self._write_values()
        for one in files:
            if one.fresh is not None:
                one.make()
        for folder in sorted({Path(one.path).parent for one in files} | {Path(self.params).parent}):
            sync_names(folder)

    def _write_values(self) -> None:
        path = Path(self.params)
        todo = [one for one, state in zip(self.values, self.values_now(), strict=True) if state != "made"]
        if todo:
            edits = [Edit(one.path, one.after, one.comment) for one in todo]
            editing.replace(path, editing.edited(editing.read(path), path.name, edits))


def of_file(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where there is none."""
    return digest.file_sha256(path) if path.exists() else None


def written(path: Path, text: str | None) -> File:
    """Return the writing of a file, or, without text, its removal."""
    after = None if text is None else hashlib.sha256(text.encode()).hexdigest()
    return File(path=path.as_posix(), before=of_file(path), after=after, text=text)


def value(text: bytes, name: str, edit: Edit) -> Value:
    """Return the writing of a value into the policy `text`."""
    return Value(path=edit.path, before=editing.value(text, name, edit.path), after=edit.value, comment=edit.comment)


def moved(fresh: Path, path: Path) -> File:
    """Return the moving of a prepared file into a file's place."""
    return File(path=path.as_posix(), before=of_file(path), after=of_file(fresh), fresh=fresh.as_posix())
