"""Entries as events of the Open Cybersecurity Schema Framework, for the systems that security teams watch.

OCSF 1.3 (schema.ocsf.io): reading data is Datastore Activity (6005), changing a release, a policy, a key or the log
itself is Entity Management (3004), the run of a stage is API Activity (6003). An actor stays a pseudonym.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from custody.governance.audit.entry import TIME

VERSION: Final = "1.3.0"
_READ: Final = (6005, 1, "Read")
_QUERY: Final = (6005, 4, "Query")
_DECRYPT: Final = (6005, 10, "Decrypt")
_CREATE: Final = (3004, 1, "Create")
_UPDATE: Final = (3004, 3, "Update")
_DELETE: Final = (3004, 4, "Delete")
KINDS: Final = {
    "load": _READ,
    "fetch": _READ,
    "reproduce": _READ,
    "unseal": _DECRYPT,
    "reidentify": _DECRYPT,
    "review": _QUERY,
    "report": _QUERY,
    "frontier": _QUERY,
    "statistics": _QUERY,
    "anchor": _QUERY,
    "decision": _CREATE,
    "sign": _UPDATE,
    "retract": _UPDATE,
    "approve": _UPDATE,
    "keys": _UPDATE,
    "publish": _UPDATE,
    "heal": _UPDATE,
    "erase": _DELETE,
    "erasure": _DELETE,
    "stage": (6003, 99, "Run"),
}
"""Class, activity and its name by action."""
_ENTITY: Final = {
    "decision": "release",
    "sign": "release",
    "retract": "release",
    "approve": "policy",
    "keys": "key",
    "publish": "audit log",
    "heal": "audit log",
    "erase": "actor",
    "erasure": "person",
}
_CLASS: Final = {3004: "Entity Management", 6003: "API Activity", 6005: "Datastore Activity"}
_STATUS: Final = {"done": 1, "refused": 2, "failed": 2, "granted": 99}


def event(entry: dict[str, Any], digest: str, version: str) -> dict[str, Any]:
    """Return the event of an entry; `digest` is that of its line, `version` Custody's."""
    kind, activity, name = KINDS[entry["action"]]
    at = dt.datetime.strptime(entry["at"], TIME).replace(tzinfo=dt.UTC)
    return {
        "activity_id": activity,
        "activity_name": name,
        "actor": {"user": {"uid": entry["actor"]}},
        "category_uid": kind // 1000,
        "class_name": _CLASS[kind],
        "class_uid": kind,
        "message": f"{entry['action']}: {entry['outcome']}",
        "metadata": {
            "product": {"name": "Custody", "vendor_name": "Custody", "version": version},
            "sequence": entry["number"],
            "uid": digest,
            "version": VERSION,
        },
        "severity": "Informational",
        "severity_id": 1,
        "src_endpoint": {"uid": entry["writer"]},
        "status": entry["outcome"],
        "status_id": _STATUS[entry["outcome"]],
        "time": int(at.timestamp() * 1000),
        "type_uid": kind * 100 + activity,
        "unmapped": {"about": entry["about"], "reason": entry["reason"], "release": entry["release"]},
        **_of(kind, entry),
    }


def _of(kind: int, entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a class asks for besides."""
    named = {"uid": entry["release"]} if entry["release"] else {}
    if kind == 6005:  # noqa: PLR2004  # Datastore Activity
        return {"databucket": {"name": "data", **named}, "type": "Databucket", "type_id": 2}
    if kind == 3004:  # noqa: PLR2004  # Entity Management
        why = {"comment": entry["reason"]} if entry["reason"] else {}
        return {"entity": {"name": _ENTITY[entry["action"]], "type": _ENTITY[entry["action"]], **named}, **why}
    return {"api": {"operation": str(entry["about"].get("stage")), "service": {"name": "Custody"}}}
