"""XLSX and CSV to blocks."""
