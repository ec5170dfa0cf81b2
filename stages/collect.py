"""Read the named sources, standardize every record, seal it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from custody import engine
from custody.engine import progress
from custody.errors import boundary
from custody.governance import keys
from custody.governance.audit import log
from custody.policy import load
from custody.records.folder import replace
from custody.records.plain import write_json
from custody.repository import code
from custody.sources import summary
from custody.sources.collecting import collect
from custody.sources.discover import discover, unnamed
from custody.sources.opening import identify, look

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run(
    sources: Annotated[Path, typer.Argument(help="Folder of source files; what no source names is reported.")],
    collected: Annotated[Path, typer.Argument(help="Folder to write the sealed records and the receipt to.")],
) -> None:
    """Collect every readable record of the policy's sources, and account for each that was read."""
    with log.noted("stage", stage="collect"):
        ran = code.of_stage("collect", Path(__file__))
        policy, root, engine_ = load(), Path(), engine.choose()
        found = discover(policy.sources, root)
        others = unnamed(sources, found)
        stored = look(found, policy.sources, root, engine_)
        zone = keys.open_zone(policy.keys, [file.digest for file in stored])
        files = identify(stored, policy.sources, zone, engine_)
        with replace(collected, zone, policy.digests("keys", "schema", "sources"), ran) as out:
            body, partitions = collect(
                files, policy.sources, policy.fields, out, engine_, counted=partial(progress.counted, what="collect")
            )
            body["unnamed_files"] = len(others)
            out.finish("receipt.json", body, partitions)
        write_json(collected.parent / "metrics" / "collect.json", summary.metrics(body))
        for line in summary.reported(others):
            typer.echo(line, err=True)
        typer.echo(summary.headline(body))


main = boundary(app)

if __name__ == "__main__":
    main()
