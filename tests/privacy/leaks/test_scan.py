"""What is planted in a written file is found, and what the technique wrote by chance is not taken for it."""

from __future__ import annotations

import datetime as dt
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.privacy.leaks import scan as leaks
from custody.privacy.leaks.coincidence import Written
from custody.privacy.leaks.readback import read_back
from custody.privacy.leaks.scan import FOOTER, METADATA, Leaks, scan
from custody.privacy.leaks.searching import Search, search_for
from custody.privacy.techniques import ip_prefix
from custody.privacy.techniques.registry import transform
from custody.privacy.text import identifiers
from custody.privacy.text import known as knowns
from custody.records import parquet
from privacy.folders import SCHEMA, at, privacy
from support import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING = pa.array([], pa.string())
ANNA, BOB, OLD = "anna.smith", "bob", "10.1.2.3"
PREFIX = privacy().columns["src_ip"]


def image(address: str) -> str:
    return str(ip_prefix.apply(pa.array([address]), PREFIX, "ip", ZONE)[0].as_py())  # type: ignore[arg-type]


NEW = image(OLD)
"""What ip_prefix makes of OLD; some tests let it be a raw address as well."""


def search(
    names: Mapping[str, list[Any]],
    columns: Mapping[str, Any] | None = None,
    schema: Mapping[str, str] = SCHEMA,
    not_personal: tuple[str, ...] = (),
) -> Search:
    """Return a search for identifiers by column."""
    kinds = {"timestamp": pa.timestamp("us", "UTC"), "integer": pa.int64(), "number": pa.float64()}
    listed = [
        identifiers.Identifiers(name, schema[name], pa.array(values, kinds.get(schema[name])), NOTHING)  # type: ignore[arg-type]
        for name, values in names.items()
    ]
    return search_for(knowns.build(listed, privacy(columns).columns, ZONE, not_personal))


PEOPLE = search({"user": [ANNA, BOB], "src_ip": sorted([OLD, NEW])})


def written(
    raw: Mapping[str, list[Any]], columns: Mapping[str, Any] | None = None, schema: Mapping[str, str] = SCHEMA
) -> Written:
    return Written(pa.table(dict(raw)), privacy(columns).columns, dict(schema), ZONE)  # type: ignore[arg-type]


def scanned(data: bytes, raw: Written, search_: Search = PEOPLE) -> Leaks:
    return joined([scan(read_back(data, "x"), raw, search_)], search_)


def joined(files: list[tuple[Leaks, leaks.Footer]], search_: Search = PEOPLE) -> Leaks:
    """Add up what was found in files, their footers' too."""
    footers = leaks.Footers(search_)
    for _, footer in files:
        footers.add(footer)
    return leaks.merge([*(one for one, _ in files), footers.leaks()])


def found(cells: Mapping[str, list[Any]], raw: Mapping[str, list[Any]] | None = None, **given_: Any) -> Leaks:
    """Scan a file that our writer made of these cells; raw values equal them where not given."""
    search_ = given_.pop("search_", PEOPLE)
    return scanned(parquet.encode(pa.table(dict(cells))), written(raw or cells, **given_), search_)


# --- every place of a file -------------------------------------------------------------------------------------------


def test_an_identifier_in_a_kept_column_is_counted_in_every_row() -> None:
    leaks_ = found({"area": ["x", f"by {ANNA}", None, f"by {ANNA}", f"{ANNA}, {ANNA.upper()}"]})
    assert (leaks_.residual, leaks_.by_column) == (4, {"area": 4})


def test_an_identifier_in_a_text_that_redaction_missed_is_residual() -> None:
    leaks_ = found({"message": [f"login of {ANNA}", "login of nobody"]})
    assert (leaks_.residual, leaks_.coincidences, leaks_.by_column) == (1, 0, {"message": 1})


def test_an_identifier_in_the_row_id_is_residual() -> None:
    assert found({"row_id": ["0" * 32, "deadbeef"]}, search_=search({"user": ["deadbeef"]})).by_column == {"row_id": 1}


