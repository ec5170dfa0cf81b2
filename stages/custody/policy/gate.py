"""`gate`: the conditions under which a release may leave."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from custody.policy.model import Closed, Day, Field_, Id, Share, Text


class Gate(Closed):
    """Conditions; each is held or broken, and one that could not be evaluated is broken."""

    min_quality_score: Share
    """Least quality score (mean of completeness, accuracy and consistency)."""
    confidence: Annotated[float, Field(ge=0.5, lt=1)] = 0.95
    """How surely a pass rate must be below its min_pass before the gate refuses (one-sided Wilson bound); 0.5 compares
    the rate itself."""
    require_anchor: bool = False
    """Signals that compare with the anchor must have one."""
    reviewed: dict[Id, Day] = Field(default_factory=dict)
    """Findings with the action review that people have looked at and accept, by id, each with the day."""
    max_malformed: Share | None = None
    """Largest share of what was read that may be malformed; without it any share passes."""
    require_privacy_check: bool = True
    """The leak scan and the count of subjects per group must both have run."""
    require_provenance: bool = True
    """Every source has digest, owner, license, legal basis (none `unknown`) and a review date not past at `as_of`."""
    max_residual_identifiers: Annotated[int, Field(ge=0)] = 0
    """Direct identifiers that the leak scan may still find."""
    licenses: Annotated[tuple[Text, ...], Field(min_length=1)]
    """SPDX identifiers that may be released."""
    license_column: Field_ | None = None
    """A schema column that holds the license of each record; every one must be allowed."""
    max_distinct_share: Share = 0.9
    """A column left without a token technique (mac, encrypt_deterministic, ip_prefix) whose share of distinct values is
    above this is questioned; a column with fewer than 20 values is not, since almost any is distinct then."""
    distinct_ok: tuple[Field_, ...] = ()
    """Columns that may be that distinct, after review."""
    signatures: dict[Id, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """How many signers of which role, each of another owner, a release needs before it verifies and loads; they stand
    in `.custody/trust.yaml`. Without it nobody has to sign, and an unsigned release loads only where it was made."""
    min_rows: Annotated[int, Field(ge=1)] = 1
    """Fewer released rows refuse."""
