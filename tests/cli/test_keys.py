import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dvc.utils.serialize import modify_yaml  # type: ignore[import-untyped]  # DVC ships no types
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from custody.governance import keys
from custody.governance.keyring import keyring_path
from custody.policy import load
from custody.policy.editing import Edit, edited

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (ROOT / "params.yaml").read_bytes()


def changed(before: bytes, after: bytes) -> list[bytes]:
    pairs = zip(before.splitlines(keepends=True), after.splitlines(keepends=True), strict=True)
    return [new for old, new in pairs if old != new]


def test_init_writes_two_lines_and_no_other_byte(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("keys", "init", "ops")
    assert ran.status == 0
    after = (project / "params.yaml").read_bytes()
    policy = load(project / "params.yaml")
    assert keys.open_zone(policy.keys, ["0" * 64]).check == policy.keys.check
    assert [line.split(b":")[0] for line in changed(SHIPPED, after)] == [b"  zone", b"  check"]


def test_init_says_where_the_keyring_is_and_shows_no_secret(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("keys", "init", "ops")
    ring = keyring_path()
    secret = json.loads(ring.read_text())["zones"]["ops"]
    assert str(ring) in ran.out
    assert "Back the keyring up" in ran.out
    assert secret not in ran.out + ran.err + (project / "params.yaml").read_text()
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600


@pytest.mark.parametrize("zone", ["Ops", "", "o.ps", "9ops", "ops/..", "x" * 64, "öps"])
def test_init_refuses_a_name_that_is_no_id(project: Path, custody: Callable[..., Any], zone: str) -> None:
    ran = custody("keys", "init", "--", zone)
    assert ran.status == 3
    assert "ZONE: must be" in ran.err
    assert not keyring_path().exists()
    assert (project / "params.yaml").read_bytes() == SHIPPED


def test_init_never_replaces_a_zone(project: Path, custody: Callable[..., Any]) -> None:
    assert custody("keys", "init", "ops").status == 0
    before, ring = (project / "params.yaml").read_bytes(), keyring_path().read_bytes()
    ran = custody("keys", "init", "ops")
    assert ran.status == 3
    assert "already has a zone ops" in ran.err
    assert ((project / "params.yaml").read_bytes(), keyring_path().read_bytes()) == (before, ring)


def test_init_refuses_the_demo_zone(project: Path, custody: Callable[..., Any]) -> None:
    assert "public demo zone" in custody("keys", "init", "demo").err
    assert (project / "params.yaml").read_bytes() == SHIPPED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"dataset:\n  name: x\n", "has no keys section"),
        (b"keys: {zone: demo, check: abc}\n", "must stand on a line of its own"),
        (b"keys:\n  zone: demo\n  check:\n    abc\n", "must stand on a line of its own"),
        (b"keys:\n  zone: demo\n  check: abc\n    def\n", "on a line of its own"),
    ],
)
def test_init_makes_no_secret_for_a_policy_that_it_cannot_edit(
    project: Path, custody: Callable[..., Any], text: bytes, says: str
) -> None:
    (project / "params.yaml").write_bytes(text)
    ran = custody("keys", "init", "ops")
    assert ran.status == 3
    assert says in ran.err
    assert not keyring_path().exists()
    assert (project / "params.yaml").read_bytes() == text


def test_init_keeps_a_link_and_the_permissions_of_the_policy(project: Path, custody: Callable[..., Any]) -> None:
    path, real = project / "params.yaml", project / "shared.yaml"
    path.rename(real)
    real.chmod(0o640)
    path.symlink_to(real)
    assert custody("keys", "init", "ops").status == 0
    assert path.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert load(path).keys.zone == "ops"


