"""What params.yaml may hold, and with which words the rest is refused."""

from __future__ import annotations

import io

import pytest
import ruamel.yaml
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy.yaml import DEPTH, LIMIT, parse

PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.text("abc xyz-_é", max_size=12))
TREES = st.dictionaries(
    st.text("abcdef_", min_size=1, max_size=6),
    st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("gh_", min_size=1), inner)),
    min_size=1,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2\n", "p:2: a: stands twice"),
        ("a: {b: 1, b: 2}\n", "p:1: a.b: stands twice"),
        ("a: &x 1\nb: *x\n", "p:1: anchors and aliases"),
        ("a: !!python/object:os.system x\n", "p:1: tags"),
        ("a: !!str 1\n", "p:1: tags"),
        ("a: 2026-11-01\n", "p:1: a: dates must be quoted"),
        ("a.b: 1\n", "p:1: a.b: a key may hold no dot"),
        ("a:\n  - 1\n - 2\n", "is not valid YAML"),
        ("<<: {a: 1}\n", "p:1: merge keys"),
        ("1: 2\n", "p:1: a key must be text"),
        ("? [a]\n: 1\n", "p:1: a key must be text"),
        ("- a\n", "p:1: must hold the sections"),
        ("", "p:1: must hold the sections"),
        ("a: \x00\n", "is not valid YAML"),
        ('a: "\\UFFFFFFFF"\n', "is not valid YAML"),
        ('a: "\\U00110000"\n', "is not valid YAML"),
        ('a: "\\ud800"\n', "p:1: "),
        ('"a\\nb": 1\n', "p:1: a key must be printable text"),
    ],
)
def test_what_two_readers_could_take_differently_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(CustodyError, match=r"^p") as caught:
        parse(text.encode(), "p")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "scalar",
    ["010", "0x1F", "0o17", "0b11", "1_000", ".inf", "-.inf", ".nan", "00", "9" * 5000, "-" + "1" * 19, "1e999"],
)
def test_numbers_that_yaml_versions_read_differently_must_be_quoted(scalar: str) -> None:
    with pytest.raises(CustodyError, match="p:1: a: versions of YAML read this number differently"):
        parse(f"a: {scalar}\n".encode(), "p")
    assert parse(f"a: '{scalar}'\n".encode(), "p").values == {"a": scalar}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("-0.5", -0.5),
        ("123456789012345678", 123456789012345678),
        ("7", 7),
        ("true", True),
        ("~", None),
        ("1.", 1.0),
        ("a b", "a b"),
        ("1.2.3", "1.2.3"),
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("on", "on"),
        ("0bd2610e", "0bd2610e"),
    ],
)
def test_scalars_are_read_as_yaml_1_2_core_does(text: str, value: object) -> None:
    assert parse(f"a: {text}\n".encode(), "p").values == {"a": value}


@given(TREES)
def test_what_is_dumped_is_read_back(tree: dict[str, object]) -> None:
    assert parse(_quoted(tree).encode(), "p").values == tree


def _quoted(tree: dict[str, object]) -> str:
    class Dumper(pyyaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
            return True

    Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
    return pyyaml.dump(tree, Dumper=Dumper, allow_unicode=True)


def test_a_yaml_bomb_costs_nothing() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [*{p},*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(CustodyError, match="anchors and aliases"):
        parse(bomb.encode(), "p")


def test_depth_and_size_are_bounded() -> None:
    with pytest.raises(CustodyError, match=f"nested deeper than {DEPTH}"):
        parse(("a: " + "[" * 2000 + "]" * 2000).encode(), "p")
    with pytest.raises(CustodyError, match="larger than"):
        parse(b"a: 1\n" + b"#" * LIMIT, "p")


def test_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(CustodyError, match="not UTF-8"):
        parse(b"a: \xff\n", "p")


def test_every_key_knows_its_line() -> None:
    document = parse(b"a:\n  b:\n  - c\n  - d: 1\n", "p")
    assert document.place(("a", "b", "1", "d")) == "p:4"
    assert document.place(("a", "nothing", "here")) == "p:1"


@given(st.text("01beonyNO:_.-x", min_size=1, max_size=6))
def test_text_that_dvc_writes_is_read_back_as_text(text: str) -> None:
    out = io.StringIO()
    ruamel.yaml.YAML().dump({"a": text}, out)
    assert parse(out.getvalue().encode(), "p").values == {"a": text}
