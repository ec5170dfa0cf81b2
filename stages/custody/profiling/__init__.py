"""A new source, looked at: its format, its fields and what they may hold, as a draft of policy for people to review.

`guess` tells the format, `sample` reads records with collect's own readers, `types` and `measures` look at each column,
`personal` says whom it may name, `draft` and `profile` write YAML. No value of a file is ever shown, but for words of a
shipped vocabulary (`vocabulary`).
"""
