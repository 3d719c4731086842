"""Cases of the Counter Trafficking Data Collaborative (CTDC): k-anonymised and synthetic."""

from thbstats.sources.ctdc._reader import FORMAT, read, recognise

__all__ = ["FORMAT", "read", "recognise"]
