"""The label audit: which labels a model of the anchored version finds implausible.

The model is a few boosted decision tables per label, held as integers, so that every machine scores alike; it is made
by `custody anchor set`, and a stage only scores with it.
"""
