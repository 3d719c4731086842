"""The command that says what other commands print as JSON."""

import argparse
import json

from thbstats.cli.output import write_output

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


def schema(args: argparse.Namespace) -> bool:
    """Print the schema of a command's JSON; there is never anything wrong."""
    from thbstats.cli.schemas import SCHEMAS

    write_output(json.dumps(SCHEMAS[args.of](), indent=2, ensure_ascii=False))
    return False
