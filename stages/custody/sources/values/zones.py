"""Local times to UTC by the IANA data of the `tzdata` package, never by the system's, which differs between machines.

PEP 495: where the two folds of a local time give different offsets, the time either does not exist (clocks went
forward) or happened twice (clocks went back). Neither is guessed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from custody.errors import CustodyError

GAP, AMBIGUOUS = "dst_gap", "dst_ambiguous"
DAY = 86_400 * 10**6
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Microseconds since 1970 of the first and the last instant of years 1 to 9999."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # local times are what this module is about
_UTC = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal", "Etc/Universal"})


@lru_cache(64)
def zone(name: str, key: str) -> ZoneInfo:
    """Return an IANA zone; `key` is the policy's key that names it."""
    package = resources.files("tzdata")
    if name not in (package / "zones").read_text(encoding="utf-8").split():
        raise CustodyError(f"{key}: {name} is not a zone of the IANA data base; write one such as Europe/Berlin or UTC")
    with package.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def to_utc(
    local: npt.NDArray[np.int64], name: str, key: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return UTC microseconds, where the local time does not exist, and where it is ambiguous.

    `local` is microseconds since 1970 on the zone's clock, within years 1 to 9999. What stands at a gap or an ambiguous
    time has no meaning.
    """
    none = np.zeros(len(local), dtype=bool)
    if name in _UTC:
        return local, none, none
    place = zone(name, key)
    days, day_of = np.unique(local // DAY, return_inverse=True)
    offsets = [_steady(place, int(day)) for day in days]
    steady = np.array([offset is not None for offset in offsets], dtype=bool)[day_of]
    offset = np.array([offset or 0 for offset in offsets], dtype=np.int64)[day_of]
    gap, twice = none.copy(), none
    if not steady.all():
        times, time_of = np.unique(local[~steady], return_inverse=True)
        folds = np.array([_folds(place, int(time)) for time in times], dtype=np.int64)[time_of]
        offset[~steady] = folds[:, 0]
        twice = gap.copy()
        gap[~steady], twice[~steady] = folds[:, 0] < folds[:, 1], folds[:, 0] > folds[:, 1]
    return local - offset, gap, twice


def _steady(place: ZoneInfo, day: int) -> int | None:
    """Offset of a local day in microseconds; None where the clock is moved during it or at its edges."""
    edges = {offset for edge in (day, day + 1) for offset in _folds(place, min(edge * DAY, LAST))}
    return edges.pop() if len(edges) == 1 else None


def _folds(place: ZoneInfo, local: int) -> tuple[int, int]:
    time = _EPOCH + timedelta(microseconds=local)
    return _offset(place, time), _offset(place, time.replace(fold=1))


def _offset(place: ZoneInfo, time: datetime) -> int:
    offset = place.utcoffset(time)
    if offset is None:
        raise RuntimeError  # a ZoneInfo always has one
    return offset // timedelta(microseconds=1)
