"""YAML as params.yaml may use it: YAML 1.2 scalars, and nothing that PyYAML and DVC read differently.

Duplicate keys, anchors, aliases, tags, unquoted dates and keys with a dot are refused with their line. So are numbers
that versions of YAML read differently, such as `010`, `1_000`,
`1e999` and whole numbers of more than 18 digits. `NO`, `on` and `12:30` are text, as they are to DVC,
which drops the quotes around them when it rewrites the file (https://yaml.org/spec/1.2.2/#103-core-schema).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

from custody.errors import CustodyError
from custody.policy import resolving

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it, ten times as fast; what it makes of a scalar is not used."""
LIMIT = 2**20
DEPTH = 32


class Document(NamedTuple):
    """Parsed values, and the line on which each key stands."""

    name: str
    values: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    def place(self, path: tuple[str, ...]) -> str:
        """`file:line` of the key, or of its nearest parent that is written down."""
        return f"{self.name}:{self.line(path)}"

    def line(self, path: tuple[str, ...]) -> int:
        """Line of the key, or of its nearest parent that is written down; 1-based."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def path(self, loc: tuple[Any, ...], *, missing: bool = False) -> tuple[str, ...]:
        """Keys of an error's location, without what a model adds: the variants of a union, and that a key is meant.

        The last one of a `missing` key stands nowhere in the document.
        """
        path: tuple[str, ...] = ()
        for step in loc[:-1] if missing else loc:
            if (*path, str(step)) in self.lines:
                path += (str(step),)
        return (*path, str(loc[-1])) if missing else path


def parse(text: bytes, name: str) -> Document:
    """Read one mapping; `CustodyError` names file and line of what is refused."""
    if len(text) > LIMIT:
        raise CustodyError(f"{name}: is larger than {LIMIT} bytes; a policy is short")
    try:
        decoded = text.decode("utf-8-sig")
        _refuse_references(decoded, name)
        node = yaml.compose(decoded, Loader=LOADER)
    except UnicodeDecodeError:
        raise CustodyError(f"{name}: is not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else 1
        raise CustodyError(f"{name}:{line}: is not valid YAML; check indentation and quotes here") from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):  # the last two: an escape that is no character
        raise CustodyError(f"{name}: is not valid YAML") from None
    if not isinstance(node, yaml.MappingNode):
        raise CustodyError(f"{name}:1: must hold the sections of a policy (dataset, keys, sources, …)")
    lines: dict[tuple[str, ...], int] = {}
    return Document(name, _value(node, name, (), lines), lines)


def _refuse_references(text: str, name: str) -> None:
    """Stop at the first anchor, alias or tag, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1  # type: ignore[union-attr]  # a parsed event knows its place
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CustodyError(f"{name}:{line}: anchors and aliases are refused; write the value out")
        if getattr(event, "tag", None):
            raise CustodyError(f"{name}:{line}: tags are refused; write plain values")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise CustodyError(f"{name}:{line}: is nested deeper than {DEPTH} levels")


def _value(node: yaml.Node, name: str, path: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, name, path, lines)
    if isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            lines[(*path, str(i))] = item.start_mark.line + 1
        return [_value(item, name, (*path, str(i)), lines) for i, item in enumerate(node.value)]
    return _scalar(node, name, path)


def _mapping(node: yaml.MappingNode, name: str, path: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or not isinstance(key := _scalar(key_node, name, path), str):
            raise CustodyError(f"{name}:{line}: a key must be text; quote it")
        where = (*path, key)
        if not key.isprintable():
            raise CustodyError(f"{name}:{line}: a key must be printable text")
        if key == "<<" or not key:
            raise CustodyError(f"{name}:{line}: merge keys and empty keys are refused; write the keys out")
        if "." in key:
            raise CustodyError(f"{name}:{line}: {'.'.join(where)}: a key may hold no dot (DVC reads it as a path)")
        if key in values:
            raise CustodyError(f"{name}:{line}: {'.'.join(where)}: stands twice; keep one")
        lines[where] = line
        values[key] = _value(value_node, name, where, lines)
    return values


def _scalar(node: yaml.Node, name: str, path: tuple[str, ...]) -> Any:
    text = str(node.value)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise CustodyError(
            f"{_place(node, name, path)}: holds half of a character (a surrogate escape); write the character itself"
        )
    if node.style:  # type: ignore[attr-defined]  # a quoted or block scalar
        return text
    if resolving.is_date(text):
        raise CustodyError(f"{_place(node, name, path)}: dates must be quoted, as in '2026-11-01'")
    if resolving.is_doubtful(text):
        where = _place(node, name, path)
        raise CustodyError(f"{where}: versions of YAML read this number differently; write it plainly, or quote text")
    return resolving.resolved(text)


def _place(node: yaml.Node, name: str, path: tuple[str, ...]) -> str:
    return f"{name}:{node.start_mark.line + 1}: {'.'.join(path)}"
