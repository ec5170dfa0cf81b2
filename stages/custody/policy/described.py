"""Descriptions of the keys of the policy for its JSON Schema: the docstring that stands below a field.

Reading them out of the source takes longer than all else that makes the models, so it happens where a schema is made.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from custody.policy.model import Closed

if TYPE_CHECKING:
    from collections.abc import Iterator


def describe(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a model and its `$defs`, each property with its field's docstring."""
    models = {model.__name__: model for model in _models(Closed)}
    parts = {**schema.get("$defs", {}), schema["title"]: schema}
    for name, part in parts.items():
        for field, text in _docstrings(models[name]).items() if name in models else ():
            part["properties"][models[name].model_fields[field].alias or field].setdefault("description", text)
    return schema


def _models(base: type[Closed]) -> Iterator[type[Closed]]:
    """Yield the models of this room; other rooms have closed models, of the same names too."""
    for model in base.__subclasses__():
        if model.__module__.startswith(f"{__package__}."):
            yield model
        yield from _models(model)


def _docstrings(model: type[Closed]) -> dict[str, str]:
    """Return the docstrings of a model's fields, those that it inherits included."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, Closed):
            found |= dict(_own(one))
    return {name: text for name, text in found.items() if name in model.model_fields}


def _own(model: type[Closed]) -> Iterator[tuple[str, str]]:
    [made] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    body = made.body if isinstance(made, ast.ClassDef) else []
    for field, below in pairwise(body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
