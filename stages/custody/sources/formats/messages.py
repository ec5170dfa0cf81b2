"""What the message of an authentication log says: its event, who, from where, how."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.sources.formats.patterns import MESSAGE_FIELDS, MESSAGES, REPEAT, REPEAT_LAST


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


def events(messages: pa.Array) -> dict[str, pa.Array]:
    """Return event, user, rhost, port and method of each message; `''` where it does not tell."""
    found = {name: pa.array([""] * len(messages), pa.string()) for name in MESSAGE_FIELDS}
    found["event"] = pa.array(["other"] * len(messages), pa.string())
    open_, rest = np.arange(len(messages)), messages
    for event, pattern in MESSAGES:
        hit = pc.match_substring_regex(rest, pattern).to_numpy(zero_copy_only=False)
        if not hit.any():
            continue
        where = open_[hit]
        found["event"] = _put(found["event"], where, pa.array([event] * len(where)))
        if "(?P<" in pattern:
            groups = pc.extract_regex(rest.filter(pa.array(hit)), pattern)
            for group in groups.type.names:
                found[group] = _put(found[group], where, pc.struct_field(groups, group))
        open_, rest = open_[~hit], rest.filter(pa.array(~hit))
    return found


def _put(array: pa.Array, where: np.ndarray, values: pa.Array) -> pa.Array:
    """Return `array` with `values` at the ascending indices `where`."""
    mask = np.zeros(len(array), bool)
    mask[where] = True
    return pc.replace_with_mask(array, pa.array(mask), values)
