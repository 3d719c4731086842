"""The import of matplotlib, with an error that names the extra."""

from thbstats.tables.libraries import library

__all__ = ["matplotlib"]

matplotlib = library("matplotlib")
