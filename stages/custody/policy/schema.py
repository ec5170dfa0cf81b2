"""`schema`: the columns that records are standardized to."""

from typing import Literal

FieldType = Literal[
    "timestamp", "user", "email", "host", "ip", "mac", "url", "category", "text", "number", "integer", "boolean"
]
"""How a value is standardized. Held as: timestamp → timestamp[us, UTC], number → float64, integer → int64,
boolean → bool, all others → string (ip and mac canonical, email and host lower-case, text as it stands)."""
