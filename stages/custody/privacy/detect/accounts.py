"""Users by key: `user=alice`, `"userName": "alice"`, `Account Name:  alice`, `<Data Name='TargetUserName'>alice`.

Keys after the field names of Windows' security events, the Elastic Common Schema, ArcSight's CEF, IBM's LEEF, Linux'
audit, PAM, Postfix, RADIUS (RFC 2865), CloudTrail, Microsoft Entra and Okta; options of commands after their manuals.
"""

from __future__ import annotations

from custody.privacy.detect import words
from custody.privacy.detect.rules import rule
from custody.privacy.text import splice

_CUES = (
    "user\nusr\nacc\nacct\nlogin\nlogname\nname\nowner\nactor\nassignee\nrequest\ninitiator\napprover\nauthor\nprincipal\n"
    "set_id\nalternate\nidentity\nupn\nugi"
)
KEY = (
    r"(?:user(?:[ _.-]?(?:name|login|logon|principal[ _]?name|display[ _]?name|full[ _]?name|id))?|usr(?:[ _]?name)?|"
    r"(?:account|acct|principal|login|logon|employee|member|person|contact|sam[ _]?account)[ _.-]?name|account|acct|"
    r"log(?:in|name)|(?:full|display|given|family|first|last|real|nick|sur)[ _.-]?name|owner|actor|assignee|requestor|"
    r"requester|initiator|approver|author|principal|set_id|alternate_?id|identity|upn|ugi)"
)
_DOMAIN = r"(?:[0-9A-Za-z][0-9A-Za-z._-]*\\{1,8})?"
_QUOTED = r"[^\"'\\\s<>{}\[\]][^\"\\<>{}\[\]\r\n]*"
_SINGLE = r"[^\"'\\\s<>{}\[\]][^'\\<>{}\[\]\r\n]*"
_WORDS = r"\p{Lu}\p{L}+ \p{Lu}\p{L}+"
_OBJECT = r"(?:user|actor|account|owner|author|principal|member|employee|identity|person|initiator|requester)"
_COMMANDS = (
    r"curl|wget|mysql[a-z]*|mariadb[a-z-]*|psql|pg_[a-z]+|sudo|docker|podman|helm|oc|az|mongo[a-z]*|ssh|rlogin|rsh|sqlcmd|smbclient|"
    r"rpcclient|winexe|evil-winrm|kinit|runuser|mosquitto_[a-z]+|xfreerdp|crontab"
)
_ANY_OF_THREE = rf"\1\2\5\8{splice.OPEN}\3\6\9{splice.CLOSE}\4\7"
"""Groups of a pattern that has the identifier in double quotes, in single quotes, or in none."""

RULES = (
    rule("user", _CUES, rf"((?i:{KEY}(?:{words.SIGN}|[\"']>)))(?:(\\{{0,7}}\"{_DOMAIN})({_QUOTED})(\\{{0,7}}\")|('{_DOMAIN})({_SINGLE})(')|"
         rf"((?:%22|&quot;|[\[(<])?{_DOMAIN})({words.USER}))", words.user, _ANY_OF_THREE),
    rule("user", "name", rf"((?i:(?:display|full|real)[ _]?name{words.SIGN}))({_WORDS})()", words.user),
    rule("user", "uid", rf"((?:^|[^0-9A-Za-z])(?i:[ae]?uid{words.SIGN})(?:\\{{0,7}}[\"'])?)({words.USER})()", words.lettered_user),
    rule("user", "</", rf"((?i:<(?:[a-z0-9]+:)?(?:{KEY}|uid)(?: [^<>]*)?>|name=[\"'][a-z]*{KEY}[\"']>){_DOMAIN})([^<>\\\s][^<>\\\r\n]*)(</)",
         words.user),
    rule("user", "name", rf"((?i:{_OBJECT}\\{{0,7}}\" ?: ?\{{(?:[^{{}}]*,)? ?\\{{0,7}}\"(?:user_?|full_?|display_?)?name\\{{0,7}}\" ?: ?"
         rf"\\{{0,7}}\"))({_QUOTED})(\\{{0,7}}\")", words.user),
    rule("user", "name is ", rf"((?i:(?:user|account|login) ?name is [\"']?){_DOMAIN})({words.USER})()", words.user),
    # options of commands
    rule("user", "-credential\n-username\n-identity\n-sam", rf"((?i: -(?:credential|username|identity|samaccountname) )[\"']?{_DOMAIN})({words.USER})()", words.user),
    rule("user", "--user\n--login\n--account\n--owner\n-user\n-login\n-u ", rf"((?i:(?:^|\s)--?(?:user|login|username|account|owner|u))[ =][\"']?{_DOMAIN})({words.USER})()",
         words.user),
    rule("user", " -u\n -l", rf"((?:{_COMMANDS})(?:\.exe)? (?:[^\r\n|;]* )?-[uUl] ?[\"']?{_DOMAIN})({words.USER})()", words.user),
)  # fmt: skip
