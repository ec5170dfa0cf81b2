"""Words that name nobody: verdicts, protocols, methods, severities. Only these are ever listed as allowed values."""

from __future__ import annotations

from typing import Final

from custody.sources.formats.patterns import EVENTS

WORDS: Final = frozenset(EVENTS) | frozenset(
    """
    benign malicious normal norm anomaly anomalous anom attack clean suspicious good bad safe unsafe legitimate phishing
    malware ransomware botnet spam ham sqli xss cmdi lfi rfi path-traversal path_traversal csrf dos ddos probe r2l u2r
    brute-force bruteforce scan positive negative unknown other none true false yes no 0 1

    accepted failed success succeeded failure error denied allowed allow deny drop block blocked pass reject rejected
    login logout logon logoff created deleted modified started stopped opened closed disconnected alert fileinfo flow
    password publickey keyboard-interactive gssapi-with-mic hostbased

    http dns tls ssh smtp ftp smb dhcp ntp snmp ldap rdp icmp icmp6 ipv6-icmp tcp udp sctp gre esp arp quic ssh2
    http/1.0 http/1.1 http/2 http/2.0 http/3 https get post put delete head options patch trace connect

    low medium high critical info informational notice warning warn debug emergency emerg err fatal minor major
    inbound outbound internal external ingress egress in out lan wan
    """.split()  # noqa: SIM905  # a list of words
)


def known(values: list[str]) -> bool:
    """True where every value is such a word, in any case; an HTTP status counts as one."""
    return bool(values) and all(one.lower() in WORDS or _status(one) for one in values)


def _status(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isdigit() and text[0] in "12345"  # noqa: PLR2004  # RFC 9110, 15
