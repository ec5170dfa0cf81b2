"""What a report says, before it has a form: one module per part, each a pure function of what was read."""
