"""A release whose people's time is over neither loads nor verifies, whoever signed it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

import custody
from custody.engine import serial
from custody.errors import RefusedError
from custody.release import deciding, statement
from custody.trust import signing, stored, verifying
from release import example
from support import ZONE
from trust.signing_keys import Signer, believed, trust

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("days", "good"), [(1, False), (36500, True)])
def test_after_the_retention_of_its_youngest_record_a_release_is_refused(
    tmp_path: Path, *, days: int, good: bool
) -> None:
    policy = example.policy(privacy={"retention_days": days, "retention_column": "ts"})
    released, target = tmp_path / "released", tmp_path / "signatures"
    deciding.record(example.build(tmp_path, under=policy), released, policy, ZONE, serial.run, example.CODE)
    ends = dt.date(2026, 11, 1) + dt.timedelta(days=days)
    assert statement.read(released).expires == ends.isoformat()
    ada = Signer(tmp_path, "ada")
    keys = believed(ada=ada.entry())
    now = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    signing.sign(released, statement.text(released), ada.key, keys, target=target, commit=None, audit=(), now=now)

    def codes(today: dt.date) -> list[str]:
        against = verifying.Against(keys, stored.bundles(target), None, today)
        return [one.code for one in verifying.verify(released, "release", against).reasons]

    assert (codes(ends), codes(ends + dt.timedelta(days=1))) == ([], ["expired"])
    (tmp_path / "trusted.yaml").write_bytes(trust(ada=ada.entry()))
    if good:
        assert len(custody.load(released, trusted=tmp_path / "trusted.yaml")) == 60
        return
    with pytest.raises(RefusedError, match="the retention of its records ended on 2026-11-02"):
        custody.load(released, trusted=tmp_path / "trusted.yaml")
