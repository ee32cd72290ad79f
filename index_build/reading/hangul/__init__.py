"""HWP 5, HWPX and HWPML to blocks."""
