"""What the message of an authentication log says: its event, who, from where, how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.formats.matching import first_match
from custody.sources.formats.patterns import MESSAGE_FIELDS, MESSAGES, REPEAT, REPEAT_LAST, USUAL_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Collection


def unrepeated(messages: pa.Array) -> tuple[pa.Array, np.ndarray | None]:
    """Return `messages` with what was repeated in place of the notice, and how often each happened (None: once each).

    "message repeated 3 times: [ text ]" becomes text, 3; "last message repeated 3 times" stays, 3.
    """
    notices = pc.match_substring_regex(messages, r"^(?:last )?message (?:repeated|buffered) [0-9]+ time")
    where = np.flatnonzero(notices.to_numpy(zero_copy_only=False))
    if not len(where):
        return messages, None
    some = messages.take(where)
    inner, last = pc.extract_regex(some, REPEAT), pc.extract_regex(some, REPEAT_LAST)
    times = pc.coalesce(pc.struct_field(inner, "times"), pc.struct_field(last, "times"), "1")
    repeat = np.ones(len(messages), np.int64)
    repeat[where] = np.maximum(times.cast(pa.int64()).to_numpy(), 1)
    return _put(messages, where, pc.coalesce(pc.struct_field(inner, "inner"), some)), repeat


def events(messages: pa.Array, wanted: Collection[str]) -> dict[str, pa.Array]:
    """Return the event of each message and those of `MESSAGE_FIELDS` that are `wanted`; `''` where it does not tell."""
    known = (*USUAL_MESSAGES, *MESSAGES)
    which, found = first_match(messages, [pattern for _, pattern in known], [n for n in MESSAGE_FIELDS if n in wanted])
    names = pa.array([*(event for event, _ in known), "other"])
    return {"event": names.take(pa.array(np.where(which < 0, len(known), which))), **found}


def _put(array: pa.Array, where: np.ndarray, values: pa.Array) -> pa.Array:
    """Return `array` with `values` at the ascending indices `where`."""
    mask = np.zeros(len(array), bool)
    mask[where] = True
    return pc.replace_with_mask(array, pa.array(mask), values)
