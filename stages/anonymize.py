"""De-identify accepted records, then measure what is left of people in what was written."""

from pathlib import Path
from typing import Annotated

import typer

from custody import engine
from custody.anchor import open_anchor
from custody.errors import boundary
from custody.governance import keys
from custody.governance.audit import log
from custody.policy import load
from custody.privacy import anonymize, report
from custody.privacy.attack import attacking
from custody.records import open_folder, replace
from custody.records.plain import write_json
from custody.repository import code

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def command(
    collected: Annotated[Path, typer.Argument(help="Folder that collect wrote.")],
    validated: Annotated[Path, typer.Argument(help="Folder that validate wrote.")],
    anonymized: Annotated[Path, typer.Argument(help="Folder to write the candidate and its report to.")],
) -> None:
    """Write the de-identified candidate, still sealed, and report the figures."""
    with log.noted("stage", stage="anonymize"):
        ran, policy = code.of_stage("anonymize", Path(__file__)), load()
        run, seconds = engine.timed(engine.choose())
        zone = keys.with_reversible(keys.zone_of(policy.keys, collected / "receipt.json"), policy.privacy)
        records, verdicts = open_folder(collected, "receipt.json", zone), open_folder(validated, "report.json", zone)
        anchor = open_anchor(collected.parent / "anchor", zone)
        with replace(anonymized, zone, policy.digests("dataset", "keys", "privacy"), ran) as sink:
            body = anonymize(records, verdicts, policy.dataset, policy.privacy, sink, run, anchor)
        write_json(anonymized.parent / "metrics" / report.METRICS, report.metrics(body))
        typer.echo(report.headline(body))
        typer.echo(report.attack_line(body, seconds.get(attacking.WHAT, 0.0)))


main = boundary(app)

if __name__ == "__main__":
    main()
