"""`privacy`: how the people in the data are protected, column by column."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from custody.policy.budget import Budget
from custody.policy.hierarchies import Hierarchy
from custody.policy.keys import Check
from custody.policy.model import Closed, Field_, Id, Share, Text
from custody.policy.risk import Inference, Linkability, Unicity
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
    on_violation: Literal["refuse", "suppress", "generalize"] = "refuse"
    """What becomes of rows in groups that miss `k`, `l`, `l_entropy` or `t`: the release is refused, the rows are
    dropped, or quasi-identifiers go up their ladders until it holds and rows that miss it even then are dropped."""
    max_suppressed: Share | None = None
    """Largest share of usable records that may be dropped for that; `generalize` drops none without it."""
    l: Annotated[int, Field(ge=2)] | None = None  # noqa: E741  # the name that the field gave it
    """Least number of values of each sensitive column that the subjects of a group have between them (l-diversity)."""
    l_entropy: Annotated[float, Field(ge=1)] | None = None
    """The same as an effective number, by entropy: a value that few of them have counts for less than one."""
    t: Share | None = None
    """Greatest distance, 0 to 1, of a group's sensitive values from those of the whole release (t-closeness)."""
    unicity: Unicity | None = None
    """How many subjects a few of their events may single out."""
    linkability: Linkability | None = None
    """How many subjects may be found in the release by records that somebody else holds."""
    inference: Inference | None = None
    """How much better the release may let one guess what is sensitive about people in it than about others."""
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

    @property
    def sensitive(self) -> tuple[str, ...]:
        """The sensitive columns of which any value is released, sorted."""
        told = (name for name, one in self.columns.items() if one.role == "sensitive")
        return tuple(sorted(name for name in told if not _blank(self.columns[name])))

    @property
    def per_value(self) -> bool:
        """True where something is asked of sensitive columns."""
        return any(one is not None for one in (self.l, self.l_entropy, self.t, self.inference))

    @property
    def per_person(self) -> bool:
        """True where something is asked that is counted in distinct subjects."""
        return self.per_value or any(one is not None for one in (self.k, self.unicity, self.linkability))


def _blank(column: AnyColumn) -> bool:
    return column.technique == "suppress" and column.whole
