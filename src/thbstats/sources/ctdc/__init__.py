"""Cases of the Counter Trafficking Data Collaborative (CTDC)."""

from thbstats.sources.ctdc._reader import FORMAT, read, recognise

__all__ = ["FORMAT", "read", "recognise"]
