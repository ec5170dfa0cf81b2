"""Who did what to which release, when and why: a log that only grows, and shows where it was touched.

a command, a load, a run of a stage
    │  log.record / log.noted                 canonical JSON (RFC 8785), chained by SHA-256, locked, fsync
    ▼
<state folder>/audit/<place>/log.jsonl        one writer: this user, in this clone; actors.json beside it
    │  publishing.publish                     by `custody audit publish` and every `custody release sign`
    ▼
data/audit/<writer>.jsonl                     in git, one file per writer
    │  chain.Chain.head                       into every attestation as a checkpoint
    ▼
trust.checkpoints                             verify: is each file whole, and does it go on from every checkpoint?
"""
