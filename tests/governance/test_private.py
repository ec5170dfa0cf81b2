"""Files of secrets are plain files; what is none is refused, never waited for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from custody.errors import CustodyError
from custody.governance import private


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, make: object) -> None:
    path = tmp_path / "key"
    make(path, 0o700)  # type: ignore[operator]
    with pytest.raises(CustodyError, match=re.escape("KEY: ") + ".*(not a plain file|cannot be read)"):
        private.read(path, "KEY", "make one")


def test_a_link_to_a_plain_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "held").touch(mode=0o600)
    (tmp_path / "held").write_bytes(b"text")
    (tmp_path / "key").symlink_to("held")
    assert private.read(tmp_path / "key", "KEY", "make one") == b"text"
