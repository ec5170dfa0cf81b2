"""What tests share: an isolated home, and where real security data lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd  # noqa: F401  # a command that runs in this process hides it from all that did not import it
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
OURS = [
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "CUSTODY_TRUST",
    "CUSTODY_KEYRING",
    "CUSTODY_IDENTITY",
    "CUSTODY_KEY_COMMAND",
    "CUSTODY_SECRET_PIPELINE",
    "CUSTODY_SECRET_REIDENTIFY",
    "CUSTODY_SECRET_RELEASE",
    "CUSTODY_WORKERS",
]
"""What the machine's user may have set, and no test is to see."""

# Machines are shared and noisy, so no property has a deadline; where CI is set, each run looks at the same examples.
# Where a property was looked at in full before, on another Python, CUSTODY_TEST_EXAMPLES asks for fewer.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
if os.environ.get("CUSTODY_TEST_EXAMPLES"):
    settings.register_profile("again", settings(), max_examples=int(os.environ["CUSTODY_TEST_EXAMPLES"]))
    settings.load_profile("again")


@pytest.fixture(scope="session", autouse=True)
def nobody_at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is built once for several tests finds no user's home either."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("nobody")))
        for name in OURS:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's keyring, git configuration or DVC caches."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(home / "dvc-site"))
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of third-party security data; the test is skipped, with its reason, where there is none."""
    named = os.environ.get("CUSTODY_TEST_DATA")
    if not named:
        pytest.skip("CUSTODY_TEST_DATA is not set: no real security data to run on")
    if not Path(named).is_dir():
        pytest.skip("CUSTODY_TEST_DATA names no folder: no real security data to run on")
    return Path(named)
