"""Judge collected records against the quality policy."""

from pathlib import Path
from typing import Annotated

import typer

from custody import engine
from custody.anchor import open_anchor
from custody.errors import boundary
from custody.governance import keys
from custody.governance.audit import log
from custody.policy import load
from custody.quality import figures, report, validate
from custody.records import open_folder, replace
from custody.repository import code

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def command(
    collected: Annotated[Path, typer.Argument(help="Folder that collect wrote.")],
    validated: Annotated[Path, typer.Argument(help="Folder to write verdicts and report to.")],
) -> None:
    """Give every collected record a verdict and report the figures; what is pinned in `anchor` beside is compared."""
    with log.noted("stage", stage="validate"):
        ran, policy, run = code.of_stage("validate", Path(__file__)), load(), engine.choose()
        zone = keys.zone_of(policy.keys, collected / "receipt.json")
        folder = open_folder(collected, "receipt.json", zone)
        anchor = open_anchor(collected.parent / "anchor", zone)
        with replace(validated, zone, policy.digests("keys", "quality"), ran) as sink:
            body = validate(folder, policy.quality, sink, run, anchor)
        figures.write(validated.parent / "metrics", body)
        typer.echo(report.headline(body))


main = boundary(app)

if __name__ == "__main__":
    main()
