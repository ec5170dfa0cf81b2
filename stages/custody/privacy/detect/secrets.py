"""Secrets beyond those of `text/secrets`: on command lines, in XML, in device configurations, and of further vendors.

Shapes of tokens after their vendors' documentation (prefix and length); command lines after the manuals of sshpass(1),
curl(1), mysql(1), smbclient(1), `net use`, docker and redis-cli; password hashes after crypt(5).
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import numpy as np

from custody.privacy.detect import words
from custody.privacy.detect.rules import rule

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_KEY = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|private[_-]?key|client[_-]?secret|credential|"
    r"access[_-]?key)"
)
_ARG = r"[^\s\"'|;&<>]+"
_ANY = rf"(?:\"[^\"\r\n]+\"|'[^'\r\n]+'|{_ARG})"
TOKENS = (
    r"hv[sbr]\.[0-9A-Za-z_-]{20,}", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[0-9A-Za-z_-]{16,}", r"pypi-[0-9A-Za-z_-]{30,}",
    r"SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}", r"do[opr]_v1_[0-9a-f]{32,}", r"hf_[0-9A-Za-z]{20,}", r"dapi[0-9a-f]{32}",
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", r"dckr_pat_[0-9A-Za-z_-]{20,}", r"gl(?:sa|c)_[0-9A-Za-z_+/=]{20,}", r"NRAK-[0-9A-Z]{20,}",
    r"GOCSPX-[0-9A-Za-z_-]{20,}", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}", r"[0-9]{8,10}:AA[0-9A-Za-z_-]{30,}", r"lin_api_[0-9A-Za-z]{30,}",
    r"sq0(?:atp|csp)-[0-9A-Za-z_-]{20,}", r"key-[0-9a-f]{32}", r"SK[0-9a-f]{32}", r"[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{30,}",
    r"[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z]{60,}", r"(?:ABIA|ACCA|ABSK)[0-9A-Z]{16}", r"ntn_[0-9A-Za-z]{40,}", r"whsec_[0-9A-Za-z+/=]{20,}",
    r"A3T[0-9A-Z]{17}", r"EAAC[0-9A-Za-z]{30,}", r"xkeysib-[0-9a-f]{40,}", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[0-9A-Za-z]{30,}",
    r"ops_eyJ[0-9A-Za-z_-]{20,}", r"sntry[su]_[0-9A-Za-z+/=_-]{30,}", r"pscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.-]{30,}", r"AQ\.[0-9A-Za-z_-]{30,}",
)  # fmt: skip
_CRYPT = r"\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|md5|sha1|argon2(?:i|d|id)|scrypt|pbkdf2[a-z0-9-]*)\$[0-9A-Za-z./$=,+-]{16,}"
_COOKIE = (
    r"(?:[0-9A-Za-z_.-]*sess(?:ion)?[_-]?(?:id|key|token)?|phpsessid|jsessionid|asp\.net_sessionid|aspsessionid[a-z]*|connect\.sid|"
    r"sid|laravel_session|csrftoken|xsrf-token|__host-[a-z_-]+|__secure-[a-z_-]+|remember_me|auth(?:_?token)?|refresh_token)"
)

_PREFIXES = (
    "hvs.\nhvb.\nhvr.\nglpat-\ngldt-\nglrt-\nglcbt-\nglptt-\nglft-\nglsoat-\nglagent-\nglimt-\nglsa_\nglc_\npypi-\nsg.\ndop_v1\ndoo_v1\ndor_v1\nhf_\ndapi\nshpat_\nshpca_\nshppa_\nshpss_\ndckr_\nnrak-\ngocspx\nage-secret\n:aa\nlin_api\nsq0\nkey-\nsk0\nsk1\nsk2\nsk3\n"
    "sk4\nsk5\nsk6\nsk7\nsk8\nsk9\nska\nskb\nskc\nskd\nske\nskf\nq~\natlasv1\nabia\nacca\nabsk\nntn_\nwhsec\na3t\neaac\nxkeysib\ndp.\nops_ey\nsntry\npscale_\naq."
)
_SHELLS = (
    r"(?:mysql[a-z]*|mariadb[a-z-]*|mongo[a-z]*|sqlcmd|isql|tsql|7z|unzip|zip|rar|psexec[0-9]*|plink|impacket-[a-z]+)(?:\.exe)? "
    r"(?:[^\r\n|;]* )?-[pP] ?"
)
_LOGINS = r"(?:docker|podman|buildah|skopeo|helm|az|oc|heroku|crane|oras|jfrog|cf|vault|npm)(?: registry)? login [^\r\n|;]*?-p ?"
_OPTION = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|(?:account|access|private|secret|storage|client|encryption|"
    r"signing|master|shared)[_-]?key|client[_-]?secret"
)
_COMMANDS = (
    rf"sshpass (?:-[ve] )*-p ?|{_SHELLS}|{_LOGINS}|(?:plink|pscp|putty|kitty)(?:\.exe)? [^\r\n|;]*?-pw ?|redis-cli [^\r\n|;]*?-a |"
    r"ldap(?:search|modify|add|delete|whoami|passwd) [^\r\n|;]*?-w |htpasswd -[a-zA-Z]*b[a-zA-Z]* (?:\S+ )?\S+ |"
    r"(?i:-pass(?:in|out)? pass:)"
)


def credentials(pieces: pa.Array) -> NDArray[np.int64]:
    """Judge base64: all of it where it stands for `user:password` (RFC 7617)."""
    return np.array([len(one) * _is_credentials(one) for one in pieces.to_pylist()], dtype=np.int64)


def _is_credentials(text: str) -> bool:
    try:
        plain = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_").decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return ":" in plain and plain.isprintable()


RULES = (
    rule("secret", _PREFIXES, rf"((?:^|[^0-9A-Za-z]|%[0-9A-Fa-f]{{2}}))({'|'.join(TOKENS)})()"),
    rule("secret", "hooks", r"((?:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks|webhook\.office\.com/webhookb2)/)"
         r"([0-9A-Za-z/@_-]+)()"),
    rule("secret", "\n".join(f"${name}" for name in ("1$", "2", "5$", "6$", "7$", "y$", "gy$", "apr1", "md5$", "sha1", "argon2", "scrypt", "pbkdf2")), rf"((?:^|[^0-9A-Za-z$]))({_CRYPT})()"),
    rule("secret", "key", rf"((?i:(?:account|shared ?access|storage|primary|secondary|subscription|master|signing|encryption|host|function)_?key{words.SIGN})"
         r"[\"']?)([0-9A-Za-z+/=_-]{20,})()"),
    rule("secret", "sig=\nsignature=", r"((?:^|[^0-9A-Za-z])(?i:sig|signature|x-amz-signature|sharedaccesssignature)=)([0-9A-Za-z%+/=_-]{16,})()"),
    rule("secret", "_pass=\n_pwd=\n_pw=\n_key=\n_secret=\n_token=\n_psk=\n_auth=\n_passphrase=\n_credential",
         rf"((?:^|[\s;&(\"'])[A-Z][0-9A-Z_]*_(?:PASS|PWD|PW|KEY|SECRET|TOKEN|PSK|AUTH|PASSPHRASE|CREDENTIALS?)=)({_ANY})()"),
    # XML and lists of names and values
    rule("secret", "</", rf"((?i:<(?:[a-z0-9]+:)?[a-z0-9_.-]*{_KEY}(?: [^<>]*)?>|name=[\"'][a-z0-9_.-]*{_KEY}[\"']>))([^<>\s][^<>]*)(</)"),
    rule("secret", "value", rf"((?i:(?:name|key)\\{{0,7}}\"?[:=] ?\\{{0,7}}[\"'][a-z0-9_.-]*{_KEY}\\{{0,7}}[\"'],? ?\\{{0,7}}\"?value\\{{0,7}}\"?[:=] ?)"
         r"\\{0,7}[\"'])([^\"'\\\r\n]+)(\\{0,7}[\"'])"),
    # command lines
    rule("secret", "-p\n-w\n-a \nhtpasswd\n pass:", rf"({_COMMANDS})({_ANY})()"),
    rule("secret", "curl ", r"(curl [^\r\n|;]*?(?:-u|--user|--proxy-user|-U)[ =][\"']?[^\s:\"']+:)([^\s\"']+)()"),
    rule("secret", " -u", r"((?:smbclient|rpcclient|smbmap|winexe|net) [^\r\n|;]*?-U ?[\"']?[^\s%\"']+%)([^\s\"']+)()"),
    rule("secret", "use ", rf"((?i:net1?(?:\.exe)? use) [^\r\n|;]*?(?i:/u(?:ser)?):\S+ )({_ARG})()"),
    rule("secret", " /add", r"((?i:net1?(?:\.exe)? user) \S+ )([^\s/\"'][^\s\"']*)((?i: /add))"),
    rule("secret", "/p", rf"((?:^|\s)/(?i:pass(?:word)?|pwd|p):)({_ANY})()"),
    rule("secret", "-pass\n-pwd\n-secret\n-token\n-api\n-key\n_key\nkey=\nkey ", rf"((?:^|\s)--?(?:[a-z0-9]+-)*(?i:{_OPTION})[ =])({_ANY})()"),
    rule("secret", "echo ", r"((?i:echo) [\"']?)([^\s\"'|]+)([\"']? ?\| ?(?:sudo -[a-z]*S|passwd --stdin|chpasswd|docker login))"),
    rule("secret", "convertto\nidentified\npassword", r"((?i:convertto-securestring (?:-string )?|identified (?:with \S+ )?by (?:password )?|"
         r"password(?: for \S+)? (?:is|was|set to|changed to)(?: now)? )[\"'])([^\"'\r\n]+)([\"'])"),
    rule("secret", "secret\ntoken\napi_key", r"((?:^|[^0-9A-Za-z])(?i:aws_secret_access_key|aws_session_token|secret_access_key|client_secret|api_key|access_token) )"
         r"([0-9A-Za-z+/=_-]{16,})()"),
    rule("secret", "basic", r"((?i:(?:^|[^0-9A-Za-z])basic)(?:\s+|%20|\+|\\{0,7}[\"']?[:=] ?\\{0,7}[\"']?))([0-9A-Za-z+/_-]{6,}={0,2})()", credentials),
    # device configurations: `password 7 …`, `secret 5 …`, `community …`
    rule("secret", "password\nsecret\nkey\nmd5\ncommunity\nascii-text", r"((?i:(?:password|secret|key|key-string|md5) (?:0|5|6|7|8|9|encrypted|sha512|sha256) |"
         r"snmp-server community |pre-shared-key (?:ascii-text )?\"?|ascii-text \"))([^\s\"']+)()"),
    # RADIUS writes rejected passwords behind the name; cookies
    rule("secret", "login ", r"((?i:Login (?:OK|incorrect|attempt|failed|succeeded))(?:[^\[\]\r\n]*:)? \[[^\]/]+/)([^\]]+)(\])"),
    rule("secret", "sess\nsid=\ncsrf\nxsrf\n__host\n__secure\nremember\nauth\nrefresh", rf"((?:^|[^0-9A-Za-z])(?i:{_COOKIE})=)([0-9A-Za-z%._~+/|!:-]{{8,}})()"),
)  # fmt: skip
