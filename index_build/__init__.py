"""Documents to release: reading, passages, building, publishing. Imports `knowledge` only."""
