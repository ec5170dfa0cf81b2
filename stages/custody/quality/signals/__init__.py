"""Signs of poisoning, one per file: each looks at what all partitions together show, and returns findings.

A finding has a code, a place, a count, a severity and the action that the policy chooses. It names sources and columns
as the policy does, and never a value.
"""
