"""`privacy`: how the people in the data are protected, column by column."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from custody.policy.budget import Budget
from custody.policy.hierarchies import Hierarchy
from custody.policy.keys import Check
from custody.policy.model import Closed, Field_, Id, Text
from custody.policy.techniques import AnyColumn, EncryptDeterministic

__all__ = ["AnyColumn", "Privacy"]


class Subsample(Closed):
    """Exposure reduction: each subject's records are in the training set with the chance `rate`, or none is.

    Independent draws (Poisson sampling), keyed, so that a rebuild draws the same. It lowers how many people are exposed
    and promises nothing to those who are in.
    """

    rate: Annotated[float, Field(gt=0, lt=1)]
    """The chance of each subject to be in."""
    compartment: Id
    """Names the draw: another compartment draws other subjects, the same one the same."""
    without_subject: Literal["suppress", "keep"] = "suppress"
    """What becomes of records that name no subject. Those of `not_personal` words are nobody's and stay."""


class Privacy(Closed):
    """Roles and techniques, withholding, and how many subjects a group must have."""

    subject: Field_ | None = None
    """The column that names the person; k counts its distinct values. Its role is direct, or it is suppressed."""
    consent: Field_ | None = None
    """Records whose value here does not say yes are withheld. Yes is `yes`, `true`, `1` or `granted` in any case, of a
    boolean column true, of an integer column 1; a missing value is no yes."""
    retention_days: Annotated[int, Field(ge=1)] | None = None
    """Records older than this at `dataset.as_of` are withheld."""
    retention_column: Field_ | None = None
    """The timestamp that retention is counted from; needed where the schema has several."""
    not_personal: tuple[Text, ...] = ()
    """Reviewed words (service accounts) that may stand in a release although a direct column holds them."""
    epochs: dict[Id, Annotated[int, Field(ge=1, le=10**6)]] = Field(default_factory=dict)
    """Epoch per pseudonym domain, the first where none is named; pseudonyms of different epochs do not match. A new one
    is begun by `custody keys rotate`. A domain that no column uses at present keeps its epoch."""
    reidentify: Check | None = None
    """Fingerprint of the secret behind encrypt_deterministic, written by `custody keys init ZONE --reversible`; needed
    where a column uses that technique."""
    columns: dict[Field_, AnyColumn]
    """Every column of the schema; there is no default."""
    subsample: Subsample | None = None
    """Draw subjects whose records are left out, counted as suppressed for the reason `not_sampled`."""
    hierarchies: dict[Id, Hierarchy] = Field(default_factory=dict)
    """Hierarchies for `generalize`, by name."""
    k: Annotated[int, Field(ge=2)] | None = None
    """Least number of distinct subjects that share each combination of quasi-identifiers."""
    attack: Literal["known", "full"] = "known"
    """What a stranger without the key guesses: known, every identifier of the data set itself, which finds what any
    directory could; full, all of RFC 1918 and a directory of names as well, for minutes of processor time."""
    on_violation: Literal["refuse", "suppress"] = "refuse"
    """What becomes of rows in smaller groups."""

    budget: Budget | None = None
    """What `custody privacy stats` may spend; nothing without it."""

    @property
    def domains(self) -> tuple[str, ...]:
        """Every pseudonym domain that a column uses, sorted."""
        named = {getattr(column, "domain", None) for column in self.columns.values()}
        return tuple(sorted(domain for domain in named if domain is not None))

    @property
    def reversible_domains(self) -> tuple[str, ...]:
        """Domains of the columns whose pseudonyms can be taken back, sorted."""
        reversible = [column for column in self.columns.values() if isinstance(column, EncryptDeterministic)]
        return tuple(sorted({column.domain for column in reversible}))