def test_an_identifier_in_an_unused_dictionary_entry_is_residual() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), ["x", ANNA])
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"area": column}), sink, store_schema=False)
    assert scanned(sink.getvalue().to_pybytes(), written({"area": ["x", "x"]})).by_column == {"area": 1}


def planted(old: bytes, new: bytes, cells: Mapping[str, list[Any]]) -> bytes:
    """Write a file and replace bytes of its footer, and of nothing else."""
    assert len(old) == len(new)
    data = parquet.encode(pa.table(dict(cells)))
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    assert old in data[start:]
    return data[:start] + data[start:].replace(old, new)


def test_an_identifier_in_statistics_alone_is_residual() -> None:
    data = planted(b"mmmm.mmmmm", ANNA.encode(), {"area": ["mmmm.mmmmm", "nnn"]})
    assert ANNA.encode() in data
    assert scanned(data, written({"area": ["mmmm.mmmmm", "nnn"]})).by_column == {"area": 1}


def test_an_identifier_in_the_footer_alone_is_residual() -> None:
    data = planted(b"parquet-cpp-arrow ", f"by {ANNA}     ".encode(), {"area": ["x"]})
    assert scanned(data, written({"area": ["x"]})).by_column == {FOOTER: 1}


def test_a_footer_is_explained_by_its_own_file_alone_wherever_it_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = planted(b"parquet-cpp-arrow ", f"by {ANNA}     ".encode(), {"area": ["x"]})
    explained = parquet.encode(pa.table({"area": ["mmmm.mmmmm", ANNA]}))
    clean = parquet.encode(pa.table({"area": ["x"]}))
    files = [scan(read_back(data, "x"), written({"area": ["x"]}), PEOPLE) for data in (explained, alone, clean, alone)]
    assert joined(files).by_column == {"area": 1, FOOTER: 2}
    monkeypatch.setattr(leaks, "TOGETHER", 1)
    assert joined(files).by_column == {"area": 1, FOOTER: 2}


def test_short_footers_that_much_explains_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "TOGETHER", 100)
    footers, footer = leaks.Footers(PEOPLE), leaks.Footer("x", np.arange(13))
    footers.add(footer)
    waits = weakref.ref(footer)
    del footer
    assert waits() is None


@pytest.mark.parametrize("value", [f"made by {ANNA}", "YnkgYW5uYS5zbWl0aA=="])  # the second: base64
def test_an_identifier_in_metadata_is_residual(value: str) -> None:
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, pa.schema({"area": pa.string()}), store_schema=False) as writer:
        writer.add_key_value_metadata({"note": value})
        writer.write_table(pa.table({"area": ["x"]}))
    assert scanned(sink.getvalue().to_pybytes(), written({"area": ["x"]})).by_column.keys() == {METADATA}


def test_a_person_called_as_a_column_is_not_found_in_its_name() -> None:
    people = search({"user": ["area", "schema", "arrow"]})
    assert found({"area": ["x"]}, search_=people).residual == 0
    assert found({"area": ["in area"]}, search_=people).residual == 1


def test_statistics_do_not_count_cells_again() -> None:
    assert found({"area": [ANNA]}).residual == 1


# --- what counts -----------------------------------------------------------------------------------------------------


def test_short_names_count_only_in_an_identifier_place() -> None:
    place = {"user": {"role": "insensitive", "technique": "keep"}}
    assert found({"area": [f"with {BOB} inside", "x"]}).residual == 0
    assert found({"area": [BOB, "x"]}).residual == 1, "a short name alone, in a category"
    assert found({"user": [BOB, "x"]}, columns=place).by_column == {"user": 1}
    assert found({"message": [f"user={BOB} ok"]}).residual == 1


def test_a_status_is_no_person() -> None:
    people = search({"user": ["200", "404"]})
    assert found({"event": ["200", "200"], "message": ["got 404", "x"]}, search_=people).residual == 0


