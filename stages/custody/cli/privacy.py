"""`custody privacy`: take a pseudonym back, for who may; record erasures; publish noised statistics."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from custody.cli import erasing, unsealing
from custody.errors import CustodyError, RefusedError

if TYPE_CHECKING:
    from custody.governance.audit.entry import Told
    from custody.policy.privacy import Privacy
    from custody.records.zone import Zone

app = typer.Typer(
    help="People in the data: take a pseudonym back, open records, publish noised statistics.", no_args_is_help=True
)

app.command("unseal")(unsealing.unseal)
app.command("erasure")(erasing.erasure)

PARAMS = Path("params.yaml")
LONGEST = 4096
"""Characters of a token; a longer text is none."""

Columns = Annotated[
    list[str] | None, typer.Option(help="Histogram of COLUMN over the values that its allowed rule names.")
]
Reason = Annotated[str, typer.Option(help="Why; it stands in the audit log with your account and the time.")]


@app.command("reidentify")
def reidentify(
    token: Annotated[
        str | None, typer.Argument(help="The pseudonym; read from standard input where it is - or none.")
    ] = None,
    *,
    reason: Reason,
    domain: Annotated[str | None, typer.Option(help="Its domain; needed where columns use several.")] = None,
    epoch: Annotated[int | None, typer.Option(min=1, help="Its epoch; default: the policy's.")] = None,
) -> None:
    """Print the value behind a pseudonym of technique encrypt_deterministic.

    Needs the zone's reversible secret and no other. The audit log has an entry before the secret is opened.
    """
    from custody.governance import keys  # noqa: PLC0415  # late: pydantic and cryptography cost 0.2 s
    from custody.governance.audit import log  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415
    from custody.privacy.techniques.encrypt_deterministic import reveal_any  # noqa: PLC0415
    from custody.records.digest import sha256  # noqa: PLC0415
    from custody.records.zone import FIRST  # noqa: PLC0415

    policy, text = load(PARAMS), _token(token)
    chosen = _domain(domain, policy.privacy)
    epochs = policy.privacy.epochs if epoch is None else {**policy.privacy.epochs, chosen: epoch}
    token_id, used = sha256(text.encode())[:16], epochs.get(chosen, FIRST)
    about: dict[str, Told] = {"zone": policy.keys.zone, "domain": chosen, "epoch": used, "token": token_id}
    log.record(Event("reidentify", reason=reason, about=about))
    secrets = [one.at(epochs) for one in keys.open_reversibles(policy.keys.zone, policy.privacy)]
    try:
        value = reveal_any(text, chosen, secrets)
    except RefusedError as error:
        log.record(Event("reidentify", "refused", reason, about=about))
        raise RefusedError(f"{error}{_elsewhere(text, secrets, policy.privacy)}") from None
    # A name can hold what a terminal obeys; a pipe gets it as it is.
    typer.echo(json.dumps(value) if sys.stdout.isatty() and not value.isprintable() else value)


@app.command("stats")
def stats(  # noqa: PLR0913  # one option per kind of statistic
    *,
    epsilon: Annotated[float, typer.Option(help="ε that this publication may cost; shared out among its statistics.")],
    reason: Reason,
    delta: Annotated[float, typer.Option(min=0, help="δ, for --discover alone.")] = 0.0,
    subjects: Annotated[bool, typer.Option("--subjects", help="Number of people.")] = False,
    records: Annotated[bool, typer.Option("--records", help="Number of records that count.")] = False,
    histogram: Columns = None,
    mean: Annotated[list[str] | None, typer.Option(help="Mean of COLUMN between the bounds of its range rule.")] = None,
    discover: Annotated[list[str] | None, typer.Option(help="Histogram of COLUMN with bins found in the data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON to this file too; it is replaced.")] = None,
) -> None:
    """Publish noised counts, histograms and means of the accepted records; the unit of privacy is the subject.

    At most privacy.budget.records records of each subject count. What is spent is added up in .custody/budget.json:
    commit it. Exit status 1, and nothing is published, where privacy.budget does not suffice.
    """
    from custody import engine  # noqa: PLC0415  # late: these import Arrow
    from custody.policy import load  # noqa: PLC0415
    from custody.records.plain import write_json  # noqa: PLC0415
    from custody.statistics import publishing, queries, words  # noqa: PLC0415

    policy = load(PARAMS)
    counts = [queries.Query("subjects")] * subjects + [queries.Query("records")] * records
    asked = [
        *counts,
        *(queries.histogram(policy, column) for column in histogram or ()),
        *(queries.mean(policy, column) for column in mean or ()),
        *(queries.discover(policy, column) for column in discover or ()),
    ]
    request = publishing.Request(queries.distinct(asked), epsilon, delta, reason)
    told = publishing.publish(Path(), policy, request, dt.datetime.now(dt.UTC), engine.choose())
    document = told.document()
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False) if as_json else words.table(told))
    if out is not None:
        write_json(out, document)


@app.command("frontier")
def frontier(
    *,
    reason: Reason,
    k: Annotated[int | None, typer.Option(min=2, help="People that must share a group; default: privacy.k.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw it into this .png or .svg file; it is replaced.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Show what protection costs, per step up the ladders of the quasi-identifiers.

    k in subjects, unicity, suppressed rows, and the macro-F1 of a simple detector that learns the release, against one
    that learns the raw features. It opens the sealed records; the audit log has an entry before.
    """
    from custody import engine  # noqa: PLC0415  # late: these import Arrow
    from custody.frontier import measuring, plotting, words  # noqa: PLC0415
    from custody.governance import opening  # noqa: PLC0415
    from custody.governance.audit.entry import Event  # noqa: PLC0415
    from custody.policy import load  # noqa: PLC0415
    from custody.privacy.inputs import open_inputs  # noqa: PLC0415

    policy = load(PARAMS)
    if plot is not None:
        plotting.available(plot)
    granted = opening.grant(Event("frontier", reason=reason, about={"zone": policy.keys.zone}), Path())
    opened = opening.records(granted, Path("data"), policy.keys)
    inputs = open_inputs(opened.collected, opened.validated, policy.dataset, policy.privacy)
    told = measuring.measure(inputs, engine.choose(), k)
    if plot is not None:
        plotting.draw(told, plot)
    typer.echo(json.dumps(told.document(), indent=2, ensure_ascii=False) if as_json else words.table(told))


