"""The command line: parse, call, print."""

from thbstats.cli.entry_point import main

__all__ = ["main"]
