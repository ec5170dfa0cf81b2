"""`custody source`: seal a raw file and draft its entry, show what was collected, make synthetic data."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from custody.errors import CustodyError

if TYPE_CHECKING:
    from custody.policy import Policy
    from custody.records.zone import Zone

app = typer.Typer(help="Sources: seal a raw file, show what was collected, make synthetic data.", no_args_is_help=True)

PARAMS = Path("params.yaml")
RECEIPT = Path("data/collected/receipt.json")
FORMATS = "text,csv,jsonl,tsv"

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
Receipt = Annotated[Path, typer.Option(help="The receipt that collect wrote.")]


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="The raw file; it is left where it is.")],
    *,
    name: Annotated[
        str | None, typer.Option("--id", help="Id of the source; default: made of the file's name.")
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder of the project for the sealed file.")] = Path("data/sources"),
) -> None:
    """Seal a raw file under the policy's zone and draft its entry for params.yaml.

    Prints the entry: format and columns guessed, owner, license, basis and purposes left for people to decide.
    """
    from custody.policy import load  # noqa: PLC0415
    from custody.profiling.draft import draft  # noqa: PLC0415  # late: these import Arrow
    from custody.records import digest  # noqa: PLC0415
    from custody.records.seal import HEADER, is_sealed  # noqa: PLC0415

    policy = load(PARAMS)
    source = _id(name, file)
    target = _target(to, source)
    if not file.is_file():
        raise CustodyError("FILE: is not a readable file; give the path of one raw file")
    with file.open("rb") as raw:
        if is_sealed(raw.read(HEADER)):
            raise CustodyError(
                "FILE: is sealed already, for one path in one project; put it there and name it under sources"
            )
    sha256 = digest.file_sha256(file)
    zone = _zone(policy, sha256)
    _seal(file, target, zone)
    if digest.file_sha256(file) != sha256:
        target.unlink()
        raise CustodyError("FILE: changed while it was being sealed; try again when nothing writes to it")
    typer.echo(draft(file, source, target.as_posix(), sha256, policy))
    typer.echo(
        f"{target.as_posix()}: sealed; it opens at this path alone. Put the entry above under sources in params.yaml, "
        "decide what it leaves open, and run: custody policy check\n"
        "The raw file is still where it was: delete it, or keep it out of git and DVC.",
        err=True,
    )


@app.command("profile")
def profile(
    file: Annotated[Path, typer.Argument(help="The raw file; it is read, and left as it is.")],
    *,
    name: Annotated[
        str | None, typer.Option("--id", help="Id of the source; default: made of the file's name.")
    ] = None,
) -> None:
    """Look at a new source and draft its sources, schema, quality and privacy entries, each guess with its reason.

    No value of the file is printed, but for common words of the field. Columns that params.yaml has already, where one
    is here, are mapped to those.
    """
    from custody.policy import load  # noqa: PLC0415  # late: these import Arrow
    from custody.profiling.profile import profile as look  # noqa: PLC0415
    from custody.profiling.written import written  # noqa: PLC0415
    from custody.records import digest  # noqa: PLC0415

    if not file.is_file():
        raise CustodyError("FILE: is not a readable file; give the path of one raw file")
    source = _id(name, file)
    policy = load(PARAMS) if PARAMS.exists() else None
    path = f"data/sources/{source}.sealed"
    typer.echo(written(look(file, policy), source, path, digest.file_sha256(file), policy))


@app.command("list")
def list_files(*, receipt: Receipt = RECEIPT, as_json: AsJson = False) -> None:
    """List every collected file: id, source, rows, first and last day, digest, columns, description. Needs no key."""
    from custody.cli.collected import files, table  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415

    found = files(receipt, load(PARAMS).sources)
    typer.echo(_json([one.summary() for one in found]) if as_json else table(found))


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a source or of a collected file.")],
    *,
    receipt: Receipt = RECEIPT,
    as_json: AsJson = False,
) -> None:
    """Show one source's collected files, or one file, with columns and counts. Needs no key."""
    from custody.cli.collected import details, files  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415

    found = [one for one in files(receipt, load(PARAMS).sources) if name in {one.source, one.id}]
    if not found:
        raise CustodyError("ID: no collected source or file has it; see: custody source list")
    typer.echo(_json([one.full() for one in found]) if as_json else details(found))


@app.command("synth")
def synth(
    out: Annotated[Path, typer.Argument(help="Folder to write to; files there are never replaced.")],
    *,
    records: Annotated[int, typer.Option(min=1, help="Records to write, all files together.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 7,
    formats: Annotated[str, typer.Option(help="Which files to write, separated by commas.")] = FORMATS,
) -> None:
    """Make seeded synthetic security data with planted defects; their counts stand in OUT/defects.json.

    People, addresses and secrets in it are made up: reserved domains and documentation networks only. The shipped
    params.yaml reads the files.
    """
    from custody.synth import generator  # noqa: PLC0415

    counts = generator.write(out, records, seed, _formats(formats))
    typer.echo(_json(counts))


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(text.split(",")))
    if not set(wanted) <= set(FORMATS.split(",")):
        raise CustodyError(f"--formats: must be one or more of {FORMATS}")
    return wanted


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False)


def _id(name: str | None, file: Path) -> str:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from custody.policy.model import Id  # noqa: PLC0415

    wanted = name if name is not None else file.name.split(".")[0].lower().replace(" ", "-")
    try:
        return TypeAdapter(Id).validate_python(wanted)
    except ValidationError:
        raise CustodyError(
            "--id: must be 1 to 63 lower-case letters, digits, - or _, and begin with a letter; give one with --id"
        ) from None


def _target(folder: Path, source: str) -> Path:
    pure = PurePosixPath(folder.as_posix())
    if pure.is_absolute() or ".." in pure.parts:
        raise CustodyError("--to: must be a folder inside the project, without '..'")
    if not folder.resolve().is_relative_to(Path.cwd().resolve()):
        raise CustodyError("--to: is a link that leaves the project; name a folder inside it")
    target = folder / f"{source}.sealed"
    if target.exists() or target.is_symlink():
        raise CustodyError(f"{target.as_posix()}: exists and is never replaced; choose another --id or remove it first")
    return target


def _zone(policy: Policy, sha256: str) -> Zone:
    from custody.governance import demo, keys  # noqa: PLC0415

    if policy.keys.zone == demo.ZONE.name:
        raise CustodyError(
            "keys.zone: the demo key is public, so nothing is sealed with it; make a zone first: custody keys init ZONE"
        )
    return keys.open_zone(policy.keys, [sha256])


def _seal(file: Path, target: Path, zone: Zone) -> None:
    """Seal into the target's place, whole or not at all."""
    import os  # noqa: PLC0415

    from custody.records.seal import seal_stream  # noqa: PLC0415
    from custody.sources.opening import source_label  # noqa: PLC0415

    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    try:
        with file.open("rb") as plain, fresh.open("wb") as sealed:
            seal_stream(plain, sealed, source_label(target.as_posix()), zone)
            sealed.flush()
            os.fsync(sealed.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