NUMBERS = {**SCHEMA, "account": "integer", "bytes": "integer", "score": "number"}
ACCOUNT = {
    "account": {"role": "direct", "technique": "generalize", "top": 4000000000.0},
    "bytes": {"role": "insensitive", "technique": "keep"},
    "score": {"role": "insensitive", "technique": "keep"},
}


def test_numbers_count_in_a_direct_column_and_long_ones_everywhere() -> None:
    people = search({"account": [7, 3123456789]}, ACCOUNT, NUMBERS)
    cells: dict[str, list[Any]] = {
        "account": [7, 8, 3123456789, None],
        "bytes": [7, 3123456789, 0, None],
        "score": [7.0, 3123456789.0, 3123456789.5, None],
    }
    leaks_ = found(cells, columns=ACCOUNT, schema=NUMBERS, search_=people)
    assert leaks_.by_column == {"account": 2, "bytes": 1, "score": 1}


def test_top_coded_numbers_that_equal_another_account_are_coincidences() -> None:
    people = search({"account": [4000000000]}, ACCOUNT, NUMBERS)
    leaks_ = found(
        {"account": [4000000000, 4000000000]},
        {"account": [4111111111, 4000000000]},
        columns=ACCOUNT,
        schema=NUMBERS,
        search_=people,
    )
    assert (leaks_.coincidences, leaks_.residual) == (1, 1)


def test_a_time_of_birth_is_found_in_any_column_of_times() -> None:
    schema = {**SCHEMA, "born": "timestamp"}
    columns = {
        "born": {"role": "direct", "technique": "round_time", "to": "1Y"},
        "ts": {"role": "quasi", "technique": "keep"},
    }
    born = dt.datetime(1980, 5, 17, 3, tzinfo=dt.UTC)
    people = search({"born": [born]}, columns, schema)
    raw = {"ts": [born, at(1)], "born": [born, born]}
    cells = {"ts": [born, at(1)], "born": [born.replace(month=1, day=1, hour=0)] * 2}
    assert found(cells, raw, columns=columns, schema=schema, search_=people).by_column == {"ts": 1}
    assert found({"ts": [born]}).residual == 0, "times are sought only where a direct column holds times"


def test_reviewed_words_are_allowed_and_every_use_is_counted() -> None:
    people = search({"user": [ANNA, "root", "backup"]}, not_personal=("root", "backup"))
    cells = {"message": ["by root", "by root", "root and backup", f"by {ANNA}"]}
    leaks_ = found(cells, search_=people)
    assert (leaks_.allowed, leaks_.residual) == (4, 1)


# --- coincidences, judged by position --------------------------------------------------------------------------------


def test_an_address_that_equals_another_raw_address_is_a_coincidence() -> None:
    leaks_ = found({"src_ip": [NEW, NEW, image(NEW)]}, {"src_ip": [OLD, OLD, NEW]})
    assert (leaks_.coincidences, leaks_.residual, leaks_.by_column) == (2, 0, {})


def test_the_same_address_in_a_row_that_did_not_make_it_is_residual() -> None:
    leaks_ = found({"src_ip": [NEW, NEW, NEW, NEW]}, {"src_ip": [OLD, "10.9.9.9", NEW, None]})
    assert (leaks_.coincidences, leaks_.residual) == (1, 3)


def test_the_same_address_in_a_kept_column_is_residual() -> None:
    assert found({"area": [NEW]}, {"area": [OLD]}).by_column == {"area": 1}


def test_redaction_that_writes_a_raw_address_is_a_coincidence() -> None:
    leaks_ = found({"message": [f"from {NEW} ok"]}, {"message": [f"from {OLD} ok"]})
    assert (leaks_.coincidences, leaks_.residual) == (1, 0)


def test_a_raw_address_that_stood_in_the_text_itself_is_residual() -> None:
    missed = f"from {NEW} ok"
    assert found({"message": [missed]}, {"message": [missed]}).residual == 1
    both = {"message": [f"{OLD} then {NEW}"]}
    assert found({"message": [f"{NEW} then {image(NEW)}"]}, both).residual == 1, "which of the two it is cannot be told"


