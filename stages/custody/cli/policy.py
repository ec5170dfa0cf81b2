"""`custody policy`: explain the policy's mistakes, describe it to an editor, sign a change of it off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.cli.approve import approve
from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.policy import Policy

app = typer.Typer(
    help="Check params.yaml; write the JSON Schema that lets an editor complete it; sign changes off.",
    no_args_is_help=True,
)
app.command("approve")(approve)

PARAMS = Path("params.yaml")
ANCHOR = Path("data/anchor/manifest.json")
SCHEMA = Path("stages/custody/policy/params.schema.json")


@app.command("check")
def check_policy(
    path: Annotated[Path, typer.Argument(help="The policy file.", show_default=True)] = PARAMS,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Exit status 1 when there is a doubt.")] = False,
) -> None:
    """Explain every mistake with its line, exit status 3 when there is one; then what people should look at again."""
    from custody.policy.policy import check, doubts  # noqa: PLC0415  # late: pydantic costs 0.2 s

    try:
        text = path.read_bytes()
    except OSError as error:
        raise CustodyError(f"{path.name}: cannot be read ({error.strerror}); run from the project's folder") from None
    policy, mistakes = check(text, path.name)
    if policy is None:
        for mistake in mistakes:
            typer.echo(mistake, err=True)
        raise typer.Exit(CustodyError.status)
    doubted = [*doubts(policy, text, path.name), *_project()]
    for doubt in doubted:
        typer.echo(f"{doubt} (doubt)", err=True)
    typer.echo(f"{path.name}: holds; digest {policy.digest()}; {_covers(policy)}")
    if strict and doubted:
        raise typer.Exit(1)


@app.command("schema")
def print_schema(
    *,
    write: Annotated[bool, typer.Option("--write", help=f"Write it to {SCHEMA} instead of printing it.")] = False,
) -> None:
    """Print the JSON Schema of params.yaml, made from the model that checks it."""
    from custody.policy import json_schema  # noqa: PLC0415

    schema = json_schema()
    if not write:
        typer.echo(json.dumps(schema, sort_keys=True, indent=2, ensure_ascii=False))
        return
    if not SCHEMA.parent.is_dir():
        raise CustodyError(f"{SCHEMA.parent}: is not a folder here; run from the project's folder")
    from custody.records.plain import write_json  # noqa: PLC0415

    write_json(SCHEMA, schema)
    typer.echo(f"{SCHEMA}: written")


def _project() -> list[str]:
    """Return what would stop every stage here before it began; DVC says only that a path is missing."""
    if not Path("dvc.yaml").exists() or ANCHOR.exists():
        return []
    todo = "restore it (git checkout data/anchor), or write {} into it, which means no anchor"
    return [f"{ANCHOR.as_posix()}: is missing, so dvc repro stops; {todo}"]


def _covers(policy: Policy) -> str:
    rules = sum(len(column.model_fields_set) for column in policy.quality.rules.values())
    counts = (
        (len(policy.sources), "source"),
        (len(policy.fields), "column"),
        (rules, "rule"),
        (len(policy.quality.predicates), "predicate"),
    )
    covered = ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts)
    return f"it covers {covered} for {policy.dataset.name} and the zone {policy.keys.zone}"
