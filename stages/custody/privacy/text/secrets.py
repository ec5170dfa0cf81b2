"""Shapes of secrets in text: private keys, access keys, tokens, and what stands after `password=` and its like.

Each rewrite keeps what tells that a secret stood there (`password=<secret>`), and reads its own placeholder as a
secret again, so that redacting twice changes nothing.
"""

from __future__ import annotations

PLACEHOLDER = "<secret>"
CREDENTIALS = "<credentials>"

_KEY = (
    r"(?i:(?:pass(?:word|wd|phrase|code)|secret|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|credential|token)s?"
    r"(?:[_-]?(?:hash|key|value|confirm|confirmation|[0-9]{1,2}))?)"
)
_CLOSE = r"(?:\\{0,7}[\"']|%22|&quot;|\]|%5[dD]){0,2}"
_SIGN = r"[ \t]{0,4}(?:=>|=|:|%3[dDaA]|\\u003[dDaA])[ \t]{0,4}"
_SET = _CLOSE + _SIGN
_ALL = rf"(?:{_KEY}|\b(?i:pass|pwd)){_SET}"
_BARE = rf"{PLACEHOLDER}|[^\s\"'\\>{{\[]\S*|[>\\{{\[][^\s\"'\\]\S*"
_LEAD = r"(^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\[nrt]|\\[xu][0-9A-Fa-f]{2,4})"
_QUOTE = r"(?:\\{0,7}[\"']|%22|&quot;)?"
_BASIC = (
    rf"(?i)(authorization{_QUOTE}\s*(?:[:=]|%3a)\s*{_QUOTE}(?:basic|digest|negotiate|ntlm|token|bearer))(\s+|%20|\+)"
)

REWRITES: tuple[tuple[str, str], ...] = (
    (
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        PLACEHOLDER,
    ),
    (rf"{_LEAD}(?:AKIA|ASIA|AGPA|AIDA|AIPA|ANPA|ANVA|AROA)[A-Z0-9]{{16,}}", rf"\1{PLACEHOLDER}"),
    (rf"{_LEAD}eyJ[A-Za-z0-9_-]{{4,}}\.[A-Za-z0-9_-]{{4,}}\.?[A-Za-z0-9_-]*", rf"\1{PLACEHOLDER}"),
    (
        rf"{_LEAD}(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[a-z]-|xapp-|[srp]k_(?:live|test)_|sk-|AIza|ya29\.)[A-Za-z0-9_-]{{10,}}",
        rf"\1{PLACEHOLDER}",
    ),
    (_BASIC + r"[^\s\"'\\]+", rf"\1\2{PLACEHOLDER}"),
    (r"(?i)\b(bearer)(\s+)(?:<secret>|[A-Za-z0-9._~+/=-]{8,})", rf"\1\2{PLACEHOLDER}"),
    (rf"([?&](?:amp;)?[0-9A-Za-z_.-]*?{_KEY}=)[^&\s\"'<>#]+", rf"\1{PLACEHOLDER}"),
    (rf"(; ?(?i:password|pwd|{_KEY})=)[^;\s\"'<>]+(;|$)", rf"\1{PLACEHOLDER}\2"),  # a connection string
    (rf'(?s)({_ALL}")(?:[^"\\]|\\.)+', rf"\1{PLACEHOLDER}"),
    (rf"(?s)({_ALL}')(?:[^'\\]|\\.)+", rf"\1{PLACEHOLDER}"),
    (rf'({_ALL}\\")(?:[^"\\]|\\{{2,}}"?|\\[^"\\])+', rf"\1{PLACEHOLDER}"),
    (rf'({_ALL}\\{{2,}}")[^"]+', rf"\1{PLACEHOLDER}"),
    (rf"({_ALL}\\+')[^']+", rf"\1{PLACEHOLDER}"),
    (rf"({_KEY}{_SET})(?:{_BARE})", rf"\1{PLACEHOLDER}"),
    (rf'(--{_KEY}[ \t]+")[^"]+', rf"\1{PLACEHOLDER}"),
    (rf"(--{_KEY}[ \t]+')[^']+", rf"\1{PLACEHOLDER}"),
    (rf"(--{_KEY}[ \t]+)[^\s\"'-]\S*", rf"\1{PLACEHOLDER}"),
    # `PWD=/home/…` is sudo's working directory.
    (rf"(\b(?i:pass|pwd){_SET})[^\s\"'/\\]\S*", rf"\1{PLACEHOLDER}"),
    # A password may hold a slash; `h:80/a@b` is a port.
    (
        r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#\"'<>@:\[]*:(?:[^0-9\s\"'<>@]|[0-9]{1,5}[^0-9/?#\s\"'<>]|[0-9]{6})[^\s\"'<>]*@",
        rf"\1{CREDENTIALS}@",
    ),
    (r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#\"'<>]+@", rf"\1{CREDENTIALS}@"),
)
"""Patterns (RE2) and what each match becomes, in this order.

What stands after a key without a quote runs to the next blank: a password may hold any sign.
"""

UNSET = (
    r"(?i)(using password|passwd|check_[a-z_]*password)(:)"
    r"( {0,2}(?:yes|no|chauthtok|authenticat[a-z]+|checking)(?:[^0-9A-Za-z]|$))"
)
"""A colon behind `password` that sets none: MySQL's, PAM's and Samba's own words; the middle group is the colon."""
COLON = "\uf8fd"
"""Stands for that colon for a moment; a text must not hold it."""

PROBE = (
    r"PRIVATE KEY|"
    r"A(?:KIA|SIA|GPA|IDA|IPA|NPA|NVA|ROA)[A-Z0-9]{16}|eyJ|gh[pousr]_|github_pat_|glpat-|npm_|xox[a-z]-|xapp-|"
    rf"[srp]k_|sk-[A-Za-z0-9_-]{{10}}|AIza|ya29\.|(?i:bearer|authorization|(?:pass|pwd){_SET})|{_KEY}{_SET}|--{_KEY}[ \t]|://\S*@"
)
"""Finds every text that a rewrite could change."""