def test_a_name_in_redacted_text_is_never_a_coincidence() -> None:
    text = f"user {ANNA}"
    leaks_ = found({"message": [text]}, {"message": ["user <user>"]})
    assert (leaks_.coincidences, leaks_.residual) == (0, 1)


PREFIXED = {"user": {"role": "direct", "technique": "generalize", "prefix": 4}}


def test_a_prefix_that_equals_another_name_is_a_coincidence_and_an_own_short_name_is_not() -> None:
    people = search({"user": ["anna", "annabel"]}, PREFIXED)
    leaks_ = found({"user": ["anna", "anna"]}, {"user": ["annabel", "anna"]}, columns=PREFIXED, search_=people)
    assert (leaks_.coincidences, leaks_.residual) == (1, 1)


def test_a_prefix_that_is_a_word_of_its_own_value_is_residual() -> None:
    columns = {"user": {"role": "direct", "technique": "generalize", "prefix": len(ANNA)}}
    people = search({"user": [ANNA, f"{ANNA}@corp.com"]}, columns)
    assert found({"user": [ANNA]}, {"user": [f"{ANNA}@corp.com"]}, columns=columns, search_=people).residual == 1


def test_a_network_is_not_its_first_address() -> None:
    cut = {"src_ip": {"role": "direct", "technique": "ip_truncate"}}
    people = search({"src_ip": ["192.0.2.0", "192.0.2.7"]}, cut)
    cells, raw = {"src_ip": ["192.0.2.0/24"] * 2}, {"src_ip": ["192.0.2.7", "192.0.2.0"]}
    leaks_ = found(cells, raw, columns=cut, search_=people)
    assert (leaks_.residual, leaks_.coincidences) == (0, 2)
    assert found(cells, {"src_ip": ["192.0.2.7", "198.51.100.1"]}, columns=cut, search_=people).residual == 1


def test_a_network_of_one_address_is_residual() -> None:
    whole = {"src_ip": {"role": "quasi", "technique": "ip_truncate", "v4": 32}}
    people = search({"src_ip": ["192.0.2.7"]})
    assert found({"src_ip": ["192.0.2.7/32"]}, {"src_ip": ["192.0.2.7"]}, columns=whole, search_=people).residual == 1


# --- laws ------------------------------------------------------------------------------------------------------------

CELLS = st.lists(
    st.one_of(
        st.none(),
        st.sampled_from([ANNA, f"by {ANNA}", f"{OLD} {ANNA}", "nothing", f"x{ANNA}", "root", f"{NEW}:22"]),
    ),
    max_size=12,
)


def by_hand(cells: list[str | None]) -> int:
    """Count tokens one by one; these texts have no other boundary than blanks and colons."""
    words = [word.split(":")[0] for cell in cells for word in (cell or "").split()]
    return sum(word in {ANNA, OLD, NEW} for word in words)


@settings(deadline=None)
@given(CELLS, st.integers(0, 12))
def test_chunks_add_up_to_the_whole_and_to_a_count_by_hand(cells: list[str | None], cut: int) -> None:
    def residual(part: list[str | None]) -> Leaks:
        return found({"area": pa.array(part, pa.string())})

    whole = residual(cells)
    assert whole.residual == by_hand(cells)
    assert leaks.merge([residual(cells[:cut]), residual(cells[cut:])]) == whole


@settings(deadline=None)
@given(st.lists(st.sampled_from([OLD, NEW, "192.0.2.7", None]), min_size=1, max_size=8))
def test_what_ip_prefix_writes_is_never_residual(raw: list[str | None]) -> None:
    values = pa.array(raw, pa.string())
    cells = transform(values, PREFIX, "ip", ZONE).values
    assert cells is not None
    leaks_ = found({"src_ip": cells}, {"src_ip": values})
    assert leaks_.residual == 0
    assert leaks_.coincidences == raw.count(OLD)
