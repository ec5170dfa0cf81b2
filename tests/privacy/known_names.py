"""Known identifiers of a small data set, as several tests want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from custody.policy.techniques import EncryptDeterministic, IpPrefix, IpTruncate, Mac, Mask
from custody.privacy.text import identifiers, known
from support import ZONE

COLUMNS: dict[str, Any] = {
    "user": Mac(role="direct", technique="mac", domain="person"),
    "email": Mac(role="direct", technique="mac", domain="person"),
    "src_ip": IpPrefix(role="direct", technique="ip_prefix", domain="network"),
    "dst_ip": IpTruncate(role="direct", technique="ip_truncate"),
    "host": Mask(role="direct", technique="mask"),
    "badge": EncryptDeterministic(role="direct", technique="encrypt_deterministic", domain="badge"),
    "nic": Mac(role="direct", technique="mac", domain="device"),
}
KINDS: dict[str, Any] = {
    "user": "user", "email": "email", "src_ip": "ip", "dst_ip": "ip", "host": "host", "badge": "integer", "nic": "mac",
}  # fmt: skip


def build(
    values: Mapping[str, Sequence[Any]],
    raw: Mapping[str, Sequence[str]] | None = None,
    not_personal: Sequence[str] = (),
) -> known.Known:
    listed = [
        identifiers.Identifiers(
            name, KINDS[name], _array(name, values.get(name, [])), pa.array((raw or {}).get(name, []), pa.string())
        )
        for name in {**values, **(raw or {})}
    ]
    return known.build(listed, COLUMNS, ZONE, not_personal)


def _array(name: str, values: Sequence[Any]) -> pa.Array:
    return pa.array(values, pa.int64() if KINDS[name] == "integer" else pa.string())


def found(names: known.Known, texts: Sequence[str | None], *, whole: bool = True) -> list[tuple[int, str]]:
    """Row and found identifier of every hit, after checking that it stands where it is said to."""
    hits = names.find(pa.array(texts, pa.string()), whole=whole)
    listed = []
    for row, start, end, number in zip(
        *(p.tolist() for p in (hits.row, hits.start, hits.end, hits.identifier)), strict=True
    ):
        text = (texts[row] or "").encode()[start:end].decode()
        assert text.lower().replace("%40", "@").strip() == names.names[number].as_py().lower()
        listed.append((row, text))
    return listed
