"""E-mail addresses at a host of one label, in the places of addresses: `to=<root@web01>`, `Message-ID: <1@mx>`.

Addresses with a domain are a shape of their own (`text/shapes`), under `.local` and `.internal` too.
"""

from __future__ import annotations

from custody.privacy.detect import words
from custody.privacy.detect.rules import rule

_LOCAL = rf"[{words.WORD}](?:[{words.WORD}.+=$-]*[{words.WORD}$])?"
_AT = rf"{_LOCAL}@[A-Za-z{words.SENTINEL[1:-1]}](?:[0-9A-Za-z-]*[0-9A-Za-z])?"
_KEY = (
    r"(?:from|to|orig_to|cc|bcc|rcpt|sender|recipient|reply-to|return-path|message-?id|msgid|in-reply-to|references|mail|"
    r"e-?mail|mailbox|upn|principal|relay|ssh|scp|sftp|rsync|mail for)"
)
RULES = (
    rule("email", "@", rf"(<)({_AT})(>)"),
    rule("email", "@", rf"((?:^|[\s\"'=(]))({_AT})(:(?:[~/.]|\s|$))"),
    rule("email", "@", rf"((?:^|[^0-9A-Za-z_])(?i:{_KEY})[=: ]{{1,2}}[\"'<]?)({_AT})($|[\s>,;:\"')\]/])"),
)
