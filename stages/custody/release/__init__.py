"""What leaves: the gate's decision, the release statement, and the loader that opens only what verifies."""
