"""The verdict on a rebuild as it is signed: the answers and digests, without what was told in words."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from custody.errors import CustodyError
from custody.trust.rebuilds import Rebuilt

if TYPE_CHECKING:
    from custody.history.rebuild.reproducing import Reproduced


def verdict(told: Reproduced) -> Rebuilt:
    """Return what is signed; `CustodyError` where the recorded statement, which it is about, is not at hand."""
    recorded, rebuilt = told.statements
    if recorded is None:
        raise CustodyError("--sign: the release's statement is not in DVC's cache; bring it: dvc fetch --all-commits")
    return Rebuilt(
        statement=recorded,
        rebuilt=rebuilt,
        revision=told.revision,
        answer=told.answer,
        stages={one.stage: one.answer for one in told.verdicts},
        libraries=told.libraries,
        python=f"{platform.python_implementation()} {platform.python_version()}",
    )
