"""dvc.lock as plain values, without importing DVC."""

from __future__ import annotations

import re
from typing import Any, Final

LOCK: Final = "dvc.lock"
LIMIT: Final = 64 * 2**20
_STAGE: Final = re.compile(rb"\n(?:    .*\n)*")
_OUTS: Final = re.compile(rb"\n    outs:\n((?:    [- ] .*\n)+)")  # a tenth of the time that ^ takes
_MD5: Final = rb"^    - path: %b\n(?:      .*\n)*?      md5: ([0-9a-f]{32}(?:\.dir)?)\n"


def parse(text: bytes) -> dict[str, Any] | None:
    """Return the stages of a lock file by name, or None when it cannot be read as one."""
    if len(text) > LIMIT:
        return None
    from custody.repository import core_yaml  # noqa: PLC0415  # late: most that ask for an output do without

    value = core_yaml.load(text)
    stages = value.get("stages") if isinstance(value, dict) else None
    return stages if isinstance(stages, dict) else None


def output(text: bytes, stage: str, path: str) -> str | None:
    """Return the md5 that a lock file records for an output of a stage, None where it records none.

    The file is read as YAML only where it is not laid out as DVC writes it.
    """
    outs = _OUTS.findall(_block(text, b"\n  %b:\n" % stage.encode()))
    found = re.findall(_MD5 % re.escape(path.encode()), b"".join(outs), re.MULTILINE)
    if len(outs) == len(found) == 1:
        return str(found[0], "ascii")
    listed = ((parse(text) or {}).get(stage) or {}).get("outs")
    md5s = [one.get("md5") for one in listed or [] if isinstance(one, dict) and one.get("path") == path]
    return md5s[0] if len(md5s) == 1 and isinstance(md5s[0], str) else None


def _block(text: bytes, head: bytes) -> bytes:
    """Return the lines below the one `head`, after a line end; nothing where there is none or several."""
    place = text.find(head)
    if place < 0 or text.rfind(head) != place:
        return b""
    found = _STAGE.match(text, place + len(head) - 1)
    return found[0] if found else b""
