"""Roles say which compartments somebody may open; keys are of two types, one per person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from custody.errors import CustodyError, RefusedError
from custody.policy import load
from custody.trust import signers
from governance.people import ROLES, Person, holders
from support import ROOT


def test_a_role_opens_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    people = [
        Person(tmp_path, name, role) for name, role in (("ada", "officer"), ("eve", "engineer"), ("gil", "guest"))
    ]
    found = holders(*people)
    assert [found.may(one.name) for one in people] == [("pipeline", "reidentify"), ("pipeline",), ()]
    assert found.may("nobody") == ()
    found.refuse_beyond("ada", ["pipeline", "reidentify"])
    with pytest.raises(RefusedError, match="eve: the role engineer may not open reidentify"):
        found.refuse_beyond("eve", ["pipeline", "reidentify"])
    with pytest.raises(RefusedError, match="may not open release"):
        found.refuse_beyond("ada", ["release"])
    with pytest.raises(CustodyError, match="nobody: is nobody in recipients"):
        found.refuse_beyond("nobody", ["pipeline"])


def read(**parts: Any) -> signers.Trust:
    return signers.read(json.dumps({"signers": {}, **parts}).encode(), "trust.yaml")


def test_the_file_of_trusted_keys_holds_roles_and_recipients(tmp_path: Path) -> None:
    ada, bob = Person(tmp_path, "ada", "officer"), Person(tmp_path, "bob", kind="ed25519")
    trust = read(roles=ROLES, recipients={"ada": ada.entry(), "bob": bob.entry()})
    assert trust.may("bob") == ("pipeline",)
    assert trust.key("bob") == " ".join(bob.key.split()[:2])
    assert trust.who([ada.key]) == "ada"
    assert trust.who(["age1somebody"]) is None
    assert read().recipients == {}


@pytest.mark.parametrize(
    "key",
    [
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ== eve",
        "ssh-ed25519 AAAA",
        "ssh-ed25519",
        "age1",
        "age1yubikey1qg8lxt4p3v4sydlafqp2e0",
        "AGE-SECRET-KEY-1QQQQ",
        "x25519:abc",
        "ecdsa-sha2-nistp256 AAAA",
    ],
)
def test_an_unknown_type_of_recipient_is_refused_and_not_quoted(key: str) -> None:
    with pytest.raises(CustodyError) as stopped:
        read(roles=ROLES, recipients={"eve": {"key": key, "role": "engineer"}})
    assert stopped.value.status == 3
    assert str(stopped.value) == (
        "trust.yaml: recipients.eve.key: is no public key of a known type; give one of age (age1…) or ssh-ed25519"
    )


def test_a_wrong_entry_stops(tmp_path: Path) -> None:
    ada = Person(tmp_path, "ada")
    for parts, says in (
        ({"roles": {"x": ["everything"]}}, r"roles\.x"),
        ({"roles": ROLES, "recipients": {"ada": ada.entry() | {"role": "king"}}}, r"recipients\.ada\.role"),
        ({"roles": ROLES, "recipients": {"ada": ada.entry() | {"note": "hi"}}}, r"recipients\.ada\.note"),
        ({"roles": ROLES, "recipients": {"Ada": ada.entry()}}, r"recipients\.Ada"),
        ({"roles": ROLES, "recipients": {"ada": ada.entry(), "bob": ada.entry()}}, "two share one key"),
        ({"rolls": {}}, "rolls"),
    ):
        with pytest.raises(CustodyError, match=says):
            read(**parts)


def test_roles_and_recipients_are_no_part_of_the_policy() -> None:
    written = load(ROOT / "params.yaml").model_dump(mode="json", by_alias=True)
    assert not {"roles", "recipients"} & written.keys()
    assert ".custody" not in (ROOT / "dvc.yaml").read_text()
