"""The import of matplotlib, with an error that names the extra."""

from thbstats.tables.frames import library

__all__ = ["matplotlib"]

matplotlib = library("matplotlib")
