"""What a source cannot mean: keys of it that contradict each other, and values that have a grammar of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from custody.policy.model import Mistakes
from custody.policy.sources import Csv, Lines
from custody.policy.times import wrong_form, wrong_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custody.policy.sources import Source

SHIPPED = ("sshd", "syslog", "combined")
"""Line patterns that have a name."""

_WILD = re.compile(r"[*?\[]")


def readable(sources: dict[str, Source]) -> dict[str, Source]:
    """Return the sources; `Mistakes` where one could not be read as it is described."""
    found = [line for name, source in sources.items() for line in _source(f"sources.{name}", source)]
    found += _same_paths(sources)
    if found:
        raise Mistakes(found)
    return sources


def _same_paths(sources: dict[str, Source]) -> Iterator[str]:
    first: dict[str, str] = {}
    for name, source in sources.items():
        if first.setdefault(source.path, name) != name:
            yield (
                f"sources.{name}.path: is the path of source {first[source.path]} as well, so each of its records "
                "would be read twice; keep one of them"
            )


def _source(where: str, source: Source) -> Iterator[str]:
    if source.sha256 is not None and _WILD.search(source.path):
        yield f"{where}.sha256: pins one file, and path is a pattern (* ? [); name the file, or drop the digest"
    form, where = source.format, f"{where}.format"
    for key, wrong in (("tz", wrong_zone(form.tz)), ("time", wrong_form(form.time))):
        if wrong:
            yield f"{where}.{key}: {wrong}"
    if isinstance(form, Lines) and form.pattern not in SHIPPED and not _takes_apart(form.pattern):
        yield (
            f"{where}.pattern: is no shipped pattern ({', '.join(SHIPPED)}), and no RE2 pattern whose groups all have "
            "names of their own: (?P<name>...), or (?:...) for one that gives no field"
        )
    if isinstance(form, Csv):
        yield from _names(where, form)
        yield from _signs(where, form)


def _takes_apart(pattern: str) -> bool:
    import pyarrow as pa  # noqa: PLC0415  # late: most policies hold no pattern
    import pyarrow.compute as pc  # noqa: PLC0415

    try:
        names = pc.extract_regex(pa.array([], pa.string()), pattern).type.names
    except pa.ArrowInvalid:
        return False
    return 0 < len(names) == len(set(names))


def _names(where: str, form: Csv) -> Iterator[str]:
    if form.header and form.names:
        yield f"{where}.names: the file has a header, which names its columns; drop names, or set header: false"
    if not form.header and not form.names:
        yield f"{where}.header: a file without a header needs names: list what its columns are called"
    seen: set[str] = set()
    for i, name in enumerate(form.names):
        if name in seen:
            yield f"{where}.names.{i}: stands in names already; each column needs a name of its own"
        seen.add(name)


def _signs(where: str, form: Csv) -> Iterator[str]:
    seen: dict[str, str] = {}
    for key in ("delimiter", "quote", "escape"):
        sign: str = getattr(form, key)
        if sign in seen:
            written = key if key in form.model_fields_set else seen[sign]
            yield f"{where}.{written}: {seen[sign]} and {key} are the same sign; fields could not be told apart"
        elif sign and sign in "\n\r\0":
            yield f"{where}.{key}: is a line end or NUL, which ends a record or makes it unreadable; use another sign"
        elif key != "delimiter" and not sign.isascii():
            yield f"{where}.{key}: must be an ASCII sign"
        if sign:
            seen.setdefault(sign, key)
