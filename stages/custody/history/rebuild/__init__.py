"""Build a release of the past anew, in a place and an environment of its own, and compare."""
