"""A wrapped secret opens for its recipient, in its own place, and for nobody else; a file that is not ours stops."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError
from custody.governance import sharing, wrapped, wrapping
from custody.governance.compartments import COMPARTMENTS, Compartment, Wanted
from custody.governance.sharing import Held
from custody.records.zone import Zone
from governance.people import Person, holders

KINDS = {"ada": "age", "bob": "ed25519"}


def held(compartment: Compartment, word: str = "1") -> Held:
    secret = hashlib.sha256(f"{compartment}/{word}".encode()).digest()
    return Held(compartment, Zone("", secret).check, secret)


@pytest.fixture
def ada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.chdir(tmp_path)
    return be(Person(tmp_path, "ada", "officer"), monkeypatch)


def be(person: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("CUSTODY_IDENTITY", str(person.file))
    return person


def give(person: Person, *secrets: Held, zone: str = "soc") -> None:
    wrapped.write(person.name, sharing.grant(zone, person.name, holders(person), secrets))


def wanted(one: Held, zone: str = "soc") -> Wanted:
    return Wanted(zone, one.compartment, one.check)


@pytest.mark.parametrize("kind", ["age", "ed25519"])
def test_both_types_of_recipient_open_what_is_wrapped_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    person = be(Person(tmp_path, "eve", kind=kind), monkeypatch)
    give(person, held("pipeline"))
    assert wrapped.ask(wanted(held("pipeline"))) == held("pipeline").secret
    text = Path(".custody/keys/soc/eve.json").read_text()
    assert held("pipeline").secret.hex() not in text
    assert json.dumps(json.loads(text), sort_keys=True, indent=2) + "\n" == text, "canonical, in a stable order"


def test_each_compartment_is_wrapped_on_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ada: Person) -> None:
    every = [held(one) for one in COMPARTMENTS]
    rita = Person(tmp_path, "rita", "releaser")
    give(ada, *every[:2])
    give(rita, every[2])
    be(rita, monkeypatch)
    assert wrapped.ask(Wanted("soc", "release")) == every[2].secret
    for one in every[:2]:
        with pytest.raises(CustodyError, match=f"opens nothing of zone soc, compartment {one.compartment}") as stopped:
            wrapped.ask(wanted(one))
        assert stopped.value.status == 3
    eve = Person(tmp_path, "eve", "engineer")
    give(eve, every[0])
    be(eve, monkeypatch)
    assert wrapped.ask(wanted(every[0])) == every[0].secret
    with pytest.raises(CustodyError, match="opens nothing of zone soc, compartment reidentify"):
        wrapped.ask(wanted(every[1]))


def test_a_zone_that_is_not_shared_needs_no_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert wrapped.ask(wanted(held("pipeline"))) is None


def test_a_secret_of_another_fingerprint_is_told(ada: Person) -> None:
    give(ada, held("pipeline"))
    with pytest.raises(CustodyError, match="has other secrets of zone soc, compartment pipeline than params"):
        wrapped.ask(wanted(held("pipeline", "2")))


def test_a_new_secret_goes_to_those_who_are_left_and_earlier_ones_stay(tmp_path: Path, ada: Person) -> None:
    bob = Person(tmp_path, "bob")
    for one in (ada, bob):
        give(one, held("pipeline"))
    files, epochs = sharing.renew("soc", [held("pipeline", "2")], holders(ada), wrapped.members("soc"))
    assert list(files) == ["ada"], "bob is no recipient any more"
    assert epochs == {"pipeline": 2}
    wrapped.write("ada", files["ada"])
    for word in "12":
        assert wrapped.ask(wanted(held("pipeline", word))) == held("pipeline", word).secret
    assert wrapped.ask(Wanted("soc", "pipeline")) == held("pipeline", "2").secret


def test_nobody_left_is_refused(tmp_path: Path, ada: Person) -> None:
    give(ada, held("pipeline"))
    guest = Person(tmp_path, "ada-as-guest", "guest")
    guest.name = "ada"
    with pytest.raises(CustodyError, match="nobody would be left"):
        sharing.renew("soc", [held("pipeline", "2")], holders(guest), wrapped.members("soc"))


def test_somebody_with_another_key_is_first_taken_out(tmp_path: Path, ada: Person) -> None:
    give(ada, held("pipeline"))
    (tmp_path / "new").mkdir()
    again = Person(tmp_path / "new", "ada", "officer")
    with pytest.raises(CustodyError, match="holds secrets under another key"):
        sharing.grant("soc", "ada", holders(again), [held("reidentify")])


def corrupt(change: Any) -> None:
    path = Path(".custody/keys/soc/ada.json")
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def first(value: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = value["secrets"]["pipeline"]["1"]
    return found


NOT_OURS = "is not the JSON that custody keys grant writes"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda value: value.update(version="custody/keys/v0"), NOT_OURS),
        (lambda value: value.update(note=1), NOT_OURS),
        (lambda value: value["secrets"].update(everything={}), NOT_OURS),
        (lambda value: first(value).update(wrapped="§"), NOT_OURS),
        (lambda value: first(value).update(check="x"), NOT_OURS),
        (lambda value: value.pop("recipient"), NOT_OURS),
        (lambda value: value.update(zone="other"), "holds secrets of another zone"),
        (lambda value: first(value).update(wrapped=first(value)["wrapped"][:-40]), "was altered or does not open"),
        (lambda value: first(value).update(wrapped="YWdl"), "was altered or does not open"),
        (lambda value: first(value).update(wrapped="YWd"), "was altered or does not open"),
    ],
)
def test_a_corrupt_file_is_refused_and_not_quoted(ada: Person, change: Any, says: str) -> None:
    give(ada, held("pipeline"))
    corrupt(change)
    with pytest.raises(CustodyError, match=says) as stopped:
        wrapped.ask(wanted(held("pipeline")))
    assert stopped.value.status == 3
    assert "\n" not in str(stopped.value)
    assert ada.key not in str(stopped.value)


@pytest.mark.parametrize("text", ["", "[]", "\xff", '{"zone": "soc", "zone": "soc"}', "{" * 10_000])
def test_what_is_no_json_or_names_a_key_twice_is_refused(ada: Person, text: str) -> None:
    give(ada, held("pipeline"))
    path = Path(".custody/keys/soc/ada.json")
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CustodyError, match=NOT_OURS):
        wrapped.ask(wanted(held("pipeline")))
    path.write_text(json.dumps({"a": 1})[:-1] + ', "secrets": {"pipeline": {}, "pipeline": {}}}')
    with pytest.raises(CustodyError, match=NOT_OURS):
        wrapped.ask(wanted(held("pipeline")))


def test_a_wrapped_secret_of_another_zone_compartment_or_epoch_opens_in_no_other_place(ada: Person) -> None:
    one = held("pipeline")
    for inside, epoch in ((wanted(one, "lab"), 1), (Wanted("soc", "reidentify"), 1), (wanted(one), 2)):
        give(ada, one)
        text = wrapping.wrap(one.secret, inside, epoch, ada.key)
        corrupt(lambda value, text=text: first(value).update(wrapped=text))
        with pytest.raises(CustodyError, match="is another one than that of zone soc, compartment pipeline, epoch 1"):
            wrapped.ask(wanted(one))
        Path(".custody/keys/soc/ada.json").unlink()


def test_a_weak_secret_is_refused_wrapped_too(ada: Person) -> None:
    give(ada, Held("pipeline", "0" * 16, bytes(32)))
    with pytest.raises(CustodyError, match="is no random 32-byte key"):
        wrapped.ask(Wanted("soc", "pipeline"))


def test_a_secret_for_somebody_else_under_ones_own_name_does_not_open(tmp_path: Path, ada: Person) -> None:
    give(ada, held("pipeline"))
    eve = Person(tmp_path, "eve")
    text = wrapping.wrap(held("pipeline").secret, wanted(held("pipeline")), 1, eve.key)
    corrupt(lambda value: first(value).update(wrapped=text))
    with pytest.raises(CustodyError, match="was altered or does not open for you"):
        wrapped.ask(wanted(held("pipeline")))
