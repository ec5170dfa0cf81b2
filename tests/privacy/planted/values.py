"""Made-up values for the slots of templates: what each is called, which kind of identifier it is, how it is drawn.

Names, domains and numbers are nobody's: word lists, domains of RFC 2606 and RFC 6762, addresses of RFC 1918 and RFC
5737, secrets drawn at random.
"""

from __future__ import annotations

import base64
import string
from typing import TYPE_CHECKING

from custody.synth.people import FIRST, LAST

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

LETTERS, UPPER, HEX = string.ascii_letters + string.digits, string.ascii_uppercase + string.digits, "0123456789abcdef"
ROLES = ("web", "db", "mail", "file", "print", "vpn", "proxy", "build", "git", "ldap", "app", "cache")
CHOSEN = (
    "hermes",
    "zeus",
    "mjolnir",
    "gandalf",
    "fra1-core-2",
    "DESKTOP-9F3K2LQ",
    "enterprise",
    "xen3",
    "muc-rz1-sw07",
)
INTERNAL = ("corp.local", "ad.internal", "office.lan", "example.corp", "prod.internal", "intra.local")
BANKS = {"DE": (0, 18), "GB": (4, 14), "FR": (0, 23), "NL": (4, 10), "ES": (0, 20), "CH": (0, 17), "AT": (0, 16)}
"""How many letters and digits follow the check digits in some countries' IBANs."""


def some(draw: random.Random, alphabet: str, count: int) -> str:
    return "".join(draw.choices(alphabet, k=count))


def user(draw: random.Random) -> str:
    first, last = draw.choice(FIRST), draw.choice(LAST)
    forms = [first, f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}", f"{last}{draw.randrange(1, 99)}"]
    forms += [f"{first[0]}.{last}", f"{last[:3]}{draw.randrange(100, 999)}", f"svc-{draw.choice(ROLES)}", last.title()]
    return draw.choice(forms)


def security_id(draw: random.Random) -> str:
    return "-".join(["S-1-5-21", *(str(draw.randrange(10**9)) for _ in range(3)), str(draw.randrange(1000, 9999))])


def name(draw: random.Random) -> str:
    return f"{draw.choice(FIRST).title()} {draw.choice(LAST).title()}"


def short_host(draw: random.Random) -> str:
    first = draw.choice(FIRST)
    forms = [f"{draw.choice(ROLES)}{draw.randrange(1, 40):02d}", f"WS-{first.upper()}", f"{first}-laptop"]
    return draw.choice([*forms, f"PC{draw.randrange(1000, 9999)}", f"srv-{draw.choice(ROLES)}-{draw.randrange(1, 9)}"])


def any_host(draw: random.Random) -> str:
    """A host's name of the usual makings, or one that its people thought of."""
    return draw.choice([short_host(draw), draw.choice(CHOSEN)])


def internal(draw: random.Random) -> str:
    return f"{short_host(draw).lower()}.{draw.choice(INTERNAL)}"


def host(draw: random.Random) -> str:
    return draw.choice([short_host, internal])(draw)


def email(draw: random.Random) -> str:
    return f"{user(draw)}@{draw.choice(['example.org', 'mail.example.com', 'corp.example.net'])}"


def internal_email(draw: random.Random) -> str:
    return f"{user(draw)}@{draw.choice(INTERNAL)}"


def message_id(draw: random.Random) -> str:
    return f"{some(draw, UPPER, 8)}.{draw.randrange(10**6)}@{host(draw).lower()}"


def address(draw: random.Random) -> str:
    if draw.random() < 0.1:
        return f"2001:db8:{some(draw, HEX[1:], 3)}::{some(draw, HEX[1:], 2)}"
    first = draw.choice(["10", "172.16", "192.168", "203.0.113", "198.51.100"])
    return ".".join([first, *(str(draw.randrange(1, 255)) for _ in range(3 - first.count(".")))])


def mac(draw: random.Random) -> str:
    joint = draw.choice([":", "-"])
    return joint.join(["02", *(some(draw, HEX, 2) for _ in range(5))])


def password(draw: random.Random) -> str:
    return draw.choice("abcXYZ") + some(draw, LETTERS + "!#%+_.", draw.randrange(6, 14)) + draw.choice("abc789")


def card(draw: random.Random) -> str:
    digits = draw.choice(["4", "51", "55"])
    digits += some(draw, string.digits, 15 - len(digits))
    total = sum(int(d) if i % 2 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(digits))
    whole = digits + str(-total % 10)
    return whole if draw.random() < 0.5 else " ".join(whole[i : i + 4] for i in range(0, 16, 4))


