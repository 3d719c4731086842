"""The command line: parse, call, print."""

from thbstats.cli.main import main

__all__ = ["main"]