def _token(given: str | None) -> str:
    text = given if given not in {None, "-"} else sys.stdin.read(LONGEST + 2)
    token = str(text).strip()
    if not token or len(token) > LONGEST or not token.isascii() or not token.isalnum():
        raise RefusedError("TOKEN: is no pseudonym that Custody writes; give one, whole, as it stands in the release")
    return token


def _domain(given: str | None, privacy: Privacy) -> str:
    domains = privacy.reversible_domains
    if not domains:
        raise CustodyError(
            "privacy.columns: none has the technique encrypt_deterministic, so nothing can be taken back"
        )
    if given is None and len(domains) > 1:
        raise CustodyError(f"--domain: columns use several, so name one: {', '.join(domains)}")
    if given is not None and given not in domains:
        raise CustodyError(f"--domain: no column is encrypted in it; columns use: {', '.join(domains)}")
    return given or domains[0]


def _elsewhere(token: str, secrets: list[Zone], privacy: Privacy) -> str:
    """Say which domain and epoch a token is of, where one of these secrets made it at all."""
    from custody.privacy.techniques.encrypt_deterministic import reveal_any  # noqa: PLC0415
    from custody.records.zone import FIRST  # noqa: PLC0415

    for domain in privacy.reversible_domains:
        for epoch in range(FIRST, privacy.epochs.get(domain, FIRST) + 1):
            try:
                reveal_any(token, domain, [one.at({domain: epoch}) for one in secrets])
            except RefusedError:
                continue
            return f"; it is of domain {domain} and epoch {epoch}: give --domain {domain} --epoch {epoch}"
    return ""
