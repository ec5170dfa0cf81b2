"""One technique per file, by its standard name; the registry finds the one that the policy names."""
