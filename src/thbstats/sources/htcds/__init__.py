"""Case files of the Human Trafficking Case Data Standard (HTCDS 2.0)."""

from thbstats.sources.htcds._reader import FORMAT, read, recognise

__all__ = ["FORMAT", "read", "recognise"]
