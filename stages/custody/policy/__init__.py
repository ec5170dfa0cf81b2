"""params.yaml as a typed, closed policy: one module per section, named as the section is.

`load` reads and checks it, `Policy.digest` names it, `json_schema` lets an editor complete it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custody.policy.policy import Policy as Policy
    from custody.policy.policy import json_schema as json_schema
    from custody.policy.policy import load as load

__all__ = ["Policy", "json_schema", "load"]


def __getattr__(name: str) -> Any:
    """Import the whole policy on first use: what needs a part of it starts sooner."""
    if name in __all__:
        from custody.policy import policy  # noqa: PLC0415

        return getattr(policy, name)
    raise AttributeError(name)
