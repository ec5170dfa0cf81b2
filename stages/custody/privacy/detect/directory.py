r"""Users by the names that directories give them, and home folders.

Distinguished names (RFC 4514), Windows' `DOMAIN\alice` and security identifiers (MS-DTYP 2.4.2), Kerberos principals
(RFC 1964), AWS' resource names, `/home/alice`, `C:\Users\alice`.
"""

from __future__ import annotations

from custody.privacy.detect import words
from custody.privacy.detect.rules import rule

_VALUE = r"[^,=+\"<>;#\s][^,=+\"<>;#\r\n]*"
_SLASH = r"(?:/|%2[fF])"
_BACK = r"(?:\\{1,8}|%5[cC])"
_TAIL = r"(?:$|[^0-9A-Za-z\\_-])"
_NETBIOS = (
    r"(?:[A-Z][0-9A-Z-]+(?:\.[0-9A-Z-]+)*|"
    r"[A-Za-z][0-9A-Za-z-]*(?:\.[0-9A-Za-z-]+)*\.(?:local|internal|corp|lan|ad|com|net|org))"
)
_ARN = r"arn:aws[a-z-]*:(?:iam|sts)::[0-9]*:"
_PATH = r"[0-9A-Za-z_+=,.@-]+/"

RULES = (
    rule("user", "cn=\nuid=\nsn=\nname=", rf"((?:^|[^0-9A-Za-z])(?i:cn|uid|sn|givenname|samaccountname|displayname)=)({_VALUE})"
         rf"((?i:,\s?(?:[a-z]+=[^,=]+,\s?)*dc=))", words.user),
    rule("user", "uid=", rf"((?:^|[^0-9A-Za-z])(?i:uid)=)({_VALUE})((?i:,\s?(?:ou|cn|o|dc)=))", words.user),
    rule("user", "\\", rf"((?:^|[^0-9A-Za-z\\/:%._-]){_NETBIOS}\\{{1,4}})({words.USER})({_TAIL})", words.user),
    rule("user", "\\", rf"((?i:user|account|by|as|for|owner|logon|login)[ :=]{{0,2}}['\"\[(]?[A-Za-z][0-9A-Za-z.-]+\\{{1,4}})({words.USER})({_TAIL})",
         words.user),
    rule("user", "s-1-5-21", r"((?:^|[^0-9A-Za-z-]))(S-1-5-21(?:-[0-9]+){4})()"),
    rule("user", "@", rf"((?:^|[\s,;:('\"\[=<]))({words.USER})(@[A-Z][0-9A-Z-]+(?:$|[^0-9A-Za-z.-]))", words.user),
    rule("user", "arn:aws", rf"({_ARN}(?:(?:user|federated-user)/(?:{_PATH})*|assumed-role/{_PATH}))({words.USER})()", words.user),
    rule("user", "principalid", rf"((?i:principalid)\\{{0,7}}[\"']? ?[:=] ?\\{{0,7}}[\"']?[^\"':,\s]+:)({words.USER})()", words.user),
    rule("user", "/home\n/users/\n%2fhome\n%2fusers", rf"((?:^|[^0-9A-Za-z_.-])(?:(?:/(?:export|var|mnt|nfs|net|data|srv|usr))?{_SLASH}home{_SLASH}|"
         rf"{_SLASH}Users{_SLASH}))({words.USER})()", words.user),
    rule("user", "\\users\n\\documents\n\\home\n\\profiles\n%5cusers", rf"({_BACK}(?i:users|documents and settings|homes?|profiles){_BACK})({words.USER})()",
         words.user),
    rule("user", "~", rf"((?:^|[\s/'\"=(])~)([A-Za-z_][{words.WORD}.-]*)(/)", words.user),
)  # fmt: skip
