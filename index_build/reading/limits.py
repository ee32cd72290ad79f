"""How much of one file is read. What lies beyond is left out with a notice, never silently."""

MAX_PAGES = 5_000
MAX_CELLS = 200_000
MAX_CHARACTERS = 5_000_000
