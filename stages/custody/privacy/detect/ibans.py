"""International bank account numbers (ISO 13616): a country's length, and a remainder of 1 by 97 (ISO 7064, MOD 97-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.detect.rules import rule

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

LENGTHS = {
    length: countries.split()
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH CR HR LI LV", 22: "BG BH DE GB GE IE ME RS", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HN HU LB NI PL SV", 29: "BR EG PS QA UA",
        30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
}  # fmt: skip
"""Characters of an IBAN, and the countries whose IBANs have as many (SWIFT's registry)."""
_LENGTH = {country: length for length, countries in LENGTHS.items() for country in countries}
_GAP = r"(?:[ -]|\x{A0}|%20|\+)?"
PATTERN = rf"((?:^|[^0-9A-Za-z]|%[0-9A-Fa-f]{{2}}))([A-Za-z]{{2}}[0-9]{{2}}(?:{_GAP}[0-9A-Za-z]{{4}}){{2,7}}(?:{_GAP}[0-9A-Za-z]{{1,3}})?)($|[^0-9A-Za-z])"
_GAPS = ("\u00a0", "%20", " ", "-", "+")


def judge(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge candidates: how many bytes of each are an IBAN."""
    return np.array([_bytes(piece) for piece in pieces.to_pylist()], dtype=np.int64)


def _bytes(piece: str) -> int:
    """Bytes of the piece that are an IBAN of its country's length; what stands behind a gap may be another word."""
    wanted = _LENGTH.get(piece[:2].upper())
    place, digits = 0, ""
    while wanted is not None and place < len(piece) and len(digits) < wanted:
        gap = next((gap for gap in _GAPS if piece.startswith(gap, place)), "")
        place += len(gap)
        digits += "" if gap else piece[place]
        place += 0 if gap else 1
    ends = place == len(piece) or piece[place:].startswith(_GAPS)
    valid = wanted is not None and len(digits) == wanted and ends and _remainder(digits) == 1
    return len(piece[:place].encode()) if valid else 0


def _remainder(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97


_CUES = "\n".join(f"{country}{tens}".lower() for country in _LENGTH for tens in range(10))
RULES = (rule("iban", _CUES, PATTERN, judge),)
