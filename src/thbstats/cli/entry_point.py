"""The entry point of the command line."""

import os
import signal
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from thbstats._characters import escape
from thbstats.cli.argument_parser import parser
from thbstats.cli.audit_command import audit
from thbstats.cli.claims_command import claims
from thbstats.cli.commands import publications, report
from thbstats.cli.count_command import count
from thbstats.cli.files import convert, formats, read
from thbstats.cli.infer_command import infer
from thbstats.cli.native import end_in_order, keep_output
from thbstats.cli.output import complain, flush, refuse_inputs
from thbstats.cli.schema_command import schema
from thbstats.errors import ThbstatsError

__all__ = ["main"]

DONE, FINDINGS, WRONG_USE, ENDED = 0, 1, 2, 128
_SIGPIPE = 13
"""The number everywhere; Windows has no such signal."""

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
        problems, 2 wrong use, 128 and the number of the signal that ended it: 130 for Ctrl-C, 141
        if the reader of the output has closed it, 143 for SIGTERM.
    """
    if argv is None:
        keep_output()
        end_in_order()
    try:
        return _run(argv)
    except BrokenPipeError:
        return ENDED + _SIGPIPE
    except KeyboardInterrupt as stop:
        number = stop.args[0] if stop.args else signal.SIGINT
        complain("interrupted" if number == signal.SIGINT else "ended")
        return ENDED + number
    except MemoryError:
        complain("the memory does not suffice. Give a smaller file, or use a larger machine")
    except (ThbstatsError, OSError) as error:
        complain(_message(error))
    return WRONG_USE


def _run(argv: Sequence[str] | None) -> int:
    try:
        asked = parser().parse_args(argv)
    except SystemExit as stop:  # argparse has said why
        flush()
        return DONE if stop.code in (None, 0) else WRONG_USE
    refuse_inputs(asked)
    return FINDINGS if _COMMANDS[asked.command](asked) else DONE


def _message(error: Exception) -> str:
    """Return what to tell a user: of the system's errors the file and the reason."""
    if not isinstance(error, OSError):
        return str(error)
    reason = error.strerror or str(error)
    return reason if error.filename is None else f"{escape(os.fsdecode(error.filename))}: {reason}"
