"""matplotlib, or an error that says how to get it."""

from thbstats.tables.libraries import library

__all__ = ["matplotlib"]

matplotlib = library("matplotlib")
