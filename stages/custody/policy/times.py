"""What a policy may say about times: zones of the IANA data base, named forms and strptime formats."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

NAMED = ("auto", "iso", "syslog", "clf", "epoch_s", "epoch_ms", "epoch_us")
"""Forms that have a name."""

_FIELDS = {letter: letter for letter in "YymbdjHIpMSfzs"} | {"B": "b", "h": "b", "e": "d", "Z": "z"}
"""Which field of a time each directive gives."""
_OTHERS = "aAnt%"
_SHORT = {"T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "F": "%Y-%m-%d"}


def wrong_zone(name: str) -> str | None:
    """Return what is wrong with a time zone; known are those of the `tzdata` package, whatever the system has."""
    return None if name in _zones() else "is no zone of the IANA data base; write one such as Europe/Berlin or UTC"


def wrong_form(form: str) -> str | None:
    """Return what is wrong with `time`: neither a named form nor a strptime format that gives a day."""
    if form in NAMED:
        return None
    directives = re.findall("%(.?)", re.sub("%([TRDF])", lambda short: _SHORT[short[1]], form), re.DOTALL)
    unread = next((one for one in directives if one not in _FIELDS and (not one or one not in _OTHERS)), None)
    if unread is not None:
        sign = f"%{unread}" if unread.isprintable() else "%"
        return f"{sign} is no directive that is read; use {' '.join(f'%{letter}' for letter in _known())}"
    fields = [_FIELDS[one] for one in directives if one in _FIELDS]
    if len(set(fields)) < len(fields):
        return "gives a field twice; keep one directive for each of year, month, day and so on"
    return _incomplete(set(fields))


def lacks_year(form: str) -> bool:
    """Tell whether times of this form certainly carry no year; those of syslog may be RFC 3339, which has one."""
    return form not in NAMED and re.search("%[YyDFs]", form.replace("%%", "")) is None


def _incomplete(fields: set[str]) -> str | None:
    if not ({"s", "j"} & fields or ("d" in fields and len({"m", "b"} & fields) == 1)):
        return f"must name the day (%m or %b with %d, or %j, or %s), or be one of: {', '.join(NAMED)}"
    if ("I" in fields) != ("p" in fields) or {"I", "H"} <= fields or {"Y", "y"} <= fields:
        return "must name the hour as %H or as %I with %p, and the year as %Y or %y"
    return None


def _known() -> list[str]:
    return sorted({*_FIELDS, *_OTHERS, *_SHORT})


@lru_cache(1)
def _zones() -> frozenset[str]:
    return frozenset((resources.files("tzdata") / "zones").read_text(encoding="utf-8").split())
