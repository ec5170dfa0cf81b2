"""Hosts: in a syslog header, by key, beside an address, in a UNC path, and wherever a domain is nobody's on the internet.

Syslog after RFC 3164 and RFC 5424; keys after Windows' security events, CEF and RADIUS.
"""

from __future__ import annotations

from custody.privacy.detect import words
from custody.privacy.detect.rules import rule

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})"
_KEY = (
    r"(?:computer[ _]?(?:name)?|(?:source|caller|client|target|destination)?[ _]?(?:workstation|computer|machine|host)[ _.-]?name|"
    r"host[ _-]?name|dev(?:ice)?[ _]?name|devname|(?:src|dst)name|[sdr]host|dvchost|nas-identifier|node[ _]?name|"
    r"source[ _]workstation|workstation|netbios[ _]?name|machine|fqdn|asset)"
)
_NEAR = r"(?:host|server(?:[ _]?name)?|node|client)"
_THING = (
    r"(?:workstation|computer|machine|laptop|desktop|endpoint|server|host|hostname|domain controller|terminal|notebook)"
)
_SEEN = (
    r"(?i:(?:found|detected|executed|running|installed|isolated|quarantined|observed|blocked|infected|seen|reported|opened|created|"
    r"started|stopped|changed|deleted|triggered|failed|enrolled|rebooted) on|logged (?:in|on) to)"
)
_ROLES = (
    "srv|svr|server|web|www|db|sql|app|api|mail|mx|smtp|imap|file|fs|nas|san|print|prn|dc|adc|ldap|dns|ns|dhcp|ntp|"
    "radius|vpn|fw|gw|rtr|rt|sw|wlc|ap|lb|proxy|cache|build|ci|git|jenkins|backup|bkp|mon|log|elk|kafka|zk|node|worker|"
    "master|esx|esxi|vm|vmhost|hv|xen|cluster|prod|dev|test|stage|stg|uat|qa|jump|bastion|rds|ts|citrix|ctx|exch|sap|"
    "erp|crm|pc|ws|wks|wkst|nb|lt|lap|desktop|laptop|client|host|cam|kiosk|pos|core|dist|edge"
)
_DEVICES = "laptop|notebook|macbook|imac|mbp|desktop|pc|workstation|thinkpad|surface|iphone|ipad|nas|tablet|phone"
_OWN = "(?:DESKTOP|LAPTOP|WIN|WS|PC|NB|SRV|WKS|WKST|NTB|MAC|VM|TC)"
_MADE = (
    rf"(?i:(?:[a-z]{{2,5}}[0-9]{{0,2}}-)?(?:{_ROLES})(?:[0-9]{{2,3}}|(?:-[a-z]{{1,8}}){{1,2}}-?[0-9]{{1,4}})|"
    rf"(?:pc|ws|wks|wkst|nb|lt|lap|desktop|laptop|host)[0-9]{{4,6}}|"
    rf"[a-z][a-z0-9]*(?:-[a-z0-9]+)?-(?:{_DEVICES})(?:-(?:pro|air|mini|[0-9]{{1,3}}))?)|{_OWN}-[0-9A-Z]{{2,}}(?:-[0-9A-Z]+)*"
)
"""A host's name as people and installers make them: a role and a number, whose laptop it is, `DESKTOP-9F3K2LQ`."""
_OPEN = r"['\"\[<(`]"
_QUOTED = r"[0-9A-Za-z_][^\"'\\<>{}\[\]\s]*"

