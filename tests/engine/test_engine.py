"""Engines differ in where they run, not in what comes out."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from custody import engine
from custody.engine import pool, progress, serial
from custody.errors import CustodyError
from custody.records.folder import Partition

if TYPE_CHECKING:
    from collections.abc import Iterator


def scaled(factor: int, value: int) -> int:
    return factor * value


def of_polars(_: int, __: int) -> int:
    import polars as pl  # noqa: PLC0415  # in the worker, which reads its environment then

    return pl.thread_pool_size()


def dying(_: int, __: int) -> int:
    os._exit(1)


def test_a_pool_gives_the_same_results_in_the_same_order() -> None:
    items = list(range(20))
    assert list(pool.of(2)(scaled, 3, items, "work")) == list(serial.run(scaled, 3, items, "work"))
    assert list(pool.of(2)(scaled, 3, [7], "work")) == [21]
    assert list(pool.of(2)(scaled, 3, [], "work")) == []


def test_a_worker_has_no_more_threads_than_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    assert list(pool.of(2)(of_polars, 0, [1, 2], "work")) == [1, 1]
    monkeypatch.setenv("POLARS_MAX_THREADS", "3")
    assert list(pool.of(2)(of_polars, 0, [1, 2], "work")) == [3, 3]


def test_a_dead_worker_stops_the_run_with_one_line() -> None:
    with pytest.raises(CustodyError, match="a worker process died"):
        list(pool.of(2)(dying, 0, [1, 2, 3], "work"))


def test_the_environment_chooses_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine.choose() is serial.run
    monkeypatch.setenv("CUSTODY_WORKERS", "2")
    assert engine.choose() is not serial.run
    for wrong in ("0", "many", "-1", "5000"):
        monkeypatch.setenv("CUSTODY_WORKERS", wrong)
        with pytest.raises(CustodyError, match="CUSTODY_WORKERS: must be a number"):
            engine.choose()


def test_long_work_prints_plain_lines_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert list(progress.shown([1, 2], 2, "validate")) == [1, 2]
    assert capsys.readouterr().err == "validate: 1 of 2 parts\nvalidate: 2 of 2 parts\n"


def test_long_work_shows_a_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    def slow() -> object:
        for item in range(3):
            time.sleep(0.6)
            yield item

    assert list(progress.shown(slow(), 3, "validate")) == [0, 1, 2]  # type: ignore[arg-type]
    assert "validate" in capsys.readouterr().err


def parts(count: int) -> Iterator[Partition]:
    for number in range(count):
        yield Partition(f"p-{number}", 65_536, "", "")


def test_one_long_task_prints_plain_lines_as_its_partitions_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert list(progress.counted(parts(2), "sources.edge, file 1", "collect")) == list(parts(2))
    assert capsys.readouterr().err == (
        "collect: 1 partition (65,536 records) of sources.edge, file 1\n"
        "collect: 2 partitions (131,072 records) of sources.edge, file 1\n"
    )
    monkeypatch.setattr(progress, "EVERY", 10.0)
    assert list(progress.counted(parts(2), "sources.edge, file 1", "collect")) == list(parts(2))
    assert capsys.readouterr().err == ""


def test_one_long_task_shows_a_bar_without_an_end_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    def slow() -> Iterator[Partition]:
        for part in parts(3):
            time.sleep(0.6)
            yield part

    assert list(progress.counted(slow(), "sources.edge, file 1", "collect")) == list(parts(3))
    assert "collect: sources.edge, file 1: 2 partitions" in capsys.readouterr().err


def counting(_: None, count: int) -> int:
    progress.EVERY = 0.0
    return len(list(progress.counted(parts(count), "sources.edge, file 1", "collect")))


def test_a_pools_processes_show_no_counts_of_their_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(pool.of(2)(counting, None, [1, 2], "collect")) == [1, 2]
    assert capfd.readouterr().err == ""
