"""One converter per kind of value: raw text in, typed values and reason codes out."""
