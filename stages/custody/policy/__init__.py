"""params.yaml as a typed, closed policy: one module per section, named as the section is.

`load` reads and checks it, `Policy.digest` names it, `json_schema` lets an editor complete it.
"""

from custody.policy.policy import Policy, json_schema, load

__all__ = ["Policy", "json_schema", "load"]
