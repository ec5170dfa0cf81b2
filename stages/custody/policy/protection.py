"""What the privacy section says about the schema and about itself: every mistake as `dotted.key: what to do`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custody.policy import hierarchies, risk
from custody.policy.treatments import treatment
from custody.policy.values import TIME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.policy.policy import Policy
    from custody.policy.privacy import Privacy
    from custody.policy.schema import FieldType


def protection(policy: Policy) -> Iterator[str]:
    """Return the mistakes of `privacy`."""
    privacy, fields = policy.privacy, policy.fields
    for column in fields:
        if column not in privacy.columns:
            yield f"privacy.columns: {column} has no role and technique; every schema column needs one"
    for column, treated in privacy.columns.items():
        where = f"privacy.columns.{column}"
        if column not in fields:
            yield f"{where}: is not a column of schema"
        else:
            yield from treatment(where, treated, fields[column], privacy)
        if policy.dataset.audience == "external" and treated.technique in {"encrypt_deterministic", "ip_prefix"}:
            yield f"{where}.technique: {treated.technique} may not leave in a release whose audience is external"
    for name, hierarchy in privacy.hierarchies.items():
        if name in hierarchies.SHIPPED:
            yield f"privacy.hierarchies.{name}: is the name of a shipped hierarchy; choose another"
        yield from hierarchies.faults(name, hierarchy)
    if privacy.reversible_domains and privacy.reidentify is None:
        yield (
            "privacy.reidentify: a column is encrypted so that its holder can take it back, and no secret is named; "
            "make it: custody keys init ZONE --reversible"
        )
    yield from _people(privacy, fields)
    yield from _retention(privacy, fields)
    yield from risk.mistakes(privacy, fields)


def _people(privacy: Privacy, fields: Mapping[str, FieldType]) -> Iterator[str]:
    for key in ("subject", "consent", "retention_column"):
        column = getattr(privacy, key)
        if column is not None and column not in fields:
            yield f"privacy.{key}: {column} is not a column of schema"
    yield from _subject(privacy)
    if privacy.consent and fields.get(privacy.consent, "text") not in {"boolean", "integer", "category", "text"}:
        yield "privacy.consent: needs a boolean, integer, category or text column"
    if privacy.subsample is not None and privacy.subject is None:
        yield "privacy.subsample: draws subjects; name the column that holds the person: privacy.subject"
    if privacy.k is None and privacy.on_violation != "refuse":
        yield f"privacy.on_violation: {privacy.on_violation} needs privacy.k, the least number of subjects in a group"
    if privacy.max_suppressed is not None and privacy.on_violation == "refuse":
        yield "privacy.max_suppressed: nothing is suppressed with on_violation refuse; drop it"


def _subject(privacy: Privacy) -> Iterator[str]:
    """The person is never released raw, and what names the person is looked for in the release."""
    column = privacy.columns.get(privacy.subject or "")
    if column is None or (column.technique == "suppress" and column.whole):
        return
    where = f"privacy.columns.{privacy.subject}"
    if column.role != "direct":
        yield f"{where}.role: privacy.subject names this column, so it names people: it must be direct, or suppressed"
    if column.technique == "keep" and column.role != "direct":
        yield f"{where}.technique: privacy.subject names this column, so it cannot be kept; use mac or suppress"


def _retention(privacy: Privacy, fields: Mapping[str, FieldType]) -> Iterator[str]:
    column, clocks = privacy.retention_column, [name for name, kind in fields.items() if kind in TIME]
    if column is not None and privacy.retention_days is None:
        yield "privacy.retention_days: retention_column is named, and nothing says how long records may be kept"
    if column in fields and column not in clocks:
        yield "privacy.retention_column: needs a timestamp column"
    if privacy.retention_days is not None and column is None and len(clocks) != 1:
        yield "privacy.retention_column: name the timestamp that retention is counted from"
