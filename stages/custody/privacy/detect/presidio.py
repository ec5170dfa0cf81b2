"""Microsoft's Presidio as one more detector, with its engine that does no language processing: no model, no network.

It brings what its patterns and checksums find: e-mail, IP and MAC addresses, cards, IBANs, telephone and some national
numbers. URLs and dates are left out: they are what a model learns from. Needs the extra `custody[presidio]`.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from custody.errors import CustodyError
from custody.privacy.text.haystack import Found, Haystack

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

PACKAGE = "presidio_analyzer"
KINDS = {
    "EMAIL_ADDRESS": "email",
    "IP_ADDRESS": "ip",
    "MAC_ADDRESS": "mac",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "PHONE_NUMBER": "personal",
    "US_SSN": "personal",
    "UK_NHS": "personal",
    "CRYPTO": "personal",
}
"""Presidio's entities that are looked for, and what redaction writes for each."""
LEAST = 0.4
"""Score below which a finding is a guess: a bank's number of the right length, without any word that tells."""
_ENTITIES = tuple(KINDS)


def require(columns: Iterable[tuple[str, Any]]) -> None:
    """Raise `CustodyError` where a column asks for Presidio and it is not installed."""
    for name, column in columns:
        if "presidio" in getattr(column, "detectors", ()) and find_spec(PACKAGE) is None:
            raise CustodyError(
                f"params.yaml: privacy.columns.{name}.detectors names presidio, which is not installed; "
                "install custody[presidio] or take it out"
            )


def find(texts: pa.Array) -> Found:
    """What Presidio finds (identifier: the place in `KINDS`), overlapping findings too, text by text."""
    hay, analyzer = Haystack(texts), _analyzer()
    places = []
    for row, text in enumerate(texts.to_pylist()):
        for one in analyzer.analyze(text, "en", entities=list(_ENTITIES), score_threshold=LEAST):
            start = int(hay.offsets[row]) + len(text[: one.start].encode())
            length = len(text[one.start : one.end].encode())
            places.append((row, start, start + length, _ENTITIES.index(one.entity_type)))
    return Found(*np.array(sorted(places), dtype=np.int64).reshape(-1, 4).T)


@cache
def _analyzer() -> Any:
    import tldextract  # noqa: PLC0415  # an extra, and slow to import
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import NoOpNlpEngine  # noqa: PLC0415

    # The list of suffixes that the package ships: by default it is fetched from the network and kept in the home folder.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": ""}])
    engine.load()
    return AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