def test_init_goes_on_once_the_policy_can_be_written(project: Path, custody: Callable[..., Any]) -> None:
    (project / ".params.yaml.new").mkdir()  # where the new policy is prepared
    for words in (("init", "ops"), ("init", "ops"), ("rotate", "person")):
        ran = custody("keys", *words)
        assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "custody keys init ops was broken off" in ran.err
        assert "run it again: it goes on where it stopped" in ran.err
        assert (project / "params.yaml").read_bytes() == SHIPPED
    ring = keyring_path().read_bytes()
    (project / ".custody").mkdir()
    (project / ".custody/trust.yaml").write_text("roles: {}\n")
    assert "custody keys init ops: was broken off; run it again" in custody("keys", "show").out
    (project / ".params.yaml.new").rmdir()
    (project / "params.yaml").write_bytes(SHIPPED + b"# more\n")  # what else is written there meanwhile stays
    ran = custody("keys", "init", "ops")
    assert ran.status == 0
    assert ran.out.startswith("custody keys init ops: was broken off, and is finished now\nzone ops: made; params.yaml")
    assert keyring_path().read_bytes() == ring, "no second secret"
    policy = load(project / "params.yaml")
    assert keys.open_zone(policy.keys, []).name == "ops"
    assert (project / "params.yaml").read_bytes().endswith(b"# more\n")
    assert "broken off" not in custody("keys", "show").out


def test_dvc_leaves_what_init_wrote_as_it_is(tmp_path: Path) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.from_regex(r"[0-9a-f]{16}|[0-9]{16}|[0-9]{8}e[0-9]{7}", fullmatch=True))
    def law(check: str) -> None:
        assume(not check.startswith("0b"))  # the loader reads more of these as doubtful than YAML does
        path = tmp_path / "params.yaml"
        edits = [Edit(("keys", "check"), check), Edit(("privacy", "reidentify"), check, "What. approve: who. risk: x.")]
        path.write_bytes(edited(SHIPPED, "p", [*edits, Edit(("privacy", "epochs", "person"), 7)]))
        before = path.read_bytes()
        with modify_yaml(str(path)):
            pass
        assert path.read_bytes() == before

    law()


def test_a_reversible_secret_is_made_beside_a_zone_that_exists_and_is_never_replaced(
    project: Path, custody: Callable[..., Any]
) -> None:
    assert custody("keys", "init", "ops").status == 0
    zones = json.loads(keyring_path().read_text())["zones"]
    ran = custody("keys", "init", "ops", "--reversible")
    assert ran.status == 0
    assert "can take names back" in ran.out
    ring = json.loads(keyring_path().read_text())
    assert ring["zones"] == zones
    assert ring["reidentify"]["ops"] not in {zones["ops"], *(ran.out + ran.err).split()}
    privacy = load(project / "params.yaml").privacy
    assert keys.open_reversible("ops", privacy).check == privacy.reidentify
    again = custody("keys", "init", "ops", "--reversible")
    assert again.status == 3
    assert f"privacy.reidentify: '{privacy.reidentify}'" in again.err
    assert json.loads(keyring_path().read_text()) == ring


@pytest.mark.parametrize("killed", ["Change.make", "_forget"])
def test_a_rotation_that_was_killed_begins_one_epoch_when_it_is_repeated(
    project: Path, custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, killed: str
) -> None:
    def dies(*_: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(f"custody.governance.pending.{killed}", dies)
        assert custody("keys", "rotate", "person").status == 9
    again = custody("keys", "rotate", "person")
    assert "custody keys rotate person: was broken off, and is finished now\nperson: epoch 1 → 2\n" in again.out
    assert load(project / "params.yaml").privacy.epochs["person"] == 2
    assert "person: epoch 2 → 3\n" in custody("keys", "rotate", "person").out


def test_rotate_names_only_domains_that_columns_use(project: Path, custody: Callable[..., Any]) -> None:
    ran = custody("keys", "rotate", "person", "elsewhere")
    assert ran.status == 3
    assert "columns use: device, mail, network, person" in ran.err
    assert (project / "params.yaml").read_bytes() == SHIPPED


def test_rotate_writes_a_policy_that_dvc_leaves_as_it_is(project: Path, custody: Callable[..., Any]) -> None:
    path = project / "params.yaml"
    start, end = SHIPPED.index(b"  # Epoch of each"), SHIPPED.index(b"  # Role and technique of")
    path.write_bytes(SHIPPED[:start] + SHIPPED[end:])
    for epoch in (2, 3):
        assert custody("keys", "rotate").status == 0
        assert set(load(path).privacy.epochs.values()) == {epoch}
        before = path.read_bytes()
        assert before.count(b"# Epoch of each pseudonym domain.") == 1
        with modify_yaml(str(path)):
            pass
        assert path.read_bytes() == before
