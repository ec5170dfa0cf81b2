"""What is wrong with which record: rules, verdicts, duplicates, conflicts and the quality score.

Judging is pure: Arrow columns and a policy in, bits and integers out. `validate` alone reads and writes partitions.
"""

from custody.quality.validating import validate

__all__ = ["validate"]
