"""A policy that this version does not read, read by the code of its own revision, with the libraries of that revision.

That code runs in a clone of its own, without any of Custody's secrets in its environment, and opens no data: all it is
asked for is what the policy says, defaults written out, and its digest.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custody.errors import CustodyError
from custody.history.ending import ending_well
from custody.history.rebuild import checkout, environment
from custody.history.rebuild.place import fresh
from custody.history.rebuild.running import Programs
from custody.repository import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCRIPT: Final = """
import json, sys
sys.path.insert(0, sys.argv[1])
from custody.policy import load
policy = load()
print(json.dumps({"values": policy.model_dump(mode="json", by_alias=True), "digest": policy.digest()}))
"""
OURS: Final = "CUSTODY_"


@dataclass(frozen=True)
class Read:
    """What a policy says, defaults written out, and its digest."""

    values: Mapping[str, Any] = field(repr=False)
    digest: str


def read(root: Path, commit: str) -> Read:
    """Return the policy of a commit as its own code reads it; `CustodyError` says why it does not."""
    with ExitStack() as held:
        held.enter_context(ending_well())
        place = held.enter_context(fresh())
        [libraries] = git.contents(root, [f"{commit}:./{environment.LIBRARIES}"])
        same = libraries is not None and not environment.differences(libraries)
        folder = environment.current() if same else held.enter_context(environment.locked(place, libraries))
        programs = Programs(place, folder)
        project = checkout.clone(root, commit, place.root / "clone", programs)
        secrets = [word for name in sorted(os.environ) if name.startswith(OURS) for word in ("-u", name)]
        stages = str(project / "stages")
        done = programs.run("env", *secrets, str(folder / "python"), "-B", "-I", "-c", SCRIPT, stages, cwd=project)
    try:
        told = json.loads(done.out)
        return Read(dict(told["values"]), str(told["digest"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise CustodyError("its own code does not read it either") from None