def iban(draw: random.Random) -> str:
    country = draw.choice(sorted(BANKS))
    letters, digits = BANKS[country]
    body = some(draw, string.ascii_uppercase, letters) + some(draw, string.digits, digits)
    number = int("".join(str(int(sign, 36)) for sign in f"{body}{country}00"))
    return f"{country}{98 - number % 97:02d}{body}"


def spaced_iban(draw: random.Random) -> str:
    whole = iban(draw)
    return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))


def _b64(draw: random.Random, size: int) -> str:
    return base64.b64encode(draw.randbytes(size)).decode()


def _url(text: str) -> str:
    return text.replace("@", "%40")


def jwt(draw: random.Random) -> str:
    parts = ['{"alg":"HS256"}', '{"sub":"' + user(draw) + '"}', some(draw, LETTERS, 30)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def private_key(draw: random.Random) -> str:
    kind = draw.choice(["RSA ", "OPENSSH ", "EC ", ""])
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{_b64(draw, 90)}\n-----END {kind}PRIVATE KEY-----"


def github(draw: random.Random) -> str:
    return f"{draw.choice(['ghp_', 'gho_', 'ghs_'])}{some(draw, LETTERS, 36)}"


def slack(draw: random.Random) -> str:
    return f"xoxb-{some(draw, string.digits, 12)}-{some(draw, LETTERS, 24)}"


IDENTIFIERS: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "user": ("user", user), "name": ("user", name), "sid": ("user", security_id),
    "shost": ("host", short_host), "fqdn": ("host", internal), "host": ("host", host), "anyhost": ("host", any_host),
    "email": ("email", email), "iemail": ("email", internal_email),
    "msgid": ("email", message_id),
    "userat": ("email", lambda d: f"{user(d)}@{short_host(d)}"),
    "ip": ("ip", address), "mac": ("mac", mac),
    "urluser": ("url", user), "urlemail": ("url", lambda d: _url(email(d))),
    "urltoken": ("url", lambda d: some(d, LETTERS, 32)),
    "cred": ("credentials", lambda d: f"{user(d)}:{some(d, LETTERS, 10)}"),
    "password": ("secret", password),
    "awspid": ("secret", lambda d: d.choice(["AIDA", "AROA"]) + some(d, UPPER, 16)),
    "awsid": ("secret", lambda d: d.choice(["AKIA", "ASIA"]) + some(d, UPPER, 16)),
    "awssecret": ("secret", lambda d: some(d, LETTERS + "/+", 40)), "awstoken": ("secret", lambda d: _b64(d, 120)),
    "azkey": ("secret", lambda d: _b64(d, 64)), "gcpkey": ("secret", lambda d: "AIza" + some(d, LETTERS, 35)),
    "ghtoken": ("secret", github), "slack": ("secret", slack), "jwt": ("secret", jwt),
    "vault": ("secret", lambda d: "hvs." + some(d, LETTERS, 24)), "b64": ("secret", lambda d: _b64(d, 18)),
    "pem": ("secret", private_key), "card": ("card", card), "iban": ("iban", iban),
    "ibanspaced": ("iban", spaced_iban),
}  # fmt: skip
"""Slot → (kind, how a value is drawn)."""

PLAIN: dict[str, Callable[[random.Random], str]] = {
    "pid": lambda d: str(d.randrange(300, 32000)),
    "port": lambda d: str(d.randrange(1024, 65000)),
    "num": lambda d: str(d.randrange(10, 100000)),
    "hex8": lambda d: some(d, HEX, 8),
    "epoch": lambda d: str(1_790_000_000 + d.randrange(10**6)),
    "sha256": lambda d: some(d, HEX, 64),
    "guid": lambda d: "-".join(some(d, HEX, size) for size in (8, 4, 4, 4, 12)),
    "session": lambda d: some(d, LETTERS, 16),
    "date": lambda d: f"2026-10-{d.randrange(1, 28):02d}",
    "time": lambda d: f"{d.randrange(24):02d}:{d.randrange(60):02d}:{d.randrange(60):02d}",
    "iso": lambda d: f"2026-10-{d.randrange(1, 28):02d}T10:{d.randrange(60):02d}:{d.randrange(60):02d}.123Z",
    "clf": lambda d: f"{d.randrange(10, 28)}/Oct/2026:10:{d.randrange(60):02d}:{d.randrange(60):02d} +0000",
    "systime": lambda d: f"Oct {d.randrange(10, 28)} 10:{d.randrange(60):02d}:{d.randrange(60):02d}",
}
"""Slot → how a value that identifies nobody is drawn."""
