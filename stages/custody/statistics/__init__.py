"""Statistics under differential privacy: what may be told of the data to anybody, with the subject as unit of privacy.

`queries` says what can be asked, `bounding` limits what one subject contributes, `measuring` adds the noise (OpenDP),
`ledger` adds up what was spent. Outside the stages: noise is drawn anew each time.
"""
