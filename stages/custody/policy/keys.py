"""`keys`: which zone secret protects the data."""

from typing import Annotated

from pydantic import StringConstraints

from custody.policy.forms import CHECK
from custody.policy.model import Closed, Id

Check = Annotated[str, StringConstraints(pattern=CHECK)]


class Keys(Closed):
    """A zone by name, and the fingerprint of its secret; never the secret."""

    zone: Id
    """Name of the zone in the keyring."""
    check: Check
    """Fingerprint of the zone's secret, written by `custody keys init`; rotation is a diff."""
