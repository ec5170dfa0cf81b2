"""What a verifier hands over himself may come from a web server: over https alone, whatever that leads to."""

from __future__ import annotations

import datetime as dt
import http.server
import ipaddress
import ssl
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import custody
from custody.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.project import Project
    from trust.conftest import Signed

pytestmark = pytest.mark.xdist_group("attacks")


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and leads from `/plain/` to where nothing is encrypted."""

    def do_GET(self) -> None:
        if not self.path.startswith("/plain/"):
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:9{self.path}")
        self.end_headers()
        return None


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A web server of the folder that everything is in, with a certificate that is trusted here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    cert = made.add_extension(address, critical=False).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "server.pem").write_bytes(private + cert)
    (tmp_path / "cert.pem").write_bytes(cert)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(tmp_path))) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_newest_retractions_can_come_from_a_url(here: Project, signed: Signed, served: str) -> None:
    earlier = signed.project.git("rev-parse", "HEAD").strip()
    here.must("custody", "fetch", "../project", "got", "--rev", earlier)
    url = f"{served}/project/.custody/retractions.json"
    ran = here.run("custody", "verify", "got/released", "--retractions", url)
    assert (ran.returncode, ran.stderr) == (
        3,
        "custody: the URL: the retractions cannot be read (the server said 404); give another file\n",
    )
    ran = here.run("custody", "verify", "got/released", "--retractions", f"{served}/plain/list.json")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "cannot be read (the server said 302)" in ran.stderr
    ran = here.run("custody", "verify", "got/released", "--retractions", url.replace("https://", "http://"))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("custody: the URL: the retractions come over https:// alone")
    signed.project.must("custody", "release", "retract", ".", "--reason", "labels were wrong")
    ran = here.run("custody", "verify", "got/released", "--retractions", url)
    assert ran.returncode == 1
    assert "labels were wrong" in ran.stdout
    with pytest.raises(RefusedError, match="labels were wrong"):
        custody.load("got/released", retractions=url)
