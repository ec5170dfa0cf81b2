"""Decide whether the candidate may leave; turn a refusal into a failed run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custody import engine
from custody.errors import boundary
from custody.governance import keys, made_here
from custody.governance.audit import log
from custody.policy import load
from custody.records.digest import file_sha256
from custody.records.plain import write_json, write_text
from custody.records.replacing import sweep
from custody.release import deciding, enforcing, stating, words
from custody.release.stated import STATEMENT
from custody.repository import code

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Released = Annotated[Path, typer.Argument(help="Folder of the release, or of the refusal.")]


@app.command()
def decide(
    anonymized: Annotated[Path, typer.Argument(help="Folder that anonymize wrote.")], released: Released
) -> None:
    """Write the release, or the refusal and no data; either is a result."""
    with log.noted("stage", stage="gate") as logged:
        ran, policy, run = code.of_stage("gate", Path(__file__)), load(), engine.choose()
        zone = keys.zone_of(policy.keys, anonymized.parent / "collected" / "receipt.json")
        statement = deciding.record(anonymized, released, policy, zone, run, ran)
        named = file_sha256(released / STATEMENT)
        logged.decided(named, released=statement.released)
        made_here.mark(named)
        write_json(released.parent / "metrics" / "gate.json", stating.metrics(statement))
        write_text(released.parent / "metrics" / "accounting.csv", stating.plot(statement))
        typer.echo(words.headline(statement))


@app.command()
def enforce(released: Released) -> None:
    """Fail when the recorded decision is no, and say why."""
    with log.noted("stage", stage="enforce"):
        sweep(released.parent)
        typer.echo(enforcing.enforce(released, load(), Path.cwd()))


main = boundary(app)
if __name__ == "__main__":
    main()
