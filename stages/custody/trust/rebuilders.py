"""Which verdicts on rebuilds of a release count, and do enough independent people say that it was rebuilt?

A verdict counts where the verifier believes the key, as for a signature of a release, and its role may rebuild; one by
a compromised key never does. It must be of exactly this statement. Rebuilders are independent where they have keys and
owners of their own, none of whom signed the release itself.

A believed *changed* speaks against the release for good; a believed *failed* until the same signer says otherwise.
*Unverifiable* says nothing of the release, nor does a no that was come to with other libraries than the locked ones.
What does not count is a note once enough verdicts count.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custody.errors import RefusedError
from custody.release.stated import STAGES
from custody.trust import bundle, rebuilds
from custody.trust.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from custody.trust.rebuilds import Predicate, Rebuilt
    from custody.trust.signers import Signer, Trust


@dataclass(frozen=True)
class Judged:
    """Rebuilders that count, by name; what speaks against the release, and what does not count."""

    counted: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Believed:
    name: str
    signer: Signer
    predicate: Predicate


def judge(  # noqa: PLR0913, PLR0917  # what is judged, and by what
    bundles: Mapping[str, bytes], digest: str, trust: Trust, today: str, vouching: Collection[str], needed: int
) -> Judged:
    """Judge the verdicts in `bundles`, by file name, on the release whose statement has this SHA-256.

    `vouching` are the names of those who signed the release, `today` is the verifier's day, YYYY-MM-DD.
    """
    doubts: list[Reason] = []
    believed = [one for name in sorted(bundles) for one in _believed(name, bundles[name], digest, trust, today, doubts)]
    believed.sort(key=lambda one: (one.predicate.time, one.name))
    last = {one.name: one for one in believed}
    against = tuple(_against(believed, last))
    positive = [last[name] for name in sorted(last) if last[name].predicate.verdict.answer in rebuilds.POSITIVE]
    taken = {trust.signers[name].holder: "signed the release" for name in vouching if name in trust.signers}
    counted = []
    for one in positive:
        if done := taken.get(one.signer.holder):
            doubts.append(Reason("rebuilders", f"{one.name}: is not independent: the same owner {done}"))
        else:
            taken[one.signer.holder] = "has rebuilt it with another key"
            counted.append(one.name)
    if len(counted) < needed:
        short = Reason("rebuilders", f"{len(counted)} of {needed} independent rebuilders count")
        return Judged(tuple(counted), (*against, *doubts, short))
    return Judged(tuple(counted), against, tuple(f"verdict on a rebuild, not counted: {one.what}" for one in doubts))


def erased(  # noqa: PLR0913, PLR0917  # as judge
    bundles: Mapping[str, bytes], digest: str | None, revision: str, rebuilt: str, trust: Trust, today: str
) -> tuple[str, ...]:
    """Return who is believed to have seen a release differ from this rebuild by rows of erased people alone.

    `rebuilt` is the SHA-256 of the rebuild's statement, and `digest` that of the release's; where it is not known, the
    verdict must name the revision. Nobody is believed where a believed *changed* speaks against the release.
    """
    asked = {digest} if digest is not None else {one for text in bundles.values() for one in _named(text, revision)}
    found: set[str] = set()
    for statement in asked:
        believed = [
            one for name in sorted(bundles) for one in _believed(name, bundles[name], statement, trust, today, [])
        ]
        if any(one.predicate.verdict.answer == "changed" for one in believed):
            return ()
        found |= {one.name for one in believed if _saw(one.predicate.verdict, digest, revision, rebuilt)}
    return tuple(sorted(found))


def _saw(verdict: Rebuilt, digest: str | None, revision: str, rebuilt: str) -> bool:
    named = digest is not None or verdict.revision == revision
    return named and verdict.answer == "erased" and verdict.rebuilt == rebuilt


def _named(text: bytes, revision: str) -> Iterator[str]:
    """Yield the statement that a verdict on a revision names, whoever signed it."""
    with suppress(RefusedError):
        verdict = rebuilds.read(bundle.read(text, "").payload, "").verdict
        if verdict.revision == revision:
            yield verdict.statement


def _believed(  # noqa: PLR0913, PLR0917  # as judge
    name: str, text: bytes, digest: str, trust: Trust, today: str, doubts: list[Reason]
) -> Iterator[_Believed]:
    """Yield the verdict of a bundle where it is one on this release by a believed key; else say why not."""
    try:
        opened = bundle.read(text, name)
        predicate = rebuilds.read(opened.payload, name)
    except RefusedError as error:
        doubts.append(Reason("signature", str(error)))
        return
    if predicate.verdict.statement != digest:
        return
    listed = trust.by_key_id().get(opened.hint)
    if listed is None:
        doubts.append(Reason("signer", f"{name}: its key is not among the trusted ones"))
    elif not opened.is_by(listed[1].public_key()):
        doubts.append(Reason("signature", f"{name}: the signature is not over what it holds"))
    elif (listed[0], listed[1].role) != (predicate.signer, predicate.role):
        doubts.append(Reason("role", f"{name}: signed as another signer or role than its key is trusted for"))
    else:
        faults = list(_faults(*listed, predicate, trust, today))
        doubts += faults
        if not faults:
            yield _Believed(*listed, predicate)


def _faults(name: str, signer: Signer, predicate: Predicate, trust: Trust, today: str) -> Iterator[Reason]:
    if signer.role not in trust.rebuilding():
        yield Reason("role", f"{name}: has the role {signer.role}, whose verdict on a rebuild does not count")
    if not signer.from_ <= predicate.day <= signer.until:
        what = f"signed on {predicate.day}, and the key is good from {signer.from_} to {signer.until}"
        yield Reason("key_expired", f"{name}: {what}")
    if predicate.day > today:
        yield Reason("clock", f"{name}: signed on {predicate.day}, which is still to come; a clock is wrong")
    if signer.status == "compromised":
        yield Reason("key_compromised", f"{name}: the key is compromised")
    verdict = predicate.verdict
    if verdict.answer not in rebuilds.POSITIVE | rebuilds.NEGATIVE:
        yield Reason("rebuilders", f"{name}: could not rebuild it on {predicate.day}: unverifiable")
    elif verdict.answer in rebuilds.NEGATIVE and verdict.libraries == "current":
        what = f"{verdict.answer}, with other libraries than its own"
        yield Reason("rebuilders", f"{name}: rebuilt it on {predicate.day}: {what}")


def _against(believed: Iterable[_Believed], last: Mapping[str, _Believed]) -> Iterator[Reason]:
    """Yield each believed no: one that was changed, and one that failed and was not followed by another answer."""
    for one in believed:
        verdict = one.predicate.verdict
        if verdict.answer == "changed" or (verdict.answer == "failed" and last[one.name] is one):
            order = [*(stage for stage in STAGES if stage in verdict.stages), *sorted({*verdict.stages} - {*STAGES})]
            where = ", ".join(stage for stage in order if verdict.stages[stage] in rebuilds.NEGATIVE)
            yield Reason("rebuilt", f"{one.name} rebuilt it on {one.predicate.day}: {verdict.answer} in {where}")
