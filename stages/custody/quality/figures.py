"""The figures that `dvc metrics` and `dvc plots` show: data/metrics/validate.json, rules.csv and missing.csv."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from custody.quality.score import share
from custody.records.plain import write_json, write_text

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("rule", "dimension", "severity", "evaluated", "broken", "pass_rate", "min_pass")


def write(folder: Path, report: dict[str, Any]) -> None:
    """Write the files from the body of report.json, each whole or not at all."""
    write_json(folder / "validate.json", metrics(report))
    write_text(folder / "rules.csv", plot(report))
    write_text(folder / "missing.csv", missing(report))


def metrics(report: dict[str, Any]) -> dict[str, Any]:
    """Return what `dvc metrics show` prints."""
    return {
        "accepted": report["accounting"]["accepted"],
        "quarantined": report["accounting"]["quarantined"],
        "score": report["score"],
        **report["dimensions"],
    }


def plot(report: dict[str, Any]) -> str:
    """Return one CSV line per rule, by id; the pass rate of a rule that was not evaluated is empty."""
    text = io.StringIO()
    lines = csv.DictWriter(text, COLUMNS, extrasaction="raise", lineterminator="\n")
    lines.writeheader()
    lines.writerows({"rule": rule, **figures} for rule, figures in sorted(report["rules"].items()))
    return text.getvalue()


def missing(report: dict[str, Any]) -> str:
    """Return one CSV line per column, by name: how many records lack it, and their share."""
    records = report["records_evaluated"]
    lines = [
        f"{column},{count},{share(Fraction(count, records)) if records else ''}\n"
        for column, count in sorted(report["missing"].items())
    ]
    return "column,missing,share\n" + "".join(lines)
