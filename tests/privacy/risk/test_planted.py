"""What k alone lets pass and unicity refuses, through anonymize and the gate's conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from custody.release import people
from custody.release.words import sentence
from privacy.folders import Source, anonymized, at, privacy
from privacy.risk import brute, planted

if TYPE_CHECKING:
    from pathlib import Path

    from privacy.folders import Candidate

COLUMNS: dict[str, dict[str, Any]] = {
    "src_ip": {"role": "quasi", "technique": "ip_truncate", "v4": 24},
    "area": {"role": "insensitive", "technique": "keep"},
}
UNICITY = {"max": 0.05}


def records() -> list[dict[str, Any]]:
    return [
        {
            "user": user,
            "src_ip": f"10.1.{subnet}.{int(user[4:]) % 250 + 1}",
            "ts": at(day + 1, int(user[4:]) % 24),
            "area": "all",
            "event": "login",
            "message": "signed in",
        }
        for day, subnet, user in planted.rows()
    ]


def released(root: Path, size: int = 65_536, **asked: Any) -> Candidate:
    policy = privacy(COLUMNS, subject="user", k=10, **asked)
    return anonymized(root, [Source(records())], policy, size=size)


def test_the_gate_on_k_alone_lets_it_pass(tmp_path: Path) -> None:
    policy = privacy(COLUMNS, subject="user", k=10)
    (found,) = people.conditions(released(tmp_path).body, policy)
    assert (found.id, found.held, found.figure) == ("k", True, planted.K)


def test_the_gate_on_unicity_refuses_it(tmp_path: Path) -> None:
    policy = privacy(COLUMNS, subject="user", k=10, unicity=UNICITY)
    by_id = {one.id: one for one in people.conditions(released(tmp_path, unicity=UNICITY).body, policy)}
    assert by_id["k"].held
    assert by_id["unicity.1"].held
    refused = by_id["unicity.4"]
    assert not refused.held
    assert refused.figure == pytest.approx(planted.UNIQUE, abs=5e-4)
    assert sentence(refused) == (
        f"unicity.4: {float(refused.figure or 0) * 100:.4f}% of 279 subjects are singled out by 4 of their events "
        "(all draws counted), at most 5% may"
    )


def test_counting_in_plain_python_agrees() -> None:
    rows: list[brute.Row] = [(f"{day}/{subnet}", user, None) for day, subnet, user in planted.rows()]
    groups = brute.told(rows)
    assert min(len(values[None]) for values in groups.values()) == planted.K
    assert brute.unicity(rows, 4) == pytest.approx(planted.UNIQUE, abs=5e-4)


def test_figures_do_not_depend_on_partitions(tmp_path: Path) -> None:
    asked: dict[str, Any] = {
        "unicity": UNICITY,
        "l": 2,
        "t": 0.5,
        "linkability": {"max": 1.0, "auxiliary": 0.3},
        "inference": {"max": 1.0},
    }
    whole = released(tmp_path / "whole", **asked).body["risk"]
    assert released(tmp_path / "parts", size=100, **asked).body["risk"] == whole
    assert whole["linkability"]["auxiliary"]["high"] > whole["linkability"]["auxiliary"]["control"]["high"]
