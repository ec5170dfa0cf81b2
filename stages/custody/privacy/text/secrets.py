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
_SET = r"[\"']?[ \t]{0,4}(?:=|:|%3[dD])[ \t]{0,4}"
_VALUE = r"[^\s\"'&;,]+"
_SCHEME = (
    r"(?i)\b(bearer|authorization[\"']?\s*[:=]\s*[\"']?(?:basic|digest|negotiate|ntlm|token))(\s+)"
    r"(?:<secret>|[A-Za-z0-9._~+/=-]{8,})"
)

REWRITES: tuple[tuple[str, str], ...] = (
    (
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        PLACEHOLDER,
    ),
    (r"\b(?:AKIA|ASIA|AGPA|AIDA|AIPA|ANPA|ANVA|AROA)[A-Z0-9]{16}\b", PLACEHOLDER),
    (r"\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.?[A-Za-z0-9_-]*", PLACEHOLDER),
    (
        r"\b(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[a-z]-|xapp-|[srp]k_(?:live|test)_|sk-|AIza|ya29\.)[A-Za-z0-9_-]{10,}",
        PLACEHOLDER,
    ),
    (_SCHEME, rf"\1\2{PLACEHOLDER}"),
    (rf'({_KEY}{_SET}")[^"]+', rf"\1{PLACEHOLDER}"),
    (rf"({_KEY}{_SET}')[^']+", rf"\1{PLACEHOLDER}"),
    (rf"({_KEY}{_SET}){_VALUE}", rf"\1{PLACEHOLDER}"),
    # `PWD=/home/…` is sudo's working directory.
    (r"(\b(?i:pass|pwd)=)[^\s\"'&;,/][^\s\"'&;,]*", rf"\1{PLACEHOLDER}"),
    (r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#\"'<>]+@", rf"\1{CREDENTIALS}@"),
)
"""Patterns (RE2) and what each match becomes, in this order."""

PROBE = (
    r"PRIVATE KEY|"
    r"A(?:KIA|SIA|GPA|IDA|IPA|NPA|NVA|ROA)[A-Z0-9]{16}|eyJ|gh[pousr]_|github_pat_|glpat-|npm_|xox[a-z]-|xapp-|"
    rf"[srp]k_|sk-[A-Za-z0-9_-]{{10}}|AIza|ya29\.|(?i:bearer|authorization|pass=|pwd=)|{_KEY}{_SET}|://[^\s/]*@"
)
"""Finds every text that a rewrite could change."""
