"""The policy's own words for what a model finds: no text of a library is shown, since it may quote a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from custody.policy.forms import CHECK, FIELD, ID, SHA256
from custody.policy.hierarchies import GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WHOLE, NUMBER = "must be a whole number", "must be a number"
_UNTOLD = "cannot stand here; see what may: custody policy schema"
_SHAPES = {
    ID: "must be a name: lower-case letters, digits, _ and -, first a letter, at most 63",
    FIELD: "must be the name of a column: lower-case letters, digits and _, first a letter, at most 63",
    GROUP: "must be the name of a group: letters, digits, spaces, _, - and /, at most 63",
    CHECK: "must be the 16 hexadecimal digits that custody keys init writes",
    SHA256: "must be a SHA-256: 64 lower-case hexadecimal digits",
}
_SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "extra_forbidden": lambda _: "is not a key of the policy; check its spelling",
    "missing": lambda _: "is missing",
    "union_tag_not_found": lambda _: "is missing",
    "union_tag_invalid": lambda given: _one_of(given["expected_tags"]),
    "literal_error": lambda given: _one_of(given["expected"]),
    "string_type": lambda _: "must be text; quote it",
    "int_type": lambda _: WHOLE,
    "float_type": lambda _: NUMBER,
    "bool_type": lambda _: "must be true or false",
    "dict_type": lambda _: "must be a map of keys to values",
    "model_type": lambda _: "must be a map of keys to values",
    "model_attributes_type": lambda _: "must be a map of keys to values",
    "tuple_type": lambda _: "must be a list",
    "too_short": lambda _: "must not be empty",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda given: f"must be at most {given['max_length']} characters long",
    "string_pattern_mismatch": lambda given: _SHAPES.get(given["pattern"], _UNTOLD),
    "greater_than": lambda given: f"must be above {given['gt']:.15g}",
    "less_than": lambda given: f"must be below {given['lt']:.15g}",
    "greater_than_equal": lambda given: f"must be at least {given['ge']:.15g}",
    "less_than_equal": lambda given: f"must be at most {given['le']:.16g}",
    "finite_number": lambda _: "must be a finite number",
    "value_error": lambda given: str(given["error"]),
}


def say(error: Mapping[str, Any]) -> str:
    """Return what to do about one of a validation's errors."""
    said = _SAID.get(error["type"])
    return _UNTOLD if said is None else said(error.get("ctx", {}))


def key_of(error: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the key below an error's location that it is about: the tag that tells variants apart, else none."""
    if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return (str(error["ctx"]["discriminator"]).strip("'"),)
    return ()


def _one_of(quoted: str) -> str:
    return "must be one of: " + ", ".join(re.findall("'([^']*)'", quoted))
