"""Documents that tests make for themselves, from one source, in every format that can be read."""
