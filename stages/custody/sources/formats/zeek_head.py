r"""The # lines of a Zeek log, and what they make of the values below them.

Unset is null, an empty set or string is `''`, `\xNN` and `\\` are decoded where the outcome is UTF-8, booleans are
`true` and `false`; sets and vectors keep their separator, and an escaped separator inside a part stays escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from custody.errors import CustodyError

ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|\\)")
BOOLEANS = {"T": "true", "F": "false"}


@dataclass(frozen=True)
class Head:
    """What the # lines so far say."""

    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def after(self, text: str, line: int) -> Head:
        """Return the head as the # line `text` changes it; other # lines (#path, #open, #close) change nothing."""
        if text.startswith("#separator"):
            return Head(separator=decoded(text.removeprefix("#separator").strip(" ")) or "\t")
        name, *values = text.split(self.separator)
        if name == "#fields":
            if len(set(values)) != len(values):
                raise CustodyError(f"line {line}: #fields gives two columns the same name; each needs its own")
            return replace(self, fields=tuple(values), types=())
        if name == "#types":
            return replace(self, types=tuple(values))
        words = {"#set_separator": "set_separator", "#empty_field": "empty", "#unset_field": "unset"}
        return self._set(words[name], values[0]) if name in words and values else self

    def _set(self, word: str, value: str) -> Head:
        known = {"set_separator": self.set_separator, "empty": self.empty, "unset": self.unset} | {word: value}
        return Head(self.separator, fields=self.fields, types=self.types, **known)

    def values(self, column: pa.Array, name: str) -> pa.Array:
        """Return the text of field `name` decoded, null where it is unset."""
        position = self.fields.index(name)
        kind = self.types[position] if position < len(self.types) else "string"
        column = pc.if_else(pc.equal(column, self.unset), pa.scalar(None, pa.string()), column)
        column = pc.if_else(pc.equal(column, self.empty), "", column)
        if kind == "bool":
            for theirs, ours in BOOLEANS.items():
                column = pc.if_else(pc.equal(column, theirs), ours, column)
        escaped = pc.fill_null(pc.match_substring(column, "\\"), fill_value=False)
        if not pc.any(escaped).as_py():
            return column
        separator = self.set_separator if kind.startswith(("set[", "vector[")) else ""
        texts = pa.array([_parts(text, separator) for text in column.filter(escaped).to_pylist()], pa.string())
        return pc.replace_with_mask(column, escaped, texts)


def _parts(text: str, separator: str) -> str:
    if not separator:
        return decoded(text)
    plain = ((part, decoded(part)) for part in text.split(separator))
    return separator.join(part if separator in new else new for part, new in plain)


def decoded(text: str) -> str:
    """Return `text` with its escapes decoded; as it is where the outcome would not be UTF-8 text without NUL."""
    raw = ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else b"\\", text.encode())
    try:
        new = raw.decode()
    except UnicodeDecodeError:
        return text
    return text if "\0" in new else new
