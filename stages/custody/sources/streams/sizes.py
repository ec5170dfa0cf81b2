"""How much is read at once: it sets memory, and no result."""

from __future__ import annotations

ROWS = 65_536
"""A batch has at most this many rows."""

BYTES = 2**22
"""A batch is made of about this many bytes of plain input, or of one longer record."""
