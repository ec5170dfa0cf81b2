"""The reference verifier of OpenSSF model-signing accepts a signed release as it is, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from custody.engine import serial
from custody.release import deciding, statement
from custody.trust import signing
from release import example
from support import ZONE
from trust.signing_keys import Signer, believed
from trust.test_signatures import NOW

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    find_spec("model_signing") is None or find_spec("OpenSSL") is None,
    reason="model-signing and pyOpenSSL are not installed: nothing to verify with (see tests/README.md)",
)


def test_model_signing_verifies_a_release_and_refuses_it_after_one_flipped_bit(tmp_path: Path) -> None:
    released = tmp_path / "released"
    deciding.record(example.build(tmp_path), released, example.policy(), ZONE, serial.run, example.CODE)
    ada = Signer(tmp_path, "ada")
    trust, target = believed(ada=ada.entry()), tmp_path / "signatures"
    signing.sign(released, statement.text(released), ada.key, trust, target=target, commit=None, audit=(), now=NOW)
    public = tmp_path / "ada.pub"
    public.write_bytes(ada.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (bundle,) = target.glob("*.model-signing.json")
    command = [sys.executable, "-m", "model_signing", "verify", "key", str(released)]
    command += ["--signature", str(bundle), "--public_key", str(public)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    first = min(released.glob("*.parquet"))
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
