"""Actors stand in the log as pseudonyms; which account is which stands in a file beside it, and can be erased.

A pseudonym is random and drawn per account and log, so that nothing leads from it to a person once its line is gone.
"""

from __future__ import annotations

import os
import pwd
import secrets
from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.records.folder import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

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
    write_json(folder / FILE, {**known, fresh: account})
    return fresh


def names(folder: Path) -> dict[str, str]:
    """Return accounts by pseudonym, as far as they are known here."""
    path = folder / FILE
    return {str(actor): str(name) for actor, name in read_json(path).items()} if path.exists() else {}


def erase(folder: Path, actor: str) -> None:
    """Forget whose pseudonym this is; entries stay as they are. `CustodyError` where it is not known."""
    known = names(folder)
    if known.pop(actor, None) is None:
        raise CustodyError("ACTOR: is not known here; see: custody audit show")
    write_json(folder / FILE, dict(known))


def _account() -> str:
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name  # not from the environment, which anybody can set
    except KeyError:
        return str(number)
