"""Who vouches for a release: signatures, whose are believed, verification, retractions, and the loader."""
