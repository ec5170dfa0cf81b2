"""A verdict is one answer with reasons of known kinds, for people and for machines."""

from __future__ import annotations

import ast
import json

from custody.trust import verdict
from custody.trust.verdict import Reason, Verdict
from support import STAGES

FORGED = Verdict("x", "released", "0" * 64, (Reason("altered", "a is not a"), Reason("lock", "b")), ("ada",), ("c",))


def test_every_reason_that_is_given_is_of_a_listed_kind() -> None:
    given = {
        call.args[0].value
        for path in (STAGES / "custody" / "trust").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"Reason", "say"}
        if isinstance(call.args[0], ast.Constant)
    }
    assert len(given) > 10
    assert given <= set(verdict.CODES)
    assert len(set(verdict.CODES)) == len(verdict.CODES)


def test_every_reason_and_note_has_a_line_and_a_place_in_the_json() -> None:
    assert FORGED.lines() == ["x: does not verify", "  altered: a is not a", "  lock: b", "  note: c"]
    told = json.loads(json.dumps(FORGED.json()))
    assert (told["holds"], told["decision"], told["signers"], told["notes"]) == (False, "released", ["ada"], ["c"])
    assert told["reasons"] == [{"code": "altered", "what": "a is not a"}, {"code": "lock", "what": "b"}]


def test_without_a_reason_it_holds_and_a_refusal_is_said_to_be_one() -> None:
    assert Verdict("x", "released", None, (), ("ada", "bob")).lines() == ["x: verified, signed by ada, bob"]
    assert Verdict("x", "refused", None).lines() == ["x: refused, consistent"]
