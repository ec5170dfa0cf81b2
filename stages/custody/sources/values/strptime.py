"""strptime formats as patterns: read alike in every locale, and at the speed of a column.

Month and day names are English, as in every log format; `%z` also reads `Z`, `%Z` knows UTC and GMT alone, since other
abbreviations are used for several zones; `%f` reads up to nine digits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from custody.errors import CustodyError

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = "(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_FIELDS = {
    "Y": ("Y", "[0-9]{4}"),
    "y": ("y", "[0-9]{2}"),
    "m": ("m", "[0-9]{1,2}"),
    "b": ("b", _MONTH),
    "B": ("b", _MONTH),
    "h": ("b", _MONTH),
    "d": ("d", "[0-9]{1,2}"),
    "e": ("d", "[0-9]{1,2}"),
    "j": ("j", "[0-9]{1,3}"),
    "H": ("H", "[0-9]{1,2}"),
    "I": ("I", "[0-9]{1,2}"),
    "p": ("p", "am|pm"),
    "M": ("M", "[0-9]{1,2}"),
    "S": ("S", "[0-9]{1,2}"),
    "f": ("f", "[0-9]{1,9}"),
    "z": ("z", "z|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?"),
    "Z": ("z", "utc|gmt"),
    "s": ("s", "-?[0-9]{1,12}"),
}
_PLAIN = {"a": _WEEKDAY, "A": _WEEKDAY, "n": r"\s+", "t": r"\s+", "%": "%"}
_SHORT = {"T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "F": "%Y-%m-%d"}
_STEP = re.compile(r"%(.)|(\s+)|([^%\s]+)|(%)", re.DOTALL)


@lru_cache(64)
def pattern(form: str, key: str) -> str:
    """Return the RE2 pattern of a strptime format, with a named group per field; `key` is the policy's key of it."""
    whole = re.sub("%([TRDF])", lambda short: _SHORT[short[1]], form)
    seen: set[str] = set()
    parts = [_part(step, seen, key) for step in _STEP.finditer(whole)]
    _complete(seen, key)
    return r"(?i)\A" + "".join(parts) + r"\z"


def needs_year(form: str) -> bool:
    """Tell whether a format leaves the year to the policy."""
    return re.search("%[YyDFs]", form.replace("%%", "")) is None


def _part(step: re.Match[str], seen: set[str], key: str) -> str:
    directive, blank, literal, _ = step.groups()
    if literal is not None:
        return re.escape(literal)
    if blank is not None:
        return r"\s+"
    if directive in _PLAIN:
        return _PLAIN[directive]
    if directive not in _FIELDS:
        raise CustodyError(f"{key}: %{directive or ''} is no directive that is read; use " + _known())
    group, shape = _FIELDS[directive]
    if group in seen:
        raise CustodyError(f"{key}: %{directive} gives a field that the format already has; keep one of them")
    seen.add(group)
    return rf"(?P<{group}>{shape})"


def _complete(seen: set[str], key: str) -> None:
    day = "s" in seen or "j" in seen or ("d" in seen and (("m" in seen) != ("b" in seen)))
    if not day:
        raise CustodyError(
            f"{key}: must name the day (%m or %b with %d, or %j, or %s), or be one of: {', '.join(NAMED)}"
        )
    if ("I" in seen) != ("p" in seen) or {"I", "H"} <= seen or {"Y", "y"} <= seen:
        raise CustodyError(f"{key}: must name the hour as %H or as %I with %p, and the year as %Y or %y")


def _known() -> str:
    return " ".join(f"%{letter}" for letter in sorted({*_FIELDS, *_PLAIN, *_SHORT}))


NAMED = ("auto", "iso", "syslog", "clf", "epoch_s", "epoch_ms", "epoch_us")
"""Forms that have a name."""
