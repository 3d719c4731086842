"""The entry point of the command line."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from thbstats.cli.argument_parser import parser
from thbstats.cli.audit_command import audit
from thbstats.cli.claims_command import claims
from thbstats.cli.commands import publications, report
from thbstats.cli.count_command import count
from thbstats.cli.files import convert, formats, read
from thbstats.cli.infer_command import infer
from thbstats.cli.native import keep_output
from thbstats.cli.schema_command import schema
from thbstats.errors import ThbstatsError

__all__ = ["main"]

DONE, FINDINGS, WRONG_USE = 0, 1, 2

_COMMANDS: Mapping[str, Callable[[Namespace], bool]] = {
    "audit": audit,
    "claims": claims,
    "convert": convert,
    "count": count,
    "formats": formats,
    "infer": infer,
    "publications": publications,
    "read": read,
    "report": report,
    "schema": schema,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process unless given.

    Returns
    -------
    int
        0 done, 1 findings where ``--strict`` asks for them or a file that is checked has
        problems, 2 wrong use.
    """
    if argv is None:
        keep_output()
    try:
        asked = parser().parse_args(argv)
    except SystemExit as stop:  # argparse has said why
        return DONE if stop.code in (None, 0) else WRONG_USE
    try:
        found = _COMMANDS[asked.command](asked)
    except (ThbstatsError, OSError) as error:
        print(f"thbstats: {_message(error)}", file=sys.stderr)
        return WRONG_USE
    return FINDINGS if found else DONE


def _message(error: Exception) -> str:
    """Return what to tell a user: of the system's errors the file and the reason."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)
