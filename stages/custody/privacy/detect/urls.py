"""Personal parameters of URLs and of forms: `?user=alice&email=…&session=…`; the value goes, the parameter's name stays.

Percent-encoding after RFC 3986, forms after the URL Standard (application/x-www-form-urlencoded).
"""

from __future__ import annotations

from custody.privacy.detect.rules import rule

_LEAD = r"[?&;](?:amp;)?(?:[0-9A-Za-z.]*[_.\[-])?"
_SET = r"(?:\]|%5[dD])?="
_VALUE = r"[^&\s\"'<>#;\\)]+"
PARAMETERS = {
    "email": r"e?-?mail(?:[_-]?addr(?:ess)?)?",
    "user": r"(?:user|usr|login|account|acct|member|customer|owner)(?:[_-]?(?:name|id))?|uid|userid|nick(?:name)?|"
    r"(?:first|last|full|sur|given|family|real)[_-]?name|author|upn|principal|"
    r"(?:user|account|profile|person|contact|member|customer)(?:\[|%5[bB])name",
    "secret": r"(?:access|refresh|id|auth|csrf|xsrf|api|session|reset|bearer|oauth|security)?[_-]?token|"
    r"(?:php|j|asp)?sess(?:ion)?(?:[_-]?(?:id|key))?|sid|sig(?:nature)?|auth(?:_?code)?|api[_-]?key|apikey|key|secret|"
    r"client[_-]?secret|ticket|otp|pin|pass(?:word|wd|phrase)?|pwd|nonce|jwt|assertion|samlresponse|samlrequest|"
    r"x-amz-(?:signature|credential|security-token)|credential",
    "personal": r"(?:tele)?phone(?:[_-]?(?:no|number))?|mobile|msisdn|imei|imsi|dob|birth(?:day|date)|ssn|passport|tax[_-]?id|"
    r"iban|street|zip|postcode|lat|lon|lng",
}
"""Names of parameters by the kind of what they hold."""
_CUES = {
    "email": "mail",
    "user": "user=\nname=\nid=\nuser]\nname]\nlogin=\naccount=\nacct=\nusr=\nnick=\nauthor=\nupn=\nprincipal=\nmember=\ncustomer=\nowner=",
    "secret": "token\nsess\nsid=\nsig\nauth\nkey\nsecret\nticket\notp=\npin=\npass\npwd\nnonce\njwt\nassertion\nsaml\nx-amz\ncredential",
    "personal": "phone\nmobile=\nmsisdn\nimei\nimsi\ndob\nbirth\nssn\npassport\ntax\niban\nstreet\nzip\npostcode\nlat=\nlon=\nlng=",
}
RULES = tuple(
    rule(kind, _CUES[kind], rf"({_LEAD}(?i:{names}){_SET})({_VALUE})()") for kind, names in PARAMETERS.items()
)
