"""Only words of the field count as known."""

from __future__ import annotations

import pytest

from custody.profiling.vocabulary import known


@pytest.mark.parametrize("values", [["benign", "MALICIOUS"], ["200", "404"], ["GET", "POST"], ["tcp"]])
def test_known(values: list[str]) -> None:
    assert known(values)


@pytest.mark.parametrize("values", [[], ["benign", "alice"], ["600"], ["2000"], [""]])
def test_unknown(values: list[str]) -> None:
    assert not known(values)
