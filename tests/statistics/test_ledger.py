"""The budget is spent once, whoever asks, and an entry is on the disk before anything is shown."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from custody.errors import CustodyError, RefusedError
from custody.policy.budget import Budget
from custody.statistics import ledger

BUDGET = Budget(epsilon=1.0, delta=1e-6, records=5)
ENTRY = ledger.Entry("2026-11-01", "events", "ab", "cd", ("records",), 5, 0.1, 0.0)


def test_ten_tenths_are_one_and_not_a_bit_more(tmp_path: Path) -> None:
    left = [ledger.spend(tmp_path, BUDGET, ENTRY)[0] for _ in range(10)]
    assert left == [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]
    before = (tmp_path / ledger.LEDGER).read_bytes()
    with pytest.raises(RefusedError, match=r"privacy\.budget\.epsilon: 1 of 1 are spent, so 0\.001 more are refused"):
        ledger.spend(tmp_path, BUDGET, replace(ENTRY, epsilon=0.001))
    assert (tmp_path / ledger.LEDGER).read_bytes() == before


def test_delta_is_added_up_too(tmp_path: Path) -> None:
    ledger.spend(tmp_path, BUDGET, replace(ENTRY, delta=7e-7))
    with pytest.raises(RefusedError, match=r"budget\.delta"):
        ledger.refuse_beyond(tmp_path, BUDGET, 0.1, 7e-7)


def test_another_data_set_or_policy_starts_nothing_anew(tmp_path: Path) -> None:
    ledger.spend(tmp_path, BUDGET, replace(ENTRY, epsilon=0.9))
    with pytest.raises(RefusedError):
        ledger.spend(tmp_path, BUDGET, replace(ENTRY, dataset="other", policy="ef", epsilon=0.2))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"entries": {}}',
        '{"entries": [1]}',
        '{"entries": [{"epsilon": -1, "delta": 0}]}',
        '{"entries": [{"epsilon": true, "delta": 0}]}',
        '{"entries": [{"epsilon": "0", "delta": 0}]}',
        '{"entries": [{"epsilon": NaN, "delta": 0}]}',
        '{"entries": [{"epsilon": 1e999, "delta": 0}]}',
    ],
)
def test_a_damaged_ledger_stops(tmp_path: Path, text: str) -> None:
    (tmp_path / ".custody").mkdir()
    (tmp_path / ledger.LEDGER).write_text(text)
    with pytest.raises(CustodyError, match=r"budget\.json: is not the"):
        ledger.refuse_beyond(tmp_path, BUDGET, 0.1, 0.0)


def test_entries_of_the_last_commit_cannot_be_taken_out(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    ledger.spend(tmp_path, BUDGET, ENTRY)
    git("init")
    git("add", "--all")
    git("commit", "--message", "spent")
    ledger.spend(tmp_path, BUDGET, ENTRY)
    text = (tmp_path / ledger.LEDGER).read_text()
    for shorter in (None, json.dumps({"entries": []}), text.replace("0.1", "0.01", 1)):
        (tmp_path / ledger.LEDGER).unlink()
        if shorter is not None:
            (tmp_path / ledger.LEDGER).write_text(shorter)
        with pytest.raises(CustodyError, match="lacks entries of the last commit"):
            ledger.spend(tmp_path, BUDGET, ENTRY)
        (tmp_path / ledger.LEDGER).write_text(text)
    assert ledger.spend(tmp_path, BUDGET, ENTRY)[0] == 0.7
