r"""What names a person by a part of an identifier.

Of an e-mail address and of `user@realm` what stands before the `@`, also without a tag (`anna+news@…`); of
`DOMAIN\account` the account; of a full name, two to four words, each word. A part of several people's identifiers gets
no token, since it cannot tell which of them is meant. A part that is a common word, or that more than `MANY` full names
share, names nobody by itself: it counts only in an identifier's place. A whole identifier counts, whatever word it is.
"""

from __future__ import annotations

import polars as pl

from custody.privacy.text.common import COMMON

MANY = 50
"""Full names."""
LONGEST = 24
"""Bytes of a name that can be looked for in places (`places`)."""

_WORD = r"[\p{L}\p{M}'\x{2019}.-]+"
_FULL = rf"^{_WORD}(?:,? +{_WORD}){{1,3}}$"
_PEOPLE = ("user", "email", "text", "category")
"""Types of columns whose texts name people."""


def added(names: pl.DataFrame, nobody: pl.Series) -> pl.DataFrame:
    """Return `names` (name, replacement, column, kind) and behind them their parts that are no names themselves.

    Names of `nobody` have no parts.
    Two columns more: `derived` is true for a part, `common` for a name that counts only in places.
    """
    people = names.filter(pl.col("kind").is_in(_PEOPLE) & ~pl.col("name").is_in(nobody.to_list()))
    parts = pl.concat([_accounts(people), _words(people)])
    merged = parts.group_by("name").agg(
        pl.when(pl.col("replacement").n_unique() == 1)
        .then(pl.col("replacement").min())
        .otherwise(pl.format("<{}>", pl.col("kind").min()))
        .first()
        .alias("replacement"),
        pl.col("column").min(),
        pl.col("kind").min(),
        (pl.col("full").sum() > MANY).alias("common"),
    )
    merged = merged.join(names.select("name"), on="name", how="anti").with_columns(derived=pl.lit(value=True))
    whole = names.with_columns(common=pl.lit(value=False), derived=pl.lit(value=False))
    both = pl.concat([whole, merged.select(whole.columns)])
    listed = pl.col("derived") & pl.col("name").is_in(list(COMMON)) | pl.col("common")
    return both.with_columns(common=listed & (pl.col("name").str.len_bytes() <= LONGEST))


def _accounts(people: pl.DataFrame) -> pl.DataFrame:
    local = pl.col("name").str.extract(r"^([^@\s]+)@[^@\s]+$")
    forms = (local, local.str.extract(r"^([^+]+)\+"), pl.col("name").str.extract(r"^[^\\\s]+\\{1,2}([^\\\s]+)$"))
    found = [people.with_columns(name=form, full=pl.lit(value=False)).drop_nulls("name") for form in forms]
    return pl.concat(found)


def _words(people: pl.DataFrame) -> pl.DataFrame:
    full = people.filter(pl.col("name").str.contains(_FULL))
    split = full.with_columns(name=pl.col("name").str.split(" ").list.unique(), full=pl.lit(value=True)).explode("name")
    return split.with_columns(pl.col("name").str.strip_chars(",.'-")).filter(pl.col("name").str.len_chars() > 1)
