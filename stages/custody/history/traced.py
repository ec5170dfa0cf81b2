"""Part of the anchor: the traces of the pinned version, to attack a later release with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.engine import serial
from custody.privacy import tracing

if TYPE_CHECKING:
    import pyarrow as pa

    from custody.history.accepted import Accepted


def parts(accepted: Accepted) -> dict[str, pa.Table]:
    """Return the part; without a row where the policy asks for no such attack (`privacy.linkability.anchor`)."""
    opened, policy = accepted.opened, accepted.policy
    part = tracing.pinned(opened.collected, opened.validated, policy.dataset, policy.privacy, serial.run)
    return {tracing.PART: part}
