"""Write a text as YAML that the policy's loader and DVC's own rewriting both leave as it is."""

from __future__ import annotations

from custody.errors import CustodyError


def scalar(text: str) -> str:
    """Plain where YAML reads it back as the same text, else in single quotes, else with escapes."""
    from custody.policy.yaml import parse  # noqa: PLC0415  # late: reads YAML

    for written in (text, "'" + text.replace("'", "''") + "'"):
        try:
            if (
                text.isprintable()
                and "#" not in text
                and parse(f"key: {written}\n".encode(), "").values == {"key": text}
            ):
                return written
        except CustodyError:
            continue
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    """Escape as YAML 1.2 does (section 5.7)."""
    if letter in {'"', "\\"}:
        return "\\" + letter
    if letter == "\t":
        return "\\t"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
