"""Actors stand in the log as pseudonyms; which account is which stands in a file beside it, and can be erased.

A pseudonym is random and drawn per account and log, so that nothing leads from it to a person once its line is gone.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import tempfile
from pathlib import Path
from typing import Final

from custody.errors import CustodyError
from custody.records.plain import read_json

FILE: Final = "actors.json"


def pseudonym(folder: Path) -> str:
    """Return the pseudonym of the account that the operating system says runs this process; drawn at its first use.

    Call it under the log's lock.
    """
    known, account = names(folder), _account()
    for actor, name in known.items():
        if name == account:
            return actor
    fresh = secrets.token_hex(8)
    _write(folder, {**known, fresh: account})
    return fresh


def names(folder: Path) -> dict[str, str]:
    """Return accounts by pseudonym, as far as they are known here."""
    path = folder / FILE
    return {str(actor): str(name) for actor, name in read_json(path).items()} if path.exists() else {}


def erase(folder: Path, actor: str) -> None:
    """Forget whose pseudonym this is; entries stay as they are. Call it under the log's lock."""
    _write(folder, {one: name for one, name in names(folder).items() if one != actor})


def require(folder: Path, actor: str) -> None:
    """`CustodyError` where it is not known whose pseudonym this is."""
    if actor not in names(folder):
        raise CustodyError("ACTOR: is not known here; see: custody audit show")


def _write(folder: Path, known: dict[str, str]) -> None:
    """Write the names where their owner alone reads them, whole or not at all."""
    handle, fresh = tempfile.mkstemp(prefix=f".{FILE}.", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(known, file, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    Path(fresh).replace(folder / FILE)


def _account() -> str:
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name  # not from the environment, which anybody can set
    except KeyError:
        return str(number)
