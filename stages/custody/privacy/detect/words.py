r"""Parts of patterns that detectors share, and words that are nobody's name.

`WORD` is the inside of a character class: letters, digits, the underscore, every script's letters without the blocks of
punctuation between them, and the private characters that stand for known identifiers (`sentinels`): a name around a
known one takes it along.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custody.privacy.text import sentinels

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD = r"0-9A-Za-z_\x{C0}-\x{1FFF}\x{3040}-\x{D7FF}\x{F900}-\x{FDFF}\x{20000}-\x{10FFFF}"
USER = rf"[{WORD}](?:[{WORD}.+-]*[{WORD}$])?"
LABEL = rf"[0-9A-Za-z_{sentinels.CLASS}](?:[0-9A-Za-z_{sentinels.CLASS}-]*[0-9A-Za-z_{sentinels.CLASS}])?"
HOST = rf"{LABEL}(?:\.{LABEL})*"
SENTINEL = f"[{sentinels.CLASS}]"
_LEADS = [chr(lead) for lead in (*range(0x100000, 0x100020), 0x10FFFF)]
"""First characters of sentinels: of two million known identifiers, and of placeholders."""
NUMBERED = "\n".join(f" [{digit}" for digit in range(10))
"""Cues of a date or another number in brackets."""
SIGN = r"(?:\\{0,7}[\"']|%22|&quot;|\])?(?: ?(?:=>|:|->)(?:\[[0-9]+\])?[ \t]{0,4}| = |=|%3[dDaA])"
"""Between a key and its value; in `logname= uid=0` the first has none."""
INTERNAL_NAMES = (
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "corp",
    "lan",
    "home",
    "home.arpa",
    "intra",
    "ad",
    "domain",
)
INTERNAL = f"(?i:{'|'.join(map(re.escape, INTERNAL_NAMES))})"
"""Domains that no one on the internet has: RFC 6762 (appendix G), RFC 8375, and usual names of Windows domains."""

STATES = (
    "accepted accessed active added all allowed anonymous any attempt attempted attempting attempts authenticated "
    "authenticating automatically been blocked both changed closed connected connecting created currently "
    "declined default deleted denied disabled disconnected disconnecting downloaded each empty enabled error "
    "errors event events every exceeded executed expired fail failed failure failures false granted inactive info "
    "invalid joined left locked logged logging manually missing n/a na new nil no none not null ok old opened "
    "other others pending permanently ran received recently rejected removed requested required reset sent signed "
    "some started status stopped succeeded success successful successfully temporarily tried true undefined "
    "unknown unlocked unspecified uploaded yes"
)
GRAMMAR = (
    "a after again already also an and are as at be because been before but by can cannot could did do does eq "
    "first for from ge gt had has have he her his how i if in into is it its last le least less lt may might more "
    "most must my ne never next no nor not now of off on once only or our out over own per please same shall she "
    "should since so such than that the their them then there these they this those through to too under until up "
    "upon use used using via was we were what when where which while who whose why will with within without would "
    "you your"
)
THINGS = (
    "about access account accounts action activation activity address administrators admins agent agents api app "
    "application applications attribute attributes auth authentication authorization browser bug builtin cache cifs "
    "card center certificate change changes class cleanup client clients code command compatibility computer "
    "computers config configuration connection console container context control count credential credentials "
    "dashboard data database db debug default delivery department desktop detail details device devices dhcp "
    "dialog directory discovery display dns domain download driver eap email emails endpoint entry environment "
    "event events example execution experience failure feature feedback field file files fix folder form "
    "forwarding found ftp ftps function group groups guide handler help home host hosts http https id identifier "
    "identity ids ikev1 ikev2 imap imaps import inactivity inbound incident index information initiated input "
    "installation instance instances integration interaction interface ip ipsec job jobs kerberos kernel key keys "
    "ldap ldaps legacy level license limit list local lockout log login logins logon logout lookup mail main "
    "maintenance management manager manual member members memory message method metrics migration mode model "
    "module monitoring mschap mschapv2 name names namespace network node not notification notifications ntlm ntp "
    "number oauth oauth2 object oidc operation operations operator option options order outbound owner package "
    "packages page panel parameter part password passwords patch path payment peap performance permission "
    "permissions phase phishing plan policies policy pool pop3 port preferences principal privilege privileges "
    "process processing production profile profiles program properties property protection protocol provider "
    "proxy public purpose purposes queries query queue radius rdp read reason record recovery redirect "
    "registration release remote replication reply report reports request requests resource response result retry "
    "right rights role roles root_ca rotation routing rpc rule rules sale sales saml sample scan schedule scope "
    "script search secret section security sequence server service services session sessions setting settings "
    "sftp shared shutdown site smb smtp smtps snmp source space spam spawn ssh ssh1 ssh2 ssl sslvpn start startup "
    "state storage store string submission subscription support sync synchronization system table tacacs target "
    "task tasks team technician telemetry telnet template test test_user testing tests text this thread ticket "
    "time timeout tls tls1 token tokens tracking traffic training transaction transfer trust tunnel type types "
    "unit update updates upgrade upload uploads url usage use user username users validation value values "
    "verification version view visit vnc volume vpn warning web website welcome window windows winrm wmi work "
    "workstation write zone"
)
WINDOWS = (
    "system|local service|network service|anonymous logon|everyone|authenticated users|domain users|domain admins|"
    "domain computers|domain controllers|local system|localsystem|font driver host|window manager|all users|default user|"
    "nt authority|trustedinstaller|schema admins|enterprise admins|account operators|server operators"
)
NOBODY = frozenset({*STATES.split(), *GRAMMAR.split(), *THINGS.split(), *WINDOWS.split("|")})
"""Words that stand where a name could and are none: states, grammar, things, and Windows' own principals."""
NOWHERE = frozenset(
    {
        *STATES.split(),
        *GRAMMAR.split(),
        *THINGS.split(),
        "localhost",
        "localdomain",
        "tty",
        "wan",
        "vlan",
        "tcp",
        "udp",
        "icmp",
    }
)