RULES = (
    rule("host", "device", rf"((?i:device[a-z_]*\\{{0,7}}\" ?: ?\{{(?:[^{{}}]*,)? ?\\{{0,7}}\"(?:display_?|host_?)?name\\{{0,7}}\" ?: ?\\{{0,7}}\"))"
         rf"({_QUOTED})(\\{{0,7}}\")", words.host),
    rule("host", "host\ncomputer\nmachine\nnode\nworkstation", rf"((?i:(?:host|computer|machine|node|workstation)\\{{0,7}}\" ?: ?\{{(?:[^{{}}]*,)? ?"
         rf"\\{{0,7}}\"(?:host)?name\\{{0,7}}\" ?: ?\\{{0,7}}\"))({_QUOTED})(\\{{0,7}}\")", words.host),
    rule("host", "jan \nfeb \nmar \napr \nmay \njun \njul \naug \nsep \noct \nnov \ndec ",
         rf"((?:^|[>\r\n]){_MONTH} {{1,2}}[0-9]{{1,2}}(?: [0-9]{{4}})? [0-9:]{{8}} )({words.HOST})( [^\s:\[]+(?:\[[0-9]+\])?:)", words.host),
    rule("host", ">1 ", rf"((?:^|[\r\n])<[0-9]{{1,3}}>1 \S+ )({words.HOST})( )", words.host),
    rule("host", "]:\n: ", rf"((?:^|[\r\n]){_ISO} )({words.HOST})( [0-9A-Za-z_./-]+(?:\[[0-9]+\]:|: ))", words.host),
    rule("host", "computer\nname\nhost\nnas-\nworkstation\nmachine\nfqdn\nasset", rf"((?i:{_KEY}{words.SIGN})(?:\\{{0,7}}[\"'\[<(]|\\\\)?)({words.HOST})()",
         words.host),
    rule("host", "</", rf"((?i:<(?:computer|host|hostname|workstation|machine)>|(?:computer|workstation|host|machine)(?:name)?['\"]>))({words.HOST})(</)",
         words.host),
    rule("host", "host\nserver\nnode\nclient", rf"((?:^|[^0-9A-Za-z_?&;-])(?i:{_NEAR}{words.SIGN})(?:\\{{0,7}}[\"'\[<(])?)({words.HOST})()", words.near_host),
    # beside an address
    rule("host", "[unknown\n" + words.beside("["), rf"((?:^|[\s=,;(<>|]))({words.HOST})(\[(?:{words.SENTINEL}|unknown\]))", words.host),
    rule("host", words.beside(" [", " ("), rf"((?:for|from|of|by|to|host|at) )({words.HOST})( [\[(]{words.SENTINEL})", words.host),
    rule("host", words.beside(" ("), rf"((?:^|\s))({words.HOST})( \({words.SENTINEL})", words.shaped_host),
    rule("host", words.beside("("), rf"((?:^|[\s\[=,]))({words.HOST})(\({words.SENTINEL})", words.shaped_host),
    rule("host", words.beside(") ["), rf"(\()({words.HOST})(\) \[{words.SENTINEL})", words.host),
    rule("host", "|", rf"({words.SENTINEL}\|)({words.HOST})(\|)", words.shaped_host),
    rule("host", " (", rf"({words.SENTINEL} \()({words.HOST})(\))", words.host),
    rule("host", "from client ", rf"(from client )({words.HOST})( port)", words.host),
    rule("host", "dhcp", rf"(DHCP[A-Z]+\([^()]*\) \S+ {words.SENTINEL}+ )({words.HOST})()", words.host),
    rule("host", words.NUMBERED, rf"((?:^|\n))({words.LABEL}(?:\.{words.LABEL})+)( \S+ \S+ \[[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:)", words.host),
    rule("host", ",,\n" + words.beside(","), rf"({words.SENTINEL},)({words.HOST})(,(?:{words.SENTINEL}|,))", words.shaped_host),
    # UNC paths (MS-DTYP 2.2.57), service principals (RFC 4120)
    rule("host", "\\\\\n//", rf"((?:^|[\s\"'=(,;<>|])(?:\\{{2,8}}|//))({words.HOST})([\\/]{{1,4}}[^\\/\s])", words.host),
    rule("host", "/", rf"((?:^|[^0-9A-Za-z_./-])(?i:host|http|cifs|ldap|nfs|mssqlsvc|termsrv|restrictedkrbhost|imap|smtp|wsman)/)({words.HOST})(@|[\s,;\"')]|$)", words.host),
    # where a word before it tells, and it looks like a name
    rule("host", "workstation \ncomputer \nmachine \nlaptop \ndesktop \nendpoint \nserver \nhost \nhostname \ncontroller \nterminal \nnotebook ",
         rf"((?:^|[^0-9A-Za-z_-])(?i:{_THING}) {_OPEN}?)({words.HOST})()", words.shaped_host),
    rule("host", " on \nlogged in to\nlogged on to", rf"({_SEEN} (?:the )?(?:{_THING} )?{_OPEN}?)({words.HOST})()", words.shaped_host),
    rule("host", "-computername\n-server\n-hostname\n-vmhost", rf"((?i: -(?:computername|server|hostname|vmhost) )[\"']?)({words.HOST})()", words.host),
    # in a domain that no one on the internet has
    rule("host", "\n".join(f".{name}" for name in words.INTERNAL_NAMES),
         rf"((?:^|[^0-9A-Za-z_.@/-]|[^0-9A-Za-z./]/|//|@))((?:{words.LABEL}\.)+{words.INTERNAL})(\.?(?:$|[^0-9A-Za-z_.(\\-]|\.[^0-9A-Za-z]))", words.host),
    # where something is connected to, pinged, mounted, copied to
    rule("host", "://", rf"(://)({words.LABEL})((?::[0-9]+)?(?:[/?#\s\"'<>,;)\]]|$))", words.host),
    rule("host", "connect to host \npermanently added\nconnection to ", rf"(connect to host |ermanently added '|onnection to )({words.HOST})( port [0-9]|'|,| closed| timed| refused|:[0-9])",
         words.host),
    rule("host", "nfs: server \nmount", rf"(nfs: server |mount(?:ed)?:? (?:-t \S+ )?)({words.HOST})( not | OK|:/)", words.host),
    rule("host", "ping \ntelnet \nnslookup \ntraceroute \ntracert \ndig \nssh \nnc -", rf"((?:^|[\s;|&\"'])(?:ping|telnet|nslookup|traceroute|tracert|dig|ssh|nc)(?:\.exe)?(?: -[0-9A-Za-z]+(?: [0-9]+)?)* )({words.HOST})(\s|$|[;|&\"'])",
         words.shaped_host),
    rule("host", "/v:\n-r:", rf"(\s(?:/v|-r(?:emote)?):)({words.HOST})()", words.host),
    rule("host", "\\\\", rf"((?:^|[\s\"'=(,;])\\{{2,8}})({words.HOST})([\s\"',;)]|$)", words.shaped_host),
    rule("host", "\n".join(f":{digit}" for digit in range(10)), rf"((?i:server|host|node|broker|member|backend|upstream|target|peer|endpoint|seed|replica|master|primary|secondary|connect(?:ing|ed)? to|bind to|contact(?:ing)?|on) ['\"\[(]?)({words.HOST})(:[0-9]{{2,5}}(?:[^0-9.]|$))",
         words.host),
    # monitoring, configuration, clusters, load balancers
    rule("host", "alert: \nnotification: ", rf"((?:SERVICE|HOST)(?: FLAPPING| DOWNTIME)? (?:ALERT: |NOTIFICATION: [^;\s]+;))({words.HOST})(;[^;]+;)", words.host),
    rule("host", "ok: [\nchanged: [\nfatal: [\nfailed: [\nskipping: [\nunreachable: [", rf"((?:^|\s)(?:ok|changed|fatal|failed|skipping|unreachable): \[)({words.HOST})([\] ])", words.host),
    rule("host", " ok=", rf"((?:^|\n))({words.HOST})(\s+: ok=[0-9])", words.host),
    rule("host", "nodelist\nnodes\nnode/\nassigned ", rf"((?:(?i:nodelist|nodes)=|(?:^|\s)node/|uccessfully assigned \S+ to ))({words.HOST})()", words.host),
    rule("host", "server \nmember \npool ", rf"((?:[Ss]erver [^\s/]+/|/Common/))({words.HOST})( is (?:UP|DOWN|going)|:[0-9]| monitor)", words.host),
    rule("host", "] [", rf"(\[[a-z](?:\.[0-9A-Za-z]+)+ *\] ?\[)({words.HOST})(\] )", words.host),
    rule("host", "node \ndevice \nvm \nmachine \nminion \nagent \ncomputer \nclient \nserver \nendpoint \nworkstation \nhost ",
         rf"((?:^|[^0-9A-Za-z_-])(?i:node|device|vm|virtual machine|minion|guest|computer|client|server|endpoint|workstation|host) ['\"\[(]?)({words.HOST})"
         r"(['\"\])]? (?:(?:went|is|goes) (?:now )?(?:off|on)line|is (?:down|up|dead|unreachable|full)|powered (?:on|off)|not responding|left the|joined the|rebooted|status is|cordoned|did not respond|does not respond|unreachable))", words.host),
)  # fmt: skip

_FREE = r"(?:^|[^0-9A-Za-z_.%$/~\\-]|\\\\)"
_STOP = r"(?:$|[^0-9A-Za-z_./(=$~-]|\.(?:$|[^0-9A-Za-z_]))"
SHAPED = (
    rule("host", "\n".join([*(f"{role}{sign}" for role in _ROLES.split("|") for sign in "0123456789-"), *(f"-{one}" for one in _DEVICES.split("|")),
                            "mac-", "tc-", "ntb-"]),
         rf"((?:{_FREE}|(?:^|\s)[0-9A-Za-z_-]+/))({_MADE})({_STOP})", words.host),
    rule("host", "\n".join(f"{role}{sign}" for role in _ROLES.split("|") for sign in "0123456789-"), rf"({_FREE})({_MADE})(/)", words.host),
)  # fmt: skip
"""Hosts by the making of their names alone; last, since what stands around a name tells more."""
