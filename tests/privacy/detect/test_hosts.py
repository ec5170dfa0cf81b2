from __future__ import annotations

import pytest

from privacy.detect.redacting import one, redact

CASES = [
    ("Oct 15 10:15:30 web01 sshd[1]: x", "Oct 15 10:15:30 <host> sshd[1]: x"),
    ("<34>1 2026-10-11T22:14:15.003Z web01 su - x", "<34>1 2026-10-11T22:14:15.003Z <host> su - x"),
    ("Workstation Name:\tWS-ALICE\n", "Workstation Name:\t<host>\n"),
    ('rhost=web01 hostname=web02 devname="fw1"', 'rhost=<host> hostname=<host> devname="<host>"'),
    ("connect from mx1.corp.org[10.0.0.1]", "connect from <host>[<ip>]"),
    ("DHCPACK on 10.0.0.1 to 02:00:00:00:00:01 (ws1) via eth0", "DHCPACK on <ip> to <mac> (<host>) via eth0"),
    (r"open \\files01\share\x", r"open \\<host>\share\x"),
    ("see http://wiki.corp/page and db.internal:5432", "see http://<host>/page and <host>:5432"),
    ("scan of nas.fritz.home.arpa.", "scan of <host>."),
    ("<Computer>WS1.corp.local</Computer>", "<Computer><host></Computer>"),
    ("workstation ws-17 rebooted", "workstation <host> rebooted"),
    ("host unreachable, server 2, /etc/rc.local", "host unreachable, server 2, /etc/rc.local"),
    ("Host: www.example.org", "Host: www.example.org"),
    ("at com.example.internal.Handler.run(x)", "at com.example.internal.Handler.run(x)"),
    ("hostname=localhost host=-", "hostname=localhost host=-"),
    # whatever the name
    ("ssh: connect to host hermes port 22: refused", "ssh: connect to host <host> port 22: refused"),
    (
        "Connection to hermes closed, nfs: server zeus not responding",
        "Connection to <host> closed, nfs: server <host> not responding",
    ),
    (
        "http://hermes/x http://hermes:80 http://hermes.example.org/",
        "http://<host>/x http://<host>:80 http://hermes.example.org/",
    ),
    ("ok: [hermes] fatal: [zeus]: UNREACHABLE", "ok: [<host>] fatal: [<host>]: UNREACHABLE"),
    (
        "HOST ALERT: hermes;DOWN;SOFT;1; broker zeus:9092 (id: 1)",
        "HOST ALERT: <host>;DOWN;SOFT;1; broker <host>:9092 (id: 1)",
    ),
    (
        "NodeList=hermes node/zeus cordoned, device hermes went offline",
        "NodeList=<host> node/<host> cordoned, device <host> went offline",
    ),
    ("2026-10-05T10:15:30Z hermes kernel: usb 1-1", "2026-10-05T10:15:30Z <host> kernel: usb 1-1"),
    ("2026-10-05T10:15:30Z ERROR main: no route", "2026-10-05T10:15:30Z ERROR main: no route"),
    ("ticket for cifs/hermes expired, mstsc /v:zeus", "ticket for cifs/<host> expired, mstsc /v:<host>"),
    ("example.org/auth/host/abc example.org/http/index.php", "example.org/auth/host/abc example.org/http/index.php"),
    # by the making of the name
    ("anna-laptop, DESKTOP-9F3K2LQ; web01: muc-srv-db-3", "<host>, <host>; <host>: <host>"),
    ("Annas-MacBook-Pro (app/web01) app/web01 0/0", "<host> (app/web01) app/<host> 0/0"),
    (
        "VPN-1 Win32 sql2019 /srv/app01/x utf8 web01.js db12=1 $app01",
        "VPN-1 Win32 sql2019 /srv/app01/x utf8 web01.js db12=1 $app01",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_hosts_go(text: str, expected: str) -> None:
    assert one(text, "hosts") == expected


def test_texts_do_not_influence_each_other() -> None:
    assert redact([text for text, _ in CASES], "hosts") == [expected for _, expected in CASES]
