"""What the policy says of times is what the readers of times say."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from custody.errors import CustodyError
from custody.policy import formats, times
from custody.sources.formats.patterns import PATTERNS
from custody.sources.values import strptime, zones

FORMS = st.lists(
    st.sampled_from([f"%{letter}" for letter in "YymbBhdejHIpMSfzZsaAnt%TRDFQ"] + ["-", ":", " ", "T"]), max_size=7
).map("".join)


def refused(form: str) -> bool:
    try:
        strptime.pattern(form, "key")
    except CustodyError:
        return True
    return False


@given(FORMS | st.text("%YmdHQ -", max_size=8))
@example("%F %T")
@example("%%T %F")
@example("%d.%m. %")
@example("%s")
@example("%j")
def test_the_policy_refuses_the_formats_that_are_not_read(form: str) -> None:
    if form not in times.NAMED:
        assert (times.wrong_form(form) is not None) == refused(form)
        assert times.lacks_year(form) == strptime.needs_year(form)


def test_every_directive_that_is_read_is_known() -> None:
    said = times.wrong_form("%Q") or ""
    known = set(re.findall("%(.)", said.split("; use ")[1]))
    assert known == {*strptime._FIELDS, *strptime._PLAIN, *strptime._SHORT}


def test_the_named_forms_and_patterns_are_those_that_are_read() -> None:
    assert times.NAMED == strptime.NAMED
    assert set(formats.SHIPPED) == set(PATTERNS)
    assert all(times.wrong_form(form) is None and not times.lacks_year(form) for form in times.NAMED)


def test_zones_are_those_of_the_package() -> None:
    for name in ("UTC", "Europe/Berlin", "Asia/Kolkata"):
        assert times.wrong_zone(name) is None
        assert zones.zone(name, "key").key == name
    for name in ("Mars/Base", "", "../UTC", "localtime", "posixrules"):
        assert times.wrong_zone(name) is not None
