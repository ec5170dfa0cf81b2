"""`custody keys identity | show | grant | revoke | rotate --secret`: what each writes, tells, and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from custody.governance import keys, wrapped
from custody.policy import load
from custody.trust import keyfile
from governance.people import ROLES, Person
from support import log_path, logged


@pytest.fixture
def team(
    project: Path, custody: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Person]:
    """A zone with both secrets in the keyring of ada, and four people in .custody/trust.yaml."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert custody("keys", "init", "ops", "--reversible", "--params", str(project / "params.yaml")).status == 0
    roles = {"ada": "officer", "bob": "engineer", "rita": "releaser", "gil": "guest"}
    people = {name: Person(tmp_path, name, role) for name, role in roles.items()}
    trust(*people.values())
    be(people["ada"], monkeypatch)
    return people


def trust(*people: Person) -> None:
    path = Path(".custody/trust.yaml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"roles": ROLES, "recipients": {one.name: one.entry() for one in people}}))


def be(person: Person, monkeypatch: pytest.MonkeyPatch, *, keyring: bool = True) -> None:
    monkeypatch.setenv("CUSTODY_IDENTITY", str(person.file))
    if not keyring:
        monkeypatch.setenv("CUSTODY_KEYRING", str(person.file.with_suffix(".none")))


def holdings() -> dict[str, list[str]]:
    return {name: sorted(one.secrets) for name, one in wrapped.members("ops").items()}


def changes() -> list[tuple[str, list[str]]]:
    """Changes of keys that the audit log tells of, after the zone was made."""
    return [(entry["about"]["change"], entry["about"]["parts"]) for entry in logged("keys")][1:]


def test_a_made_identity_is_outside_the_project_and_its_public_half_is_printed(
    project: Path, custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = custody("keys", "identity")
    path = Path.home() / ".config" / "custody" / "identity.txt"
    assert ran.status == 0
    assert f"key: {path.read_text().split('public key: ')[1].splitlines()[0]}\n" in ran.out
    assert "AGE-SECRET-KEY" not in ran.out
    assert custody("keys", "identity").status == 3
    monkeypatch.setenv("CUSTODY_IDENTITY", str(project / "identity.txt"))
    assert "inside a project" in custody("keys", "identity").err
    assert not (project / "identity.txt").exists()


@pytest.mark.usefixtures("team")
def test_a_grant_gives_all_that_the_role_may_open_and_writes_one_file(custody: Callable[..., Any]) -> None:
    before = Path("params.yaml").read_bytes()
    digest = load(Path("params.yaml")).digest()
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    assert holdings() == {"ada": ["pipeline", "reidentify"], "bob": ["pipeline"]}
    assert Path("params.yaml").read_bytes() == before
    assert load(Path("params.yaml")).digest() == digest
    assert changes() == [("grant", ["pipeline", "reidentify"]), ("grant", ["pipeline"])]
    assert not {"ada", "bob"} & set(log_path().read_text().split('"')), "nobody's name is in a log that stays for good"


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("bob", "--compartment", "reidentify"), 1, "bob: the role engineer may not open reidentify"),
        (("bob", "--compartment", "pipeline", "--compartment", "release"), 1, "may not open release"),
        (("rita", "--compartment", "pipeline"), 1, "rita: the role releaser may not open pipeline"),
        (("gil",), 1, "may open nothing"),
        (("eve",), 3, "eve: is nobody in recipients"),
        (("ada", "--compartment", "everything"), 3, "compartment: must be one of pipeline, reidentify, release"),
        (("rita", "--compartment", "release"), 3, "no signing key of zone ops is at hand"),
    ],
)
def test_a_grant_beyond_the_role_is_refused_and_writes_nothing(
    custody: Callable[..., Any], arguments: tuple[str, ...], status: int, says: str
) -> None:
    ran = custody("keys", "grant", *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert not Path(".custody/keys").exists()
    assert status == 3 or changes() == []


@pytest.mark.usefixtures("team")
def test_no_log_no_change(custody: Callable[..., Any]) -> None:
    assert custody("keys", "grant", "ada").status == 0
    _no_sources()
    before = Path("params.yaml").read_bytes(), holdings()
    log_path().chmod(0o666)  # others could write it, so Custody does not
    for arguments in (("grant", "bob"), ("rotate", "--secret", "pipeline"), ("rotate",), ("init", "another")):
        ran = custody("keys", *arguments)
        assert (ran.status, ran.out) == (3, "")
        assert "audit log" in ran.err
    assert (Path("params.yaml").read_bytes(), holdings()) == before


def test_whoever_holds_one_compartment_can_open_and_give_no_other(
    team: dict[str, Person], custody: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyfile.create(tmp_path / "team.pem", "ecdsa")
    assert custody("keys", "grant", "rita", "--signing-key", str(tmp_path / "team.pem")).status == 0
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    policy = load(Path("params.yaml"))
    be(team["rita"], monkeypatch, keyring=False)
    with pytest.raises(Exception, match="opens nothing of zone ops, compartment pipeline"):
        keys.open_zone(policy.keys, [])
    ran = custody("keys", "grant", "bob")
    assert (ran.status, ran.err.count("\n")) == (3, 1)
    be(team["bob"], monkeypatch, keyring=False)
    assert keys.open_zone(policy.keys, []).check == policy.keys.check
    with pytest.raises(Exception, match="opens nothing of zone ops, compartment reidentify"):
        keys.open_reversible("ops", policy.privacy)
    be(team["ada"], monkeypatch, keyring=False)
    assert keys.open_reversible("ops", policy.privacy).check == policy.privacy.reidentify


def test_a_revoked_one_opens_nothing_new_and_what_cannot_be_undone_is_printed(
    team: dict[str, Person], custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    _no_sources()
    before = load(Path("params.yaml"))
    ran = custody("keys", "revoke", "bob")
    assert ran.status == 0
    after = load(Path("params.yaml"))
    assert after.keys.check != before.keys.check
    assert after.privacy.reidentify == before.privacy.reidentify, "bob never held it"
    assert set(after.privacy.epochs.values()) == {2}
    assert holdings() == {"ada": ["pipeline", "reidentify"]}
    assert changes()[-1] == ("revoke", ["pipeline"])
    for words in ("This cannot undo", "what bob has read stays read", "opens as before", "out of recipients"):
        assert words in ran.out
    be(team["bob"], monkeypatch, keyring=False)
    with pytest.raises(Exception, match="identity: opens nothing of zone ops, compartment pipeline"):
        keys.open_zone(after.keys, [])
    be(team["ada"], monkeypatch, keyring=False)
    assert keys.open_zone(after.keys, []).check == after.keys.check
    assert keys.open_zone(before.keys, []).check == before.keys.check, "earlier versions still open"


def _no_sources() -> None:
    """Leave the policy's sources to be found: nothing is sealed among them."""
    for name in ("auth.log", "access.csv", "alerts.jsonl", "partner.tsv"):
        Path("data/sources").mkdir(parents=True, exist_ok=True)
        (Path("data/sources") / name).write_text("x\n")


@pytest.mark.usefixtures("team")
def test_taking_away_one_compartment_leaves_the_others(custody: Callable[..., Any]) -> None:
    trust(*(Person(Path.cwd().parent, name, "officer") for name in ("one", "two")))
    for name in ("one", "two"):
        assert custody("keys", "grant", name).status == 0
    before = load(Path("params.yaml"))
    ran = custody("keys", "revoke", "two", "--compartment", "reidentify")
    assert ran.status == 0, ran.err
    after = load(Path("params.yaml"))
    assert (after.keys.check, after.privacy.reidentify != before.privacy.reidentify) == (before.keys.check, True)
    assert holdings() == {"one": ["pipeline", "reidentify"], "two": ["pipeline"]}
    assert custody("keys", "revoke", "two", "--compartment", "reidentify").status == 3


@pytest.mark.usefixtures("team")
def test_the_last_holder_is_not_revoked(custody: Callable[..., Any]) -> None:
    assert custody("keys", "grant", "ada").status == 0
    before = Path("params.yaml").read_bytes(), holdings()
    ran = custody("keys", "revoke", "ada")
    assert (ran.status, ran.out) == (3, "")
    assert "nobody would be left" in ran.err
    assert (Path("params.yaml").read_bytes(), holdings()) == before
    assert "has no secret of zone ops" in custody("keys", "revoke", "bob").err


@pytest.mark.usefixtures("team")
def test_a_new_secret_goes_to_all_who_share_it(custody: Callable[..., Any]) -> None:
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    _no_sources()
    before = load(Path("params.yaml")).keys.check
    ran = custody("keys", "rotate", "--secret", "pipeline")
    assert ran.status == 0
    check = load(Path("params.yaml")).keys.check
    assert check != before
    shown = json.loads(custody("keys", "show", "--json").out)
    assert (shown["you"], shown["may"]) == ("ada", ["pipeline", "reidentify"])
    assert shown["secrets"][:2] == [
        {"compartment": "pipeline", "epoch": 2, "check": check, "holders": ["ada", "bob"]},
        {"compartment": "pipeline", "epoch": 1, "check": before, "holders": ["ada", "bob"]},
    ]
    assert f"pipeline    epoch 2  check {check}  ada, bob" in custody("keys", "show").out
    assert custody("keys", "rotate", "person", "--secret", "pipeline").status == 3


def test_a_new_signing_key_is_of_the_earlier_ones_kind_and_is_to_be_named(
    team: dict[str, Person], custody: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = keyfile.create(tmp_path / "team.pem", "ed25519")
    assert custody("keys", "grant", "rita", "--signing-key", str(tmp_path / "team.pem")).status == 0
    be(team["rita"], monkeypatch, keyring=False)
    before = Path("params.yaml").read_bytes()
    ran = custody("keys", "rotate", "--secret", "release")
    assert ran.status == 0, ran.err
    assert keyfile.public(old) not in ran.out
    assert "    key: MCowBQYDK2VwAyEA" in ran.out, "Ed25519, as it stands in .custody/trust.yaml"
    assert Path("params.yaml").read_bytes() == before


@pytest.mark.usefixtures("project")
def test_the_demo_zone_is_not_shared(custody: Callable[..., Any], tmp_path: Path) -> None:
    trust(Person(tmp_path, "ada"))
    ran = custody("keys", "grant", "ada")
    assert ran.status == 3
    assert "the demo key is public" in ran.err


@pytest.mark.usefixtures("team")
def test_a_shared_zone_is_not_made_a_second_time(
    custody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert custody("keys", "grant", "ada").status == 0
    monkeypatch.setenv("CUSTODY_KEYRING", str(tmp_path / "another.json"))
    before = Path("params.yaml").read_bytes()
    for arguments in (("ops",), ("ops", "--reversible")):
        ran = custody("keys", "init", *arguments)
        assert (ran.status, ran.out) == (3, "")
        assert "zone ops is shared already" in ran.err
    assert Path("params.yaml").read_bytes() == before


@pytest.mark.usefixtures("project")
def test_without_a_file_of_roles_nothing_is_shared(custody: Callable[..., Any]) -> None:
    ran = custody("keys", "grant", "ada")
    assert ran.status == 3
    assert ".custody/trust.yaml: cannot be read" in ran.err


def test_a_holder_whose_role_no_longer_allows_it_is_shown(team: dict[str, Person], custody: Callable[..., Any]) -> None:
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    assert json.loads(custody("keys", "show", "--json").out)["beyond_role"] == []
    team["ada"].role = "engineer"
    trust(team["ada"])
    assert json.loads(custody("keys", "show", "--json").out)["beyond_role"] == [
        {"holder": "ada", "compartment": "reidentify"},
        {"holder": "bob", "compartment": "pipeline"},
    ]
    assert "bob holds pipeline, which the role may not open: custody keys revoke bob" in custody("keys", "show").out


@pytest.mark.usefixtures("team")
def test_where_a_source_is_missing_nothing_is_renewed(custody: Callable[..., Any], project: Path) -> None:
    for name in ("ada", "bob"):
        assert custody("keys", "grant", name).status == 0
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    ran = custody("keys", "revoke", "bob")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "names no file" in ran.err
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