_NO_USER = (
    r"(?i)^(?:[0-9]{1,4}|4294967295|[^\p{L}]*[./:-][^\p{L}]*|0x[0-9a-f]+|[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
    r"[*?_.+-]+|[0-9]+(?:ms|s|kb|mb|gb|min|h|%)|(?:https?|ftp|file).?:.*|[^ ]*\.(?:html?|php[0-9]?|aspx?|jspx?|js|css|"
    r"png|gif|jpe?g|svg|ico|txt|xml|json|exe|dll|so|conf|log|py|sh|service|cgi|pl|do))$"
)
_NO_HOST = r"(?i)^(?:[^A-Za-z]*|(?:eth|en[ospx]|wlan|tty|pts|vlan|br|bond|docker|veth|lo|sd[a-z]|nvme|port|gi|te|fa)[0-9][0-9a-z]*|(?:32|64)-bit|v?[0-9.]+|0x[0-9a-f]+|[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
_MOST = 96
"""Bytes; what is longer is a sentence and no name."""


def beside(*texts: str) -> str:
    """Return the cues of a pattern in which a sentinel follows one of the texts."""
    return "\n".join(text + lead for text in texts for lead in _LEADS)


def user(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge what stands in a user's place: no word of `NOBODY`, no number of up to four digits, hash, GUID or file."""
    wrong = pc.or_(pc.is_in(pc.utf8_lower(pieces), value_set=_set(NOBODY)), pc.match_substring_regex(pieces, _NO_USER))
    return judged(pieces, pc.and_not(pc.less_equal(pc.binary_length(pieces), _MOST), wrong))


def lettered_user(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge what stands in the place of a number: as `user`, and with a letter."""
    lettered = pc.match_substring_regex(pieces, r"[^\x00-@]")
    return np.where(lettered.to_numpy(zero_copy_only=False), user(pieces), 0)


def shaped_user(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge what only its shape tells from a word: as `user`, and with a digit, a dot, a dash or an underscore."""
    shaped = pc.match_substring_regex(pieces, r"[0-9._$-]")
    return np.where(shaped.to_numpy(zero_copy_only=False), user(pieces), 0)


def host(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge what stands in a host's place: no word of `NOWHERE`, no number, version, hash or GUID."""
    wrong = pc.or_(pc.is_in(pc.utf8_lower(pieces), value_set=_set(NOWHERE)), pc.match_substring_regex(pieces, _NO_HOST))
    return judged(pieces, pc.and_not(pc.less_equal(pc.binary_length(pieces), 255), wrong))


def shaped_host(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge what only its shape tells from a word: as `host`, a letter first, and a digit or a dash in it."""
    shaped = pc.match_substring_regex(pieces, r"^[A-Za-z].*[0-9]|^[A-Za-z]+-[A-Za-z0-9]")
    return np.where(shaped.to_numpy(zero_copy_only=False), host(pieces), 0)


def near_host(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge a host that a key names: as `host`, of one label or in a domain that no one on the internet has."""
    near = pc.match_substring_regex(pieces, rf"^[^.]*$|\.{INTERNAL}$")
    return np.where(near.to_numpy(zero_copy_only=False), host(pieces), 0)


@cache
def _set(words: frozenset[str]) -> pa.Array:
    return pa.array(sorted(words), pa.large_string())


def judged(pieces: pa.Array, right: pa.Array) -> NDArray[np.int64]:
    """Return all bytes of a piece where it is right, 0 where it is not."""
    length = pc.if_else(right, pc.cast(pc.binary_length(pieces), pa.int64()), 0)
    result: NDArray[np.int64] = length.to_numpy(zero_copy_only=False)
    return result
