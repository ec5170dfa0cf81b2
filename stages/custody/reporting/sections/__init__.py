"""From facts to a form: one module per section of the report, each a pure function of facts."""
