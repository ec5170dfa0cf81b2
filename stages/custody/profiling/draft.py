"""Draft the entry of a source for params.yaml: what can be guessed is guessed, what people decide is left to them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from custody.policy.scalar import scalar
from custody.profiling.guess import Guess, guess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from custody.policy import Policy

UNKNOWN = "unknown"
WORDS: dict[str, tuple[str, ...]] = {
    "timestamp": ("timestamp", "time", "ts", "datetime", "date", "eventtime", "createdat", "utc"),
    "user": ("user", "username", "login", "account", "accountname", "userid", "actor", "actorname"),
    "email": ("email", "mail", "emailaddress", "actoremail", "useremail"),
    "host": ("host", "hostname", "computer", "machine", "server", "device"),
    "ip": ("srcip", "sourceip", "clientip", "ip", "ipaddress", "remoteaddr", "rhost", "idorigh", "client", "src"),
    "mac": ("mac", "macaddress", "srcmac", "hwaddr"),
    "url": ("url", "uri", "request", "requesturl"),
    "text": ("message", "msg", "text", "log", "raw", "description", "body"),
    "category": (),
    "number": (),
    "integer": (),
    "boolean": (),
}
"""Names under which sources write a column of each type, letters and digits only."""
LABELS = ("label", "verdict", "class", "ismalicious", "malicious", "target", "attack")


def draft(file: Path, source: str, path: str, sha256: str, policy: Policy) -> str:
    """Return YAML to stand under `sources`; it passes `custody policy check` once a column is named."""
    found = guess(file)
    columns = matched(found.fields, policy.fields)
    lines = [
        *(f"  # look at this: {note}" for note in found.notes),
        "  # the id and the path are seen by all (dvc.lock, receipts, messages): neither may name a person",
        f"  {source}:",
        f"    path: {path}",
        "    format:",
        *_format(found.format),
        *_columns(found, columns),
        "    provenance:",
        *(f"      {key}: {UNKNOWN}" for key in ("owner", "license", "basis")),
        f"      review_by: '{policy.dataset.as_of}'",
        "    purposes:",
        f"    - {UNKNOWN}",
        f"    sha256: {_scalar(sha256)}",
    ]
    if policy.quality.conflicts == "prefer_source":
        lines.append(f"  # and name {source} in quality.precedence, at the place that its trust deserves")
    return "\n".join(lines)


def matched(fields: Iterable[str], schema: Mapping[str, str]) -> dict[str, str]:
    """Map columns of the schema to the fields that look like them (ours: theirs); each field serves once.

    A field with the column's own name comes first, then the words that sources use for its type.
    """
    free = {_plain(name): name for name in reversed(list(fields))}
    columns: dict[str, str] = {}
    wanted = [(ours, (_plain(ours),)) for ours in schema] + [(ours, _words(ours, schema[ours])) for ours in schema]
    for ours, words in wanted:
        found = next((word for word in words if word in free), None)
        if found is not None and ours not in columns:
            columns[ours] = free.pop(found)
    return {ours: columns[ours] for ours in schema if ours in columns}


def _words(ours: str, kind: str) -> tuple[str, ...]:
    return WORDS[kind] + (LABELS if ours == "label" else ())


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _format(format_: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, value in format_.items():
        if isinstance(value, list):
            lines += [f"      {key}:", *(f"      - {_scalar(one)}" for one in value)]
        else:
            lines.append(f"      {key}: {_scalar(value)}")
    return lines


def _columns(found: Guess, columns: Mapping[str, str]) -> list[str]:
    others = len(found.fields) - len(columns)
    head = f"    columns:  # ours: theirs; {others} other fields would be dropped"
    if not columns:
        return [f"    columns: {{}}  # ours: theirs; name at least one of {others} fields"]
    return [head, *(f"      {ours}: {_scalar(theirs)}" for ours, theirs in columns.items())]


def _scalar(value: object) -> str:
    return scalar(value) if isinstance(value, str) else json.dumps(value)
