"""Users by what a message says of them, as OpenSSH, sudo, PAM, shadow, cron, systemd, proxies, VPNs and others do.

`Failed password for alice from …`, `session opened for user alice`, `alice : TTY=…`, `(alice) CMD`, `logged in as alice`.
"""

from __future__ import annotations

from custody.privacy.detect import words
from custody.privacy.detect.rules import rule

_BEFORE = r"(?:^|[^0-9A-Za-z_-])"
_OPEN, _CLOSE = r"['\"`\[<(\x{2018}\x{201C}]", r"['\"`\]>)\x{2019}\x{201D}]"
_DOMAIN = r"(?:[0-9A-Za-z][0-9A-Za-z.-]*\\{1,4})?"
_DOES = (
    r"(?i:from|log(?:ged|ging|s)? ?(?:in|out|on|off)|sign(?:ed|ing|s)? (?:in|out)|authenticat(?:ed|ion|ing)|fail(?:ed|s|ure)|"
    r"has|had|was|is|could|cannot|does|did|attempted|tried|requested|accessed|created|deleted|changed|started|executed|"
    r"ran|opened|closed|joined|left|added|removed|denied|granted|locked|unlocked|enabled|disabled|using|with|not|at|on|to|"
    r"in|by|via|for|successfully|connected|disconnected|reported|client|exceeded|uploaded|downloaded|sent|received|"
    r"password|account|session|tty|terminal|-)"
)
_END = rf"(?:{_CLOSE}|/| +{_DOES}(?:[^0-9A-Za-z]|$)| +[\[(]?{words.SENTINEL}|[.,;:](?:\s|$)|\s*$|[\r\n(]| *[|\[])"
_OUTCOME = (
    r"(?i:passw(?:or)?d|publickey|none|hostbased|login|logon|log-in|sign-?in|auth[a-z]*|sessions?|credentials?|access|fail[a-z]*|"
    r"succe[a-z]+|denied|accepted|rejected|attempt[a-z]*|tickets?|changed|reset|postponed|granted|opened|closed|locked|"
    r"unlocked|enabled|disabled|created|deleted|expired|started|ended|allowed|blocked|gssapi[a-z-]*|keyboard-interactive[a-z/]*)"
)
_DONE = (
    r"(?i:created|deleted|modified|changed|approved|requested|initiated|performed|executed|started|stopped|issued|revoked|"
    r"granted|assigned|updated|submitted|launched|opened|reset|unlocked|locked|disabled|enabled|uploaded|downloaded|"
    r"removed|added|invited|accessed|reported|forwarded|owned|used|triggered|cancell?ed|powered (?:on|off)|restarted|"
    r"rebooted|shut down|isolated|quarantined|migrated|terminated|killed|rotated|exported|imported|renamed|copied|moved|"
    r"shared|published|merged|acknowledged|closed|restored|suspended|resumed|paused|blocked|released)"
)
_NAMED = r"(?i:user(?:name)?|account|login|principal|member|customer|employee|patient|student)"
_PERSON = "user(?:name)?|employee|customer|member|analyst|contractor|admin(?:istrator)?|operator|engineer|colleague"
_AS = r"(?i:log(?:ged|in)? ?(?:in|on)|login|authenticated|signed in|running|connected|identified|impersonating|executed|su)"
_PARENTS = (
    r"(?:HIER_)?(?:NONE|DIRECT|SIBLING_HIT|PARENT_HIT|DEFAULT_PARENT|SINGLE_PARENT|FIRST_UP_PARENT|FIRSTUP_PARENT|ROUNDROBIN_PARENT|"
    r"CLOSEST_PARENT|CARP|PINNED|ORIGINAL_DST|ANY_OLD_PARENT)"
)
RULES = (
    rule("user", "user\n for ", rf"({_BEFORE}(?i:user(?:name)?):? +{_OPEN}?{_DOMAIN}|{_OUTCOME} for (?:(?:invalid|illegal|locked|disabled|unknown) )?"
         rf"(?:account +)?{_OPEN}?{_DOMAIN})({words.USER})({_END})", words.user),
    rule("user", "user\nemployee\ncustomer\nmember\nanalyst\ncontractor\nadmin\noperator\nengineer\ncolleague\n by \nrequest of\nbehalf of", rf"((?:{_BEFORE}(?i:{_PERSON})|{_DONE} by(?: user)?|at the request of|on behalf of) +{_OPEN}?{_DOMAIN})({words.USER})()", words.shaped_user),
    rule("user", "for ", rf"({_BEFORE}(?i:for) (?:(?:invalid|illegal) user )?)({words.USER})( from {_OPEN}?{words.SENTINEL})", words.user),
    rule("user", "account ", rf"({_BEFORE}(?i:account) +{_OPEN}?{_DOMAIN})({words.USER})"
         rf"({_CLOSE}? (?:was|is|has|locked|created|deleted|disabled|enabled|expired|logged|failed|cannot)[^a-z])", words.user),
    rule("user", "user\naccount\nlogin\nprincipal\nmember\ncustomer\nemployee\npatient\nstudent",
         rf"({_BEFORE}{_NAMED}[ :]{{1,2}}{_OPEN}{_DOMAIN})([{words.WORD}][{words.WORD}.+@$ -]*)({_CLOSE})", words.user),
    rule("user", " as ", rf"({_AS} as (?:(?:unix-)?user[ :])?{_OPEN}?{_DOMAIN})({words.USER})(\.?(?:$|[^/0-9A-Za-z._:-]))", words.user),
    rule("user", ": '\n: \"\n: [\n:'\n:\"\n:[", rf"({_OUTCOME}: ?{_OPEN}{_DOMAIN})({words.USER})({_CLOSE})", words.lettered_user),
    rule("user", "logged in\nlogged-in\nlogged out\nlogged on\nlogged off\nlogged-on",
         rf"((?:^|[\s\"'\[(:=>]){_DOMAIN})({words.USER})({_CLOSE}? (?:has |was |is )?(?:successfully )?logged[ -](?:in|out|on|off))", words.user),
    rule("user", " in: \n out: \n on: \n off: ", rf"((?i:(?:logged|signed) (?:in|out|on|off): ){_OPEN}?{_DOMAIN})({words.USER})()", words.user),
    rule("user", '" <\n"<', rf"(\")([^\"<>\\\r\n]+)(\" ?<(?:sips?:|mailto:)?(?:{words.SENTINEL}|{words.USER}@))", words.user),
    rule("user", "from:\nto:\ncc:\nsender:", r"((?i:from|to|cc|sender|reply-to): )(\p{Lu}\p{L}+(?: \p{Lu}[\p{L}.]*){1,2})( <)", words.user),
    # the manuals of sudo, su, cron, useradd, usermod
    rule("user", " : ", rf"((?:^|sudo(?:\[[0-9]+\])?:|\s) *)({words.USER})( : (?:TTY=|command not allowed|user NOT in|[0-9] incorrect))", words.user),
    rule("user", "(to ", rf"(\(to )({words.USER})(\) )", words.user),
    rule("user", "(to ", rf"(\(to [^()\s]+\) )({words.USER})( on )", words.user),
    rule("user", ") cmd\n) reload\n) list\n) replace\n) delete\n) begin\n) end\n) auth\n) mail",
         rf"(\()({words.USER})(\) (?:CMD|CMDOUT|CMDEND|RELOAD|LIST|REPLACE|DELETE|BEGIN EDIT|END EDIT|AUTH|MAIL))", words.user),
    rule("user", "su for \nsucceeded for ", rf"(su(?:cceeded)? for (?:[^\s]+ by )?)({words.USER})( by |\s|$)", words.user),
    rule("user", "(uid=", rf"( by )({words.USER})(\(uid=)", words.user),
    rule("user", "new ", rf"(new (?:user|account|group)(?: added)?: (?:name=)?)({words.USER})()", words.user),
    rule("user", " '", rf"((?:add|delete|remove|change|lock|unlock|modify)(?:d|ed)? (?:user |member |to )?')({words.USER})(')",
         words.user),
    # Common Log Format, Squid's native format
    rule("user", words.NUMBERED, rf"({words.SENTINEL}\S* \S+ )({words.USER})( \[[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:)", words.user),
    rule("user", "direct/\nhit/\nparent/\nnone/\ncarp/\npinned/\ndst/", rf"(\s)({words.USER})( {_PARENTS}/)", words.user),
    # FreeRADIUS, OpenVPN, Samba, Dovecot, vsftpd
    rule("user", "login \n-> [\n]\\", rf"((?:(?i:Login (?:OK|incorrect|attempt|failed|succeeded))(?:[^\[\]\r\n]*:)? |-> |\]\\{{1,2}})\[{_DOMAIN})({words.USER})([\]/])", words.user),
    rule("user", "] peer\n] fail\n] ok", rf"(\[)({words.USER})(\] (?:Peer Connection|(?:FAIL|OK) (?:LOGIN|DOWNLOAD|UPLOAD|DELETE|MKDIR|RENAME|CHMOD)))", words.user),
    rule("user", "imap(\npop3(\nlmtp(\nlda(\nsieve(\nsubmission(\nworker(\npam(\nsql(\nldap(\npasswd-file(\ndoveadm(",
         rf"((?:imap|pop3|lmtp|lda|managesieve|submission|indexer-worker|pam|sql|ldap|passwd-file|doveadm)\()({words.USER})([),])", words.user),
    rule("user", words.beside(","), rf"(\()({words.USER})(,{words.SENTINEL})", words.user),
    rule("user", "smbd_audit", rf"(smbd_audit: )({words.USER})(\|)", words.user),
    # someone at an address
    rule("user", words.beside("/"), rf"((?:^|[\s,(\[=]))({words.USER})(/{words.SENTINEL}{{2}}:[0-9])", words.user),
    rule("user", "@", rf"((?:^|[\s,;('\"\[=<]){_DOMAIN})({words.USER})('?@'?\[?{words.SENTINEL})", words.user),
)  # fmt: skip
