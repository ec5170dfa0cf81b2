"""Secrets from the environment, as CI hands them over: `CUSTODY_SECRET_PIPELINE`, `…_REIDENTIFY`, `…_RELEASE`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from custody.governance.texts import decoded

if TYPE_CHECKING:
    from custody.governance.compartments import Wanted


def ask(wanted: Wanted) -> bytes | None:
    """Return the secret of a compartment, of whichever zone; None where the environment has none."""
    name = f"CUSTODY_SECRET_{wanted.compartment.upper()}"
    text = os.environ.get(name)
    return decoded(text.strip(), wanted, name) if text else None
