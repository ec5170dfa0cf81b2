"""No form of the report tells a count of people below k, nor of records of a personal column, nor when they were."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from custody.reporting.compose import document
from custody.reporting.facts.report import report
from custody.reporting.markdown import markdown
from custody.reporting.page import page
from custody.reporting.reading import Read, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

K = 900
PEOPLE = (611, 613, 617, 619, 631, 641, 643, 647, 653, 659, 661, 673, 677)
"""Planted counts below k: each is found again if it is told anywhere."""
DAYS = ("1987-03-04", "2041-05-06")


def planted(read: Read) -> Read:
    """Plant small counts in every place of receipts, reports, statement and metrics that counts people."""
    counts = iter(PEOPLE)
    share = {"value": 0.5, "low": 0.4, "high": 0.6}
    risk: dict[str, Any] = {
        "k_smallest": next(counts),
        "subjects": next(counts),
        "before_suppression": {"k_smallest": next(counts)},
        "sensitive": {"event": {"l": 2, "subjects": next(counts)}},
        "unicity": {"1": {**share, "trials": next(counts)}},
        "inference": {"event": {**share, "main": {"trials": next(counts)}, "control": {"trials": next(counts)}}},
        "linkability": {"auxiliary": {**share, "main": {"trials": next(counts)}}},
    }
    attack = {"targets": next(counts), "pairs": next(counts)}
    finding: dict[str, Any] = {
        "id": "new_category-1",
        "code": "new_category",
        "where": "department",
        "count": next(counts),
        "of": 5_000,
    }
    file = {"id": "f", "sha256": "0", "read": 1, "collected": 1, "first": DAYS[0], "last": DAYS[1]}
    sources = {"edge": {"files": [file]}}
    bodies: dict[str, dict[str, Any]] = {
        "collect": {**read.body("collect"), "sources": sources},
        "validate": {
            **read.body("validate"),
            "findings": [finding],
            "drift": [{"column": "department", "new": finding["count"]}],
        },
        "anonymize": {**read.body("anonymize"), "risk": {**read.body("anonymize")["risk"], **risk}, "attack": attack},
    }
    k, rare, unicity, *_ = read.statement.conditions
    conditions = (
        replace(k, id="k", figure=risk["k_smallest"], threshold=K, held=False, of=None),
        replace(rare, id="rare.department", figure=next(counts), threshold=K, held=False, of=None),
        replace(unicity, id="unicity.1", figure=0.5, threshold=0.1, held=False, of=next(counts)),
        replace(k, id="findings.new_category-1", figure=finding["count"], threshold=None, of=5_000),
    )
    statement = read.statement.model_copy(
        update={"conditions": conditions, "figures": {**read.statement.figures, "k_smallest": risk["k_smallest"]}}
    )
    past = json.dumps({"k_smallest": risk["k_smallest"], "subjects": risk["subjects"]}).encode()
    commits = tuple(replace(one, files={**one.files, "data/metrics/anonymize.json": past}) for one in read.commits)
    privacy = read.policy.privacy.model_copy(update={"k": K})
    return replace(
        read,
        policy=read.policy.model_copy(update={"privacy": privacy}),
        statement=statement,
        stages={name: Stage(body, "") for name, body in bodies.items()},
        commits=commits,
    )


FORMS = {
    "html": lambda told: page(document(told)),
    "markdown": lambda told: markdown(document(told)).replace("\\", ""),
    "json": lambda told: json.dumps(told.values()),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_form_tells_few_people_or_their_first_and_last_day(reading: Callable[[], Read], form: str) -> None:
    read = planted(reading())
    text = re.sub(r"[0-9a-f]{10,}", "", FORMS[form](report(read)))
    assert [one for one in PEOPLE if re.search(rf"(?<![\d.,]){one}(?![\d.])", text)] == []
    assert [day for day in DAYS if day in text] == []
    assert text.count(f"fewer than {K}") >= 10


@pytest.mark.parametrize("form", FORMS)
def test_the_same_counts_are_told_from_k_on(reading: Callable[[], Read], form: str) -> None:
    read = planted(reading())
    policy = read.policy.model_copy(update={"privacy": read.policy.privacy.model_copy(update={"k": 2})})
    text = FORMS[form](report(replace(read, policy=policy)))
    assert [one for one in PEOPLE if not re.search(rf"(?<![\d.,]){one}(?![\d.])", text)] == []
