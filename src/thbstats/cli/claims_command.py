"""The command claims."""

import argparse
import json
from typing import TYPE_CHECKING

from thbstats._characters import escape
from thbstats.cli.output import colors, json_of, write_output
from thbstats.errors import InvalidClaims

if TYPE_CHECKING:
    from thbstats.claims import Problem

__all__ = ["claims"]


def claims(args: argparse.Namespace) -> bool:
    """Run a subcommand; return whether there are problems."""
    return {"check": _check, "schema": _schema}[args.claims_command](args)


def _check(args: argparse.Namespace) -> bool:
    """Print the problems of a claims file; return whether there are any."""
    from thbstats.claims import read_claims

    number = 0
    problems: tuple[Problem, ...] = ()
    try:
        number = len(read_claims(args.file).claims)
    except InvalidClaims as error:
        problems = error.problems
    if args.format == "json":
        found = [problem.to_dict() for problem in problems]
        write_output(json_of({"file": args.file, "claims": number, "problems": found}))
    elif problems:
        write_output("\n".join(map(_line, problems)))
    else:
        write_output(f"{escape(args.file)}: {number} {'claim' if number == 1 else 'claims'}, fine")
    return bool(problems)


def _line(problem: "Problem") -> str:
    place = f"\x1b[1m{problem.location}\x1b[0m" if colors() else problem.location
    return f"{place}: {problem.message}"


def _schema(_args: argparse.Namespace) -> bool:
    """Print the schema."""
    from thbstats.claims import claims_schema

    write_output(json.dumps(claims_schema(), indent=2, ensure_ascii=False))
    return False
