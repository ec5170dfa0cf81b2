"""ip_truncate: an address cut to its network and written as one (`192.0.2.0/24`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from custody.privacy.canonical import canonical
from custody.privacy.techniques import addresses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custody.policy.schema import FieldType
    from custody.policy.techniques import IpTruncate
    from custody.records.zone import Zone


def apply(values: pa.Array, column: IpTruncate, kind: FieldType, zone: Zone) -> pa.Array:  # noqa: ARG001  # keyless
    """Return each address's network in CIDR form (RFC 4632; strings; null stays null)."""
    encoded = canonical(values, kind).dictionary_encode()
    lengths = {addresses.V4: column.v4, addresses.V6: column.v6}
    written = addresses.rewrite(encoded.dictionary.to_pylist(), lambda packed: _cut(packed, lengths[packed.shape[1]]))
    return pa.array(written, pa.string()).take(encoded.indices)


def _cut(packed: NDArray[np.uint8], length: int) -> list[str]:
    mask = np.packbits(np.arange(packed.shape[1] * 8) < length)
    return [f"{network}/{length}" for network in addresses.spell(packed & mask)]
