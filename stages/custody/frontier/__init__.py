"""What protection costs: each step up the generalization ladders, the people it hides and the detector it leaves.

`records` reads what may be released, `steps` coarsens it, `people` counts who can be singled out, `detector` learns
from it, `plotting` draws the two against each other. Outside the stages: it decides nothing.
"""
