"""What is signed, and who signs, read as plain values: what models of the same form take, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from altering import ODD, altered, at, places
from custody.errors import CustodyError
from custody.trust import attestation, rebuilds, retractions, signers
from trust import models

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

DAY, TIME, DIGEST = "2026-11-01", "2026-11-01T12:00:00Z", "a" * 64
SIGNER = {
    "key": "AA==",
    "owner": "o",
    "role": "releaser",
    "from": DAY,
    "until": DAY,
    "status": "retired",
    "since": None,
}
TRUST = {
    "roles": {"engineer": ["pipeline", "release"]},
    "recipients": {"ada": {"key": "age1", "role": "engineer"}},
    "signers": {"ada": SIGNER},
    "approvals": {"approver": 2},
}
ATTESTATION = {
    "statement": DIGEST,
    "dataset": "d",
    "decision": "released",
    "commit": "0" * 40,
    "time": TIME,
    "signer": "ada",
    "role": "releaser",
    "earlier": [DIGEST],
    "audit": {"b" * 32: {"entries": "1", "digest": DIGEST}},
}
VERDICT = {
    "statement": DIGEST,
    "rebuilt": DIGEST,
    "revision": "0" * 40,
    "answer": "reproduced",
    "stages": {"gate": "reproduced"},
    "libraries": "locked",
    "python": "3",
}
REBUILD = {"verdict": VERDICT, "time": TIME, "signer": "bob", "role": "rebuilder"}
RETRACTIONS = {"retractions": [{"statement": DIGEST, "day": DAY, "reason": "r"}]}
MORE = [
    "1" * 12,
    "1" * 13,
    "0" * 41,
    "b" * 33,
    "compromised",
    "pipeline",
    "equivalent",
    "failed",
    "٢٠٢٦-11-01T12:00:00Z",
]


def _trust(value: Any) -> str:
    """Where it is wrong, in the words of whoever reads it; half a character is refused before, by the YAML."""
    fault = () if "\\ud800" in json.dumps(value) else signers._FORM(value)
    return "" if fault is None else ".".join(fault) or "signers"


def _model_of_trust(value: Any) -> str:
    try:
        models.Trust.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return ".".join(str(part) for part in error.errors()[0]["loc"]) or "signers"
    return ""


def _says(take: Callable[[Any], object]) -> Callable[[Any], str]:
    def said(value: Any) -> str:
        try:
            take(value)
        except (ValueError, CustodyError):
            return "no"
        return ""

    return said


def _model(model: type[BaseModel]) -> Callable[[Any], str]:
    return _says(lambda value: model.model_validate_json(json.dumps(value), strict=True))


FORMS: list[Any] = [
    (TRUST, _trust, _model_of_trust),
    (ATTESTATION, _says(attestation.Predicate.of), _model(models.Attestation)),
    (REBUILD, _says(rebuilds.Predicate.of), _model(models.Rebuild)),
    (RETRACTIONS, _says(lambda value: retractions.read(json.dumps(value).encode(), "x")), _model(models.Retractions)),
]


@pytest.mark.parametrize(("told", "plain", "model"), FORMS, ids=["trust", "attestation", "rebuild", "retractions"])
def test_both_take_the_same(told: Any, plain: Callable[[Any], str], model: Callable[[Any], str]) -> None:
    assert plain(told) == model(told) == ""
    for path in places(told)[1:]:
        for odd in [*ODD, *MORE]:
            changed = json.loads(json.dumps(altered(told, path, odd)))  # as whoever reads it has it
            assert plain(changed) == model(changed), (path, odd)


@pytest.mark.parametrize(("told", "plain", "model"), FORMS, ids=["trust", "attestation", "rebuild", "retractions"])
@pytest.mark.parametrize("key", ["note", "Bad Key", "é", "\ud800", "", "ada\n"])
def test_a_key_too_many_is_refused_by_both(
    told: Any, plain: Callable[[Any], str], model: Callable[[Any], str], key: str
) -> None:
    for path in places(told):
        if isinstance(at(told, path), dict):
            changed = altered(told, (*path, key), "x")
            assert plain(changed) == model(changed), path


def test_both_tell_the_same() -> None:
    read = attestation.Predicate.of(ATTESTATION)
    assert read.values() == models.Attestation.model_validate(read.values(), strict=False).model_dump(mode="json")
    assert asdict(rebuilds.Predicate.of(REBUILD)) == REBUILD
    held = retractions.read(json.dumps(RETRACTIONS).encode(), "x")
    assert json.loads(json.dumps(asdict(held))) == RETRACTIONS


@pytest.mark.parametrize(
    "changed", [{"signer": "Ada"}, {"earlier": ("x",)}, {"time": TIME[:-1]}, {"dataset": "\ud800"}]
)
def test_what_would_not_be_read_is_not_made(changed: dict[str, Any]) -> None:
    made = attestation.Predicate.of(ATTESTATION)
    with pytest.raises(ValueError, match="is not of the form"):
        attestation.Predicate(**{**vars(made), **changed})
