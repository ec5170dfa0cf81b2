"""What alerts say, and the secrets that a few of them give away: all made up, of the documented example shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custody.synth.people import Person

ALERTS = (
    "Many failed logins of {name} from {ip} within a minute",
    "Mail to {email} carried a link to a page that asks for passwords",
    "Device of {name} contacted a known control server, last address {ip}",
    "Policy: {email} signed in from two countries within an hour",
    "Download of an unusual size by {name}, session {n}",
    "No finding after review, closed by the analyst on duty",
)


def alert(kind: int, person: Person, number: int) -> str:
    """Return an alert's text; four in six name the person, whose columns stand in the same record."""
    return ALERTS[kind % len(ALERTS)].format(name=person.name, email=person.email, ip=person.ip, n=number)


def card(number: int) -> str:
    """Return a 16-digit card number of a range that no bank uses, with a valid check digit (ISO/IEC 7812-1, Luhn)."""
    body = f"400000{number % 10**9:09d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(body)]
    return body + str(-sum(digit // 10 + digit % 10 for digit in doubled) % 10)


def leaks(number: int) -> dict[str, str]:
    """Return one text for each kind of thing that must not stay in text; none of the values stands in a column."""
    hexes = f"{number * 2654435761 % 2**32:08x}"
    return {
        "email": f"Forwarded to stranger{number}@elsewhere.example by a rule in the mailbox",
        "ip": f"Beacon to 192.0.2.{number % 250 + 1} every ten minutes",
        "mac": f"Foreign device 02:00:5f:{number >> 8 & 255:02x}:{number & 255:02x}:01 on the guest network",
        "url": f"Script fetched https://deploy{number}:s3cret{number}@intranet.example/build.sh at start",
        "card": f"Form posted card {card(number)} in clear text",
        "secret": f"Repository holds the access key AKIA{hexes.upper()}EXAMPLE0 since the last commit",
    }
