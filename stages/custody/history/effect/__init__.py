"""What a change of policy does: both policies on the same locked inputs, counted and never shown."""
