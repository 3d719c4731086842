"""The command that says what other commands print as JSON."""

import argparse
import json

from thbstats.cli.output import say

__all__ = ["WITH_SCHEMA", "schema"]

WITH_SCHEMA = (
    "audit",
    "claims-check",
    "count",
    "formats",
    "infer",
    "publications",
    "read",
    "report",
)
"""The commands that print JSON."""


def schema(asked: argparse.Namespace) -> bool:
    """Print the schema of a command's JSON; there is never anything wrong."""
    from thbstats.cli.schemas import SCHEMAS

    say(json.dumps(SCHEMAS[asked.of](), indent=2, ensure_ascii=False))
    return False
