"""Kills a command that changes keys at every write, and runs it again: `python key_kill_points.py BASE WORD …`.

BASE holds a project, ada's identity, a keyring and a state folder. The command is counted once: which operations that
last (write, sync, rename, link, remove, make a folder) it does. Then, for each of them, in a fresh copy of BASE, a
process of its own runs it and dies by SIGKILL right before that operation, of a write after half of its bytes; then the
command runs again, undisturbed. Prints a JSON list of what was found: the operation, whether it died, what was wrong
after the kill, status and messages of the second run, what was wrong after it.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from custody import cli, engine
from custody.errors import CustodyError
from custody.governance import identity, keyring, keys, wrapped
from custody.governance.compartments import COMPARTMENTS, Wanted
from custody.policy import load
from custody.records.zone import Zone
from custody.sources.discover import discover
from custody.sources.opening import identify, look, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from pipeline.dying import watch  # found by the line above

OPERATIONS = ("write", "fsync", "ftruncate", "rename", "replace", "link", "mkdir", "unlink", "rmdir")


def main() -> None:
    """Try every operation."""
    base, words = pathlib.Path(sys.argv[1]), sys.argv[2:]
    work, counted = base.with_name("work"), base.with_name("counted")
    fresh(base, work)
    before = secrets_at_hand()
    forked(partial(run, words, None, counted), work)
    operations = json.loads(counted.read_text())
    found = []
    for point, name in enumerate(operations):
        fresh(base, work)
        died = forked(partial(run, words, point, None), work) == -signal.SIGKILL
        after_kill = wrong(before)
        status = forked(partial(run, words, None, None), work)
        said = (work / "said").read_text()
        left = [str(path) for path in work.rglob("*") if path.name.endswith(".new") or path.name.startswith("pending-")]
        found.append([name, died, after_kill, status, said, [*wrong(before), *sources_that_do_not_open(), *left]])
    print(json.dumps(found))  # noqa: T201  # the answer


def fresh(base: pathlib.Path, work: pathlib.Path) -> None:
    """Put a copy of `base` into the place of `work`, always the same, and go there."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(base, work, symlinks=True)
    os.chdir(work / "project")
    os.environ |= {
        "CUSTODY_IDENTITY": str(work / "ada.key"),
        "CUSTODY_KEYRING": str(work / "ring" / "keyring.json"),
        "XDG_STATE_HOME": str(work / "state"),
    }


def secrets_at_hand() -> set[bytes]:
    """Every secret that ada can open, of any epoch and zone."""
    ring = keyring.held()
    found = {*ring.zones.values(), *ring.reidentify.values()}
    if identity.identity_path() is not None:
        for zone in wrapped.zones():
            for one in COMPARTMENTS:
                found |= set(wrapped.earlier(Wanted(zone, one, "0" * 16)))
    return found


def wrong(before: set[bytes]) -> list[str]:
    """What must not be: a secret that is lost, that the policy names and nobody has, or that others could read."""
    found = []
    now = secrets_at_hand()
    found += ["a secret is lost"] * bool(before - now)
    policy = load(pathlib.Path("params.yaml"))
    if policy.keys.zone != "demo":
        try:
            keys.open_zone(policy.keys, [])
        except CustodyError as error:
            found.append(f"the policy names a secret that is not at hand: {error}")
    texts = [text for secret in now for text in (secret, secret.hex().encode())]
    for path in pathlib.Path("..").rglob("*"):
        if not path.is_file() or path.name == "ada.key":
            continue
        own = path.stat().st_mode & 0o077 == 0 and "ring" in path.parts
        held = path.read_bytes()
        if not own and any(text in held for text in texts):
            found.append(f"a secret stands in {path}")
    return found


def sources_that_do_not_open() -> Iterator[str]:
    """Sealed sources that the policy's own secret does not open."""
    policy, here = load(pathlib.Path("params.yaml")), pathlib.Path()
    if not pathlib.Path("data/sources/door.sealed").exists():
        return
    zone = Zone(policy.keys.zone, keys.open_zone(policy.keys, []).secret)
    run_ = engine.choose()
    stored = [one for one in look(discover(policy.sources, here), policy.sources, here, run_) if one.sealed]
    try:
        for file in identify(stored, policy.sources, zone, run_):
            with opened(file, zone) as plain:
                if not plain.read().startswith(b"time,user"):
                    yield "a source holds something else"
    except CustodyError as error:
        yield f"a source does not open: {error}"


def forked(work: Callable[[], int], folder: pathlib.Path) -> int:
    """Run `work` in a process of its own, its messages in a file; return its status, below zero for a signal."""
    child = os.fork()
    if not child:
        handle = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            os._exit(work())
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(words: list[str], point: int | None, counted: pathlib.Path | None) -> int:
    """Run the command; before operation `point` the process dies."""
    done = watch(OPERATIONS, point)
    sys.argv = ["custody", *words]
    try:
        cli.main()
    except SystemExit as end:
        status = int(end.code or 0)
    sys.stderr.flush()
    if counted is not None:
        with counted.open("w") as file:
            json.dump(done, file)
    return status


if __name__ == "__main__":
    main()
