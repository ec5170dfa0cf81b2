"""One reader per format: a stream and the policy's format in, batches of raw fields out, every record accounted for."""
