"""What a change of policy means, key by key: equivalent, tightens, loosens, or mixed, which counts as loosening."""
