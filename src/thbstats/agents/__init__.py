"""Answers to the questions of chat assistants, as a server of the Model Context Protocol.

The server reads files below one folder and writes nothing. Each answer has the denominator, the
bounds, the coverage, the warnings and the citation of its numbers.
"""

from thbstats.agents.server import serve

__all__ = ["serve"]
