"""The same folder under the OpenSSF model-signing predicate, so that its verifiers accept data/released as it is.

`https://model_signing/signature/v1.0`: one subject, whose digest is SHA-256 over the files' digests in the order of
their names; the files themselves stand in the predicate (OpenSSF Model Signing v1.0, sigstore/model-transparency).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from custody.trust import payload

if TYPE_CHECKING:
    from collections.abc import Mapping

PREDICATE: Final = "https://model_signing/signature/v1.0"


def build(name: str, files: Mapping[str, str]) -> bytes:
    """Return the payload to sign for a folder called `name`; `files` are SHA-256 digests by file name."""
    ordered = sorted(files.items())
    root = hashlib.sha256(b"".join(bytes.fromhex(sha256) for _, sha256 in ordered)).hexdigest()
    predicate = {
        "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []},
        "resources": [{"name": file, "algorithm": "sha256", "digest": sha256} for file, sha256 in ordered],
    }
    return payload.build([(name, root)], PREDICATE, predicate)
