from __future__ import annotations

import time

from custody.engine import pool, serial, timed


def busy(seconds: float, item: int) -> int:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return item


def test_results_are_the_engines_and_each_work_has_its_own_time() -> None:
    run, seconds = timed(serial.run)
    assert list(run(busy, 0.05, [1, 2], "slow")) == [1, 2]
    assert list(run(busy, 0.0, [3], "quick")) == [3]
    assert seconds["slow"] >= 0.08 > seconds["quick"]


def test_what_the_taker_of_results_does_is_not_the_works_time() -> None:
    run, seconds = timed(serial.run)
    for _ in run(busy, 0.0, [1, 2], "work"):
        busy(0.05, 0)
    assert seconds["work"] < 0.08


def test_the_time_of_worker_processes_counts() -> None:
    run, seconds = timed(pool.of(2))
    assert list(run(busy, 0.2, [1, 2], "work")) == [1, 2]
    assert seconds["work"] >= 0.35
