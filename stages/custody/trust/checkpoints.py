"""Do the audit logs go on from every checkpoint that a believed attestation took of them?

A log that is whole says nothing of what was cut off its end, nor whether it was written anew. An attestation holds
where each log stood when it was signed: so whoever edits, removes, reorders, cuts or forks entries that a checkpoint
covers needs the signer's key as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from custody.governance.audit import chain
from custody.governance.audit.copies import FOLDER, SUFFIX
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from custody.governance.audit.chain import Chain
    from custody.trust.known import Logs, Seen

_NAME: Final = re.compile(r"([0-9a-f]{32})" + re.escape(SUFFIX))


@dataclass(frozen=True)
class Judged:
    """Logs that are whole, by writer; and what speaks against the others."""

    chains: dict[str, Chain] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()

    @property
    def notes(self) -> Iterator[str]:
        """What is odd, and no reason against a log."""
        for writer, one in sorted(self.chains.items()):
            if one.set_back:
                told = ", ".join(f"{number:,}" for number in one.set_back[:5])
                yield f"audit log {writer[:12]}: a clock was set back before entry {told}"


def judge(logs: Logs) -> Judged:
    """Judge every file by itself, against its name, its repository, and what other revisions hold of it."""
    chains: dict[str, Chain] = {}
    reasons: list[Reason] = []
    strange = [name for name in logs.files if not _NAME.fullmatch(name)]
    if strange:
        reasons.append(reason(f"{len(strange)} {'file does' if len(strange) == 1 else 'files do'} not belong"))
    for name in sorted(logs.files.keys() - {*strange}):
        try:
            found = chain.judge(logs.files[name])
        except chain.BrokenError as error:
            reasons.append(reason(f"{name}: {error}"))
            continue
        faults = list(_faults(found, name, logs.repository))
        reasons += faults
        if not faults:
            chains[found.writer] = found
    return Judged(chains, (*reasons, *_rewritten(logs)))


def differences(chains: Mapping[str, Chain], seen: Iterator[Seen] | tuple[Seen, ...]) -> Iterator[Reason]:
    """Yield each checkpoint that a log does not go on from."""
    for one in seen:
        found, where = chains.get(one.head.writer), f"{one.head.writer[:12]}… at entry {one.head.entries:,}"
        if found is None:
            yield reason(f"{one.signer} saw the log {where}, and no whole log of this writer is here")
        elif one.head.entries > len(found.digests):
            yield reason(f"{one.signer} saw the log {where}, and it ends before: its tail was cut off")
        elif not found.goes_on_from(one.head):
            yield reason(f"{one.signer} saw the log {where}, and it was another: edited or written anew")


def _faults(found: Chain, name: str, repository: str | None) -> Iterator[Reason]:
    if found.writer + SUFFIX != name:
        yield reason(f"{name}: is the log of another writer")
    if not found.published:
        yield reason(f"{name}: does not end where it was published: its tail was cut off")
    if repository is not None and found.repositories - {repository}:
        yield reason(f"{name}: is the log of another repository")


def _rewritten(logs: Logs) -> Iterator[Reason]:
    for held in logs.before:
        for name in sorted(held):
            if name not in logs.files:
                yield reason(f"{name}: is missing, and was there before")
            elif not logs.files[name].startswith(held[name]):
                yield reason(f"{name}: does not go on from what was committed: edited, cut or written anew")


def reason(what: str) -> Reason:
    """Return a reason that speaks against a log."""
    return Reason("audit", f"{FOLDER}: {what}")
