"""What may be asked about people, given the rest of the policy."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from custody.policy.privacy import Privacy
from custody.policy.risk import mistakes

FIELDS: dict[str, Any] = {"user": "user", "event": "category", "hits": "integer", "ts": "timestamp"}
COLUMNS: dict[str, Any] = {
    "user": {"role": "direct", "technique": "mac", "domain": "person"},
    "event": {"role": "sensitive", "technique": "keep"},
    "hits": {"role": "insensitive", "technique": "keep"},
    "ts": {"role": "quasi", "technique": "round_time", "to": "1d"},
}


def found(columns: dict[str, Any] | None = None, **asked: Any) -> list[str]:
    privacy = Privacy.model_validate({"columns": {**COLUMNS, **(columns or {})}, "subject": "user", **asked})
    return list(mistakes(privacy, FIELDS))


ASKED: list[dict[str, Any]] = [
    {"k": 5},
    {"l": 2},
    {"l_entropy": 1.5},
    {"t": 0.2},
    {"unicity": {"max": 0.1}},
    {"linkability": {"max": 0.1}},
    {"inference": {"max": 0.1}},
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: next(iter(asked)))
def test_who_asks_about_people_names_the_person(asked: dict[str, Any]) -> None:
    (key,) = asked
    assert found(**asked) == []
    assert found(subject=None, **asked) == [
        f"privacy.subject: {key} counts distinct subjects; name the column that holds the person"
    ]


@pytest.mark.parametrize("key", ["l", "l_entropy", "t", "inference"])
@pytest.mark.parametrize(
    "event",
    [
        {"role": "insensitive", "technique": "keep"},
        {"role": "sensitive", "technique": "suppress"},
        {"role": "sensitive", "technique": "suppress", "scope": "cell"},
    ],
)
def test_who_asks_about_sensitive_values_releases_some(key: str, event: dict[str, Any]) -> None:
    (asked,) = [one for one in ASKED if key in one]
    (said,) = found({"event": event}, **asked)
    assert said.startswith(f"privacy.{key}: is about sensitive columns")


def test_redacted_text_has_no_values() -> None:
    (said,) = found({"event": {"role": "sensitive", "technique": "redact_text"}}, l=2)
    assert said.startswith("privacy.columns.event.technique: redact_text leaves no values")


ORDERS: list[tuple[str, dict[str, Any], str | None]] = [
    ("hits", {"role": "sensitive", "technique": "keep", "ordered": True}, None),
    ("hits", {"role": "sensitive", "technique": "generalize", "top": 10.0, "ordered": True}, None),
    ("ts", {"role": "sensitive", "technique": "round_time", "to": "1d", "ordered": True}, None),
    ("event", {"role": "sensitive", "technique": "keep", "ordered": ("low", "high")}, None),
    ("hits", {"role": "sensitive", "technique": "generalize", "bins": (1.0, 5.0), "ordered": True}, "list the words"),
    ("hits", {"role": "sensitive", "technique": "mac", "domain": "d", "ordered": True}, "list the words"),
    ("event", {"role": "sensitive", "technique": "keep", "ordered": True}, "list the words"),
    ("hits", {"role": "insensitive", "technique": "keep", "ordered": True}, "of sensitive columns only"),
]


@pytest.mark.parametrize(("name", "column", "words"), ORDERS)
def test_only_what_has_an_order_is_ordered(name: str, column: dict[str, Any], words: str | None) -> None:
    said = found({name: column})
    assert [words in one for one in said if words] == [True] * bool(words)
    assert len(said) == bool(words)


@pytest.mark.parametrize(
    "asked",
    [{"l": 1}, {"t": 1.5}, {"unicity": {"max": 0.1, "p": []}}, {"unicity": {"p": [1]}}, {"linkability": {"max": 2.0}}],
)
def test_what_limits_nothing_is_no_limit(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        found(**asked)


FOLDS: list[tuple[str, dict[str, Any], str | None]] = [
    ("event", {"role": "sensitive", "technique": "keep"}, None),
    ("event", {"role": "quasi", "technique": "generalize", "prefix": 2}, None),
    ("hits", {"role": "quasi", "technique": "generalize", "bins": (1.0, 9.0)}, None),
    ("hits", {"role": "quasi", "technique": "keep"}, "released as text, not as integer"),
    ("ts", {"role": "quasi", "technique": "keep"}, "released as text, not as timestamp"),
    ("event", {"role": "quasi", "technique": "mac", "domain": "d"}, "needs a column of categories"),
    ("event", {"role": "sensitive", "technique": "keep", "ordered": ("a", "b")}, "OTHER has no place in an order"),
]


@pytest.mark.parametrize(("name", "column", "words"), FOLDS)
def test_only_categories_fold(name: str, column: dict[str, Any], words: str | None) -> None:
    said = found({name: {**column, "fold_rare": True}}, k=3)
    assert [words in one for one in said if words] == [True] * bool(words)
    assert len(said) == bool(words)


def test_without_k_nothing_is_rare() -> None:
    (said,) = found({"event": {"role": "sensitive", "technique": "keep", "fold_rare": True}})
    assert said.startswith("privacy.columns.event.fold_rare: needs privacy.k and privacy.subject")
