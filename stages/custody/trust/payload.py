"""What is signed: an in-toto Statement v1, as JSON with sorted keys (in-toto attestation framework v1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KIND: Final = "https://in-toto.io/Statement/v1"


def build(subjects: Iterable[tuple[str, str]], predicate: str, values: Mapping[str, Any]) -> bytes:
    """Return the payload of a predicate's values about subjects: name and SHA-256 of each."""
    from google.protobuf import json_format  # noqa: PLC0415  # late: who reads what was signed needs none of these
    from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor  # noqa: PLC0415
    from in_toto_attestation.v1.statement import Statement  # noqa: PLC0415

    named = [ResourceDescriptor(name=name, digest={"sha256": sha256}).pb for name, sha256 in subjects]
    statement = Statement(named, predicate, dict(values))
    statement.validate()
    return json.dumps(json_format.MessageToDict(statement.pb), sort_keys=True, separators=(",", ":")).encode()
