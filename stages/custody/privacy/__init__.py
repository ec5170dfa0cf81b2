"""How the people in the data are protected: techniques, withholding, risk per person, and the scan for what is left.

One technique per file. All of it is pure, Arrow columns and a policy in, columns and integers out; `anonymize` alone
reads and writes partitions.
"""

from custody.privacy.anonymizing import anonymize

__all__ = ["anonymize"]
