"""The whole policy: load it, check what spans sections, name it by digest, describe it as a JSON Schema."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from custody.errors import CustodyError
from custody.policy import lint
from custody.policy.dataset import Dataset
from custody.policy.formats import readable
from custody.policy.gate import Gate
from custody.policy.keys import Keys
from custody.policy.model import Closed, Field_, Id, Mistakes
from custody.policy.privacy import Privacy
from custody.policy.quality import Quality
from custody.policy.schema import FieldType
from custody.policy.sources import Source
from custody.policy.spans import mistakes
from custody.policy.words import NUMBER, WHOLE, key_of, say
from custody.policy.yaml import Document, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

PARAMS = Path("params.yaml")


class Policy(Closed):
    """params.yaml: sources, rules, protection and conditions of one training set."""

    dataset: Dataset
    keys: Keys
    sources: Annotated[dict[Id, Source], Field(min_length=1), AfterValidator(readable)]
    fields: Annotated[dict[Field_, FieldType], Field(alias="schema", min_length=1)]
    """Columns of the training set and their types; any other field is dropped and counted."""
    quality: Quality
    privacy: Privacy
    gate: Gate

    def digest(self) -> str:
        """SHA-256 over the parsed values, so that comments, order of keys and layout do not count.

        A key that is not written does not count either: a later version of the policy language keeps the digest.
        """
        return _digest(self._written())

    def digests(self, *sections: str) -> dict[str, str]:
        """SHA-256 of each section by name, the same way: what a stage's receipt says it worked under."""
        values = self._written()
        return {section: _digest(values[section]) for section in sections}

    def _written(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    @model_validator(mode="after")
    def _spans(self) -> Self:
        found = mistakes(self)
        if found:
            raise Mistakes(found)
        return self


def load(path: Path = PARAMS) -> Policy:
    """Read and check a policy; `CustodyError` names the first mistake and its place."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CustodyError(f"{path.name}: cannot be read ({error.strerror}); run from the project's folder") from None
    policy, found = check(text, path.name)
    if policy is None:
        more = f" (and {len(found) - 1} more; see: custody policy check)" if len(found) > 1 else ""
        raise CustodyError(found[0] + more)
    return policy


def check(text: bytes, name: str = PARAMS.name) -> tuple[Policy | None, list[str]]:
    """Return the policy, or None and every mistake in it as `file:line: key: what to do`."""
    try:
        document = parse(text, name)
    except CustodyError as error:
        return None, [str(error)]
    try:
        return Policy.model_validate_json(json.dumps(document.values), strict=True), []
    except ValidationError as error:
        return None, _explain(error.errors(include_input=False, include_url=False), document)


def doubts(policy: Policy, text: bytes, name: str = PARAMS.name) -> list[str]:
    """Return what people should look at again in a policy that holds, as `file:line: key: what to do`."""
    document = parse(text, name)
    paths = [(tuple(line.split(":")[0].split(".")), line) for line in lint.doubts(policy)]
    return [f"{document.place(path)}: {line}" for path, line in sorted(paths, key=lambda one: document.line(one[0]))]


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of params.yaml for editors."""
    from custody.policy.described import describe  # noqa: PLC0415  # late: it reads source

    schema = describe(Policy.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _digest(values: Any) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _explain(errors: Sequence[Any], document: Document) -> list[str]:
    """Return a line for each mistake; the variants of one value, of which none fits, share a line."""
    found: dict[tuple[str, ...], list[str]] = {}
    lines = []
    for error in errors:
        context = error.get("ctx", {}).get("error")
        if isinstance(context, Mistakes):
            lines += [(tuple(line.split(":")[0].split(".")), line) for line in context.lines]
            continue
        path = document.path(error["loc"], missing=error["type"] == "missing") + key_of(error)
        found.setdefault(path, []).append(say(error))
    for path, said in found.items():
        first, *others = [one for one in said if one != WHOLE or NUMBER not in said]
        what = " or ".join([first, *(other.removeprefix("must be ") for other in others)])
        lines.append((path, f"{'.'.join(path)}: {what}"))
    return [f"{document.place(path)}: {line}" for path, line in sorted(lines, key=lambda one: document.line(one[0]))]
