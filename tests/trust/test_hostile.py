"""Whatever stands in a statement, a bundle or a log, the answer is yes, or no with a reason, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.governance.audit import chain, ocsf
from custody.policy import load
from custody.release import statement, stating
from custody.release.words import headline, sentence
from custody.trust import attestation, belonging, bundle, checkpoints, conditions, known, signatures, signers, verifying
from custody.trust.verdict import Reason, Verdict
from support import ROOT
from trust.golden_release import GOLDEN
from trust.hostile import changed, texts
from trust.signing_keys import Signer, believed

VERSION = GOLDEN / "0.1.0"
POLICY = load(ROOT / "params.yaml")
STATEMENT = (VERSION / "released" / "statement.json").read_bytes()
STATED = statement.of(STATEMENT, VERSION / "released")
TRUST = signers.read((VERSION / "trusted.yaml").read_bytes(), "trusted.yaml")
[BUNDLE] = [path.read_bytes() for path in (VERSION / "signatures").glob("*.sigstore.json")]
[LOG] = [path.read_bytes() for path in (VERSION / "audit").iterdir()]
LINE = json.loads(LOG.splitlines()[0])
PAYLOAD = json.loads(bundle.read(BUNDLE, "x").payload)
DAY = "2026-11-26"
TODAY = dt.date.fromisoformat(DAY)


def _canonical(value: Any) -> bytes:
    """As the log would write it, so that what it says is looked at; else as it is."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError):
        return json.dumps(value).encode()


def _judged(text: bytes) -> signatures.Judged:
    return signatures.judge({"x.sigstore.json": text}, STATEMENT, STATED, TRUST, DAY)


@given(texts(json.loads(STATEMENT)))
def test_a_statement_is_judged_or_refused(text: bytes) -> None:
    try:
        stated = statement.of(text, Path("released"))
    except CustodyError:
        return
    faults = list(conditions.faults(stated.conditions, POLICY))
    revision = belonging.Revision((ROOT / "params.yaml").read_bytes(), b"stages: {}", {}, None)
    told = [*belonging.differences(stated, None, revision), *belonging.demo_key(stated)]
    told += verifying.expired(stated, TODAY)
    assert all(isinstance(one, str) for one in faults)
    assert told, "it is of another policy than the project's"
    assert headline(stated)
    assert all(sentence(one).isprintable() for one in stated.conditions)
    assert stating.metrics(stated)["rows"] == stated.rows


@given(texts(json.loads(BUNDLE)))
def test_a_bundle_counts_only_as_it_was_signed(text: bytes) -> None:
    judged = _judged(text)
    if judged.counted:
        assert bundle.read(text, "x").payload == bundle.read(BUNDLE, "x").payload
    else:
        assert judged.reasons or not attestation.is_release(bundle.read(text, "x").payload)


def test_an_attestation_by_a_believed_key_is_judged_whatever_it_says(tmp_path: Path) -> None:
    ada = Signer(tmp_path, "ada")
    trust = believed(ada=ada.entry())

    @given(texts(PAYLOAD))
    def judge(payload: bytes) -> None:
        text = json.dumps(bundle.sign(payload, ada.key)).encode()
        judged = signatures.judge({"x.sigstore.json": text}, STATEMENT, STATED, trust, DAY)
        assert not judged.counted or attestation.read(payload, "x")[0].statement == PAYLOAD["predicate"]["statement"]

    judge()


@given(st.one_of(texts(LINE), changed(LINE).map(_canonical)))
def test_a_line_of_a_log_is_an_entry_or_the_log_is_broken(line: bytes) -> None:
    name = f"{LINE['writer']}.jsonl"
    judged = checkpoints.judge(known.Logs({name: line + b"\n"}, None))
    assert judged.reasons, "no single entry says that its log was published"
    try:
        for one, digest in chain.entries(line + b"\n"):
            assert ocsf.event(one, digest, "0.1.0")["time"] > -(10**14)
    except chain.BrokenError:
        return


def test_nothing_that_is_named_moves_the_cursor() -> None:
    spoof = "\r\x1b[2Kreleased: verified, signed by ada\n"
    told = Verdict("x", None, None, (Reason("signer", f"{spoof}: is unknown"),), (), (f"note of {spoof}",)).lines()
    assert told[1] == "  signer: ??[2Kreleased: verified, signed by ada?: is unknown"
    assert all(line.isprintable() for line in told)
