"""YAML as DVC reads it.

DVC writes YAML 1.2, where `on`, `010` and `12:30` are texts that YAML 1.1 would read otherwise; its values are read
as DVC reads them (https://yaml.org/spec/1.2.2/#103-core-schema). Aliases are refused: DVC writes none, and they hide
bombs.
"""

from __future__ import annotations

import re
from typing import Any

import yaml


def load(text: bytes) -> Any:
    """Return the value of a document; None, too, for what is none."""
    try:
        return yaml.load(text.decode(), Loader=_Core)  # noqa: S506  # a SafeLoader with fewer types
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


class _Core(yaml.SafeLoader):
    """YAML 1.2's core schema: null, true and false, numbers, text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # as the class above names it

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError
        return super().compose_node(parent, index)


def _resolve(tag: str, pattern: str, first: list[str]) -> None:
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def _number(kind: type[int | float]) -> Any:
    return lambda loader, node: kind(loader.construct_scalar(node))


_resolve("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""])
_resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF"))
_resolve("int", r"^[-+]?[0-9]+$", list("-+0123456789"))
_resolve("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789"))
_Core.add_constructor("tag:yaml.org,2002:int", _number(int))
_Core.add_constructor("tag:yaml.org,2002:float", _number(float))
