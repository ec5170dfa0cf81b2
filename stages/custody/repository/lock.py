"""dvc.lock as plain values, without importing DVC.

DVC writes YAML 1.2, where `on`, `010` and `12:30` are texts that YAML 1.1 would read otherwise; its values are read
as DVC reads them (https://yaml.org/spec/1.2.2/#103-core-schema). Aliases are refused: DVC writes none, and they hide
bombs.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

LOCK: Final = "dvc.lock"
LIMIT: Final = 64 * 2**20
_OUTS: Final = rb"^  %b:\n(?:    .*\n)*?    outs:\n((?:    [- ] .*\n)+)"
_MD5: Final = rb"^    - path: %b\n(?:      .*\n)*?      md5: ([0-9a-f]{32}(?:\.dir)?)\n"


def parse(text: bytes) -> dict[str, Any] | None:
    """Return the stages of a lock file by name, or None when it cannot be read as one."""
    if len(text) > LIMIT:
        return None
    try:
        value = yaml.load(text.decode(), Loader=_Core)  # noqa: S506  # a SafeLoader with fewer types
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    stages = value.get("stages") if isinstance(value, dict) else None
    return stages if isinstance(stages, dict) else None


def output(text: bytes, stage: str, path: str) -> str | None:
    """Return the md5 that a lock file records for an output of a stage, None where it records none.

    The file is read as YAML only where it is not laid out as DVC writes it.
    """
    block = re.findall(_OUTS % re.escape(stage.encode()), text, re.MULTILINE)
    found = re.findall(_MD5 % re.escape(path.encode()), b"".join(block), re.MULTILINE)
    if len(block) == len(found) == 1:
        return str(found[0], "ascii")
    outs = ((parse(text) or {}).get(stage) or {}).get("outs")
    md5s = [one.get("md5") for one in outs or [] if isinstance(one, dict) and one.get("path") == path]
    return md5s[0] if len(md5s) == 1 and isinstance(md5s[0], str) else None


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
