"""The command schema."""

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
    """Print the JSON Schema of a command."""
    from thbstats.cli.schemas import SCHEMAS

    write_output(json.dumps(SCHEMAS[args.of](), indent=2, ensure_ascii=False))
    return False
