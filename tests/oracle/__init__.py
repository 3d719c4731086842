"""Oracles that share no code with the library: worlds, integer programs, sums by hand."""
