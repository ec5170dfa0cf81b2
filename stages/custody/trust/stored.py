"""Where bundles stand, and which of them are there; what is in them is not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from custody.errors import CustodyError
from custody.records import regular

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURES: Final = "data/signatures"
REBUILDS: Final = "data/signatures/rebuilds"
ATTESTATION: Final = ".sigstore.json"
LIMIT: Final = 16 * 2**20
"""Bytes of a bundle; a larger one is none of ours."""


def bundles(folder: Path) -> dict[str, bytes]:
    """Return the attestation bundles in a folder of signatures by name; none where there is no folder.

    Links, pipes and devices are none.
    """
    try:
        found = {
            path.name: regular.read(path, LIMIT + 1)
            for path in sorted(folder.iterdir())
            if path.name.endswith(ATTESTATION)
        }
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CustodyError(f"{folder.name}: cannot be read ({error.strerror}); see its permissions") from None
    return {name: text for name, text in found.items() if text is not None}
