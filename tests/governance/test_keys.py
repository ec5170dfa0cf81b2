"""Who gets which key: the keyring's owner his own, everybody the demo's, and that only for the demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import demo, keys
from custody.governance.keyring import keyring_path
from custody.policy.keys import Keys


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deep" / "keyring.json"
    monkeypatch.setenv("CUSTODY_KEYRING", str(path))
    return path


def test_a_made_zone_opens_and_only_its_owner_can_read_the_file(keyring: Path) -> None:
    made = keys.create("soc")
    assert keys.open_zone(Keys(zone="soc", check=made.check), ["00" * 32]) == made
    assert keyring.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in keyring.parent.iterdir()] == ["keyring.json"]


def test_a_second_zone_keeps_the_first_and_a_zone_is_never_replaced(keyring: Path) -> None:
    first, second = keys.create("one"), keys.create("two")
    assert first.secret != second.secret
    assert keys.open_zone(Keys(zone="one", check=first.check), []) == first
    before = keyring.read_bytes()
    with pytest.raises(CustodyError, match="already has a zone one"):
        keys.create("one")
    assert keyring.read_bytes() == before


def test_a_keyring_that_others_can_read_is_refused(keyring: Path) -> None:
    made = keys.create("soc")
    keyring.chmod(0o640)
    with pytest.raises(CustodyError, match="chmod 600"):
        keys.open_zone(Keys(zone="soc", check=made.check), [])


def test_a_missing_keyring_zone_or_fingerprint_says_what_to_do(keyring: Path) -> None:
    with pytest.raises(CustodyError, match=r"the keyring has no zone soc.*custody keys init soc"):
        keys.open_zone(Keys(zone="soc", check="0" * 16), [])
    keys.create("other")
    with pytest.raises(CustodyError, match="the keyring has no zone soc"):
        keys.open_zone(Keys(zone="soc", check="0" * 16), [])
    with pytest.raises(CustodyError, match="holds another secret for zone other"):
        keys.open_zone(Keys(zone="other", check="0" * 16), [])
    assert keyring.exists()


@pytest.mark.parametrize("text", ["", "[]", '{"zones": {"soc": "zz"}}', '{"zones": []}', '{"zone": {}}', "\xff"])
def test_a_keyring_that_is_not_ours_is_refused_without_quoting_it(keyring: Path, text: str) -> None:
    keyring.parent.mkdir()
    keyring.write_bytes(text.encode("latin-1"))
    keyring.chmod(0o600)
    with pytest.raises(CustodyError, match="is not the JSON that custody keys init writes"):
        keys.open_zone(Keys(zone="soc", check="0" * 16), [])


@pytest.mark.parametrize("secret", ["00" * 32, "ab" * 16, "01" * 32, demo.ZONE.secret.hex()])
def test_a_weak_secret_is_refused_and_not_shown(keyring: Path, secret: str) -> None:
    keyring.parent.mkdir()
    keyring.write_text(json.dumps({"zones": {"soc": secret}}))
    keyring.chmod(0o600)
    with pytest.raises(CustodyError, match="is no random 32-byte key") as caught:
        keys.open_zone(Keys(zone="soc", check="0" * 16), [])
    assert secret not in str(caught.value)


def test_the_demo_key_opens_for_the_demo_files_alone() -> None:
    named = Keys(zone="demo", check=demo.ZONE.check)
    assert keys.open_zone(named, sorted(demo.SOURCES)) == demo.ZONE
    with pytest.raises(CustodyError, match="the demo key is public"):
        keys.open_zone(named, [*sorted(demo.SOURCES), "00" * 32])


def test_a_zone_is_asked_for_with_every_source_file_of_a_receipt(tmp_path: Path) -> None:
    named, receipt = Keys(zone="demo", check=demo.ZONE.check), tmp_path / "receipt.json"
    shipped = [{"sha256": digest} for digest in sorted(demo.SOURCES)]
    receipt.write_text(json.dumps({"sources": {"a": {"files": shipped}, "b": {"files": []}}}))
    assert keys.zone_of(named, receipt) == demo.ZONE
    receipt.write_text(json.dumps({"sources": {"a": {"files": shipped}, "b": {"files": [{"sha256": "0" * 64}]}}}))
    with pytest.raises(CustodyError, match="the demo key is public"):
        keys.zone_of(named, receipt)


@pytest.mark.parametrize("body", [{}, {"sources": []}, {"sources": {"a": {}}}, {"sources": {"a": {"files": [{}]}}}])
def test_a_receipt_that_names_no_files_is_refused(tmp_path: Path, body: dict[str, object]) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(body))
    with pytest.raises(CustodyError, match="is not the receipt that collect writes"):
        keys.zone_of(Keys(zone="demo", check=demo.ZONE.check), receipt)


def test_the_demo_key_under_another_name_opens_nothing_else() -> None:
    with pytest.raises(CustodyError, match="the demo key is public"):
        keys.open_zone(Keys(zone="prod", check=demo.ZONE.check), ["00" * 32])


def test_nobody_makes_a_zone_called_demo(keyring: Path) -> None:
    with pytest.raises(CustodyError, match="public demo zone"):
        keys.create("demo")
    assert not keyring.exists()


def test_without_a_name_the_keyring_is_in_the_configuration_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert keyring_path() == tmp_path / "custody" / "keyring.json"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert keyring_path() == Path.home() / ".config" / "custody" / "keyring.json"


def test_without_a_home_folder_the_keyring_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(CustodyError, match="set CUSTODY_KEYRING"):
        keyring_path()
