"""Bytes to Document, one module per family of formats; files of others are read in a limited child process."""
