"""Finding people in text: known identifiers at token boundaries, and shapes that look like identifiers."""
