"""Who the user is: an age or SSH key in a file of their own, or one clear line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import identity
from custody.governance.recipients import canonical
from governance.people import Person


def use(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setenv("CUSTODY_IDENTITY", str(path))


def test_a_made_identity_is_its_owners_alone_and_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Person(tmp_path / "deep", "ada")
    assert ada.file.stat().st_mode & 0o777 == 0o600
    use(monkeypatch, ada.file)
    assert [one.recipient for one in identity.mine()] == [ada.key]
    before = ada.file.read_bytes()
    with pytest.raises(CustodyError, match="never replaced"):
        identity.create(ada.file)
    assert ada.file.read_bytes() == before


def test_an_ssh_key_is_an_identity_and_its_comment_plays_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = Person(tmp_path, "bob", kind="ed25519")
    use(monkeypatch, bob.file)
    assert [one.recipient for one in identity.mine()] == [canonical(bob.key, "key")]
    assert "bob@example.com" in bob.key


def test_a_file_of_age_may_hold_several_keys_and_comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = Person(tmp_path, "one"), Person(tmp_path, "two")
    both = tmp_path / "both"
    both.touch(0o600)
    both.write_bytes(one.file.read_bytes() + b"\r\n\n# another\n" + two.file.read_bytes())
    use(monkeypatch, both)
    assert [found.recipient for found in identity.mine()] == [one.key, two.key]


def test_unnamed_it_is_in_the_configuration_folder_or_else_the_ssh_key(tmp_path: Path) -> None:
    with pytest.raises(CustodyError, match=r"identity: there is none; make one \(custody keys identity\)"):
        identity.mine()
    bob = Person(tmp_path, "bob", kind="ed25519")
    (Path.home() / ".ssh").mkdir()
    shutil.copy(bob.file, Path.home() / ".ssh" / "id_ed25519")
    assert [one.recipient for one in identity.mine()] == [canonical(bob.key, "key")]
    made = identity.create(identity.default_path())
    assert identity.default_path() == Path.home() / ".config" / "custody" / "identity.txt"
    assert [one.recipient for one in identity.mine()] == [made.recipient]


def test_one_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in (Person(tmp_path, "ada"), Person(tmp_path, "bob", kind="ed25519")):
        use(monkeypatch, person.file)
        person.file.chmod(0o640)
        with pytest.raises(CustodyError, match="chmod 600 on the identity file"):
            identity.mine()


@pytest.mark.parametrize("text", [b"", b"# only a comment\n", b"\xff\xfe", b"x" * 2**21])
def test_what_is_no_identity_is_refused_and_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(text)
    use(monkeypatch, path)
    with pytest.raises(CustodyError, match=r"^identity: (is no private key|is larger)") as stopped:
        identity.mine()
    assert stopped.value.status == 3


def test_a_damaged_key_is_not_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Person(tmp_path, "ada")
    secret = ada.file.read_text().splitlines()[1]
    ada.file.write_text(f"{secret[:-1]}\n")
    use(monkeypatch, ada.file)
    with pytest.raises(CustodyError, match="is no private key of age or of SSH") as stopped:
        identity.mine()
    assert secret[20:40] not in str(stopped.value)


def test_an_ssh_key_of_another_type_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Person(tmp_path, "rsa", kind="rsa").file)
    with pytest.raises(CustodyError, match="another type than ssh-ed25519"):
        identity.mine()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here to put a passphrase on a key")
def test_keys_of_openssh_are_read_and_one_under_a_passphrase_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    use(monkeypatch, file)
    public = file.with_suffix(".pub").read_text()
    assert [one.recipient for one in identity.mine()] == [canonical(public, "key")]
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", "a passphrase", "-f", str(file)], check=True)
    with pytest.raises(CustodyError, match="protected by a passphrase"):
        identity.mine()


def test_a_named_file_that_is_not_there_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    identity.create(identity.default_path())
    use(monkeypatch, tmp_path / "none")
    with pytest.raises(CustodyError, match="identity: cannot be read"):
        identity.mine()
