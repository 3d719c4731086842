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
from thbstats.cli.hints import with_options
from thbstats.cli.infer_command import infer
from thbstats.cli.native import end_in_order, keep_output
from thbstats.cli.output import complain, flush, refuse_inputs
from thbstats.cli.schema_command import schema
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName

__all__ = ["main"]

SUCCESS, ISSUES, USAGE_ERROR, SIGNAL = 0, 1, 2, 128
_SIGPIPE = 13
"""The number of SIGPIPE, which Windows does not have."""

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
        The arguments; by default those of the process.

    Returns
    -------
    int
        0 success, 1 issues found (with ``--strict``, or by ``claims check``), 2 usage error, 128
        plus the number of a signal: 130 for Ctrl-C, 141 for a closed pipe, 143 for SIGTERM.
    """
    if argv is None:
        keep_output()
        end_in_order()
    command = ""
    try:
        try:
            args = parser().parse_args(argv)
        except SystemExit as stop:  # argparse has printed the reason
            flush()
            return SUCCESS if stop.code in (None, 0) else USAGE_ERROR
        command = args.command
        refuse_inputs(args)
        return ISSUES if _COMMANDS[command](args) else SUCCESS
    except BrokenPipeError:
        return SIGNAL + _SIGPIPE
    except KeyboardInterrupt as stop:
        number = stop.args[0] if stop.args else signal.SIGINT
        complain("interrupted" if number == signal.SIGINT else "ended", command)
        return SIGNAL + number
    except MemoryError:
        complain("not enough memory. Use a smaller file or a larger machine", command)
    except (ThbstatsError, OSError) as error:
        complain(_message(error), command)
    return USAGE_ERROR


def _message(error: Exception) -> str:
    """Return the message of an error, with options instead of Python arguments."""
    if not isinstance(error, OSError):
        field = getattr(error, "field", None)
        if isinstance(error, InvalidValue | UnknownName) and str(field).startswith("--"):
            got = "" if error.value in (None, True) else f", got {error.value!r}"
            hint = f" {error.hint}" if error.hint else ""
            return with_options(f"{field} {error.problem}{got}.{hint}")
        return with_options(str(error))
    reason = error.strerror or str(error)
    return reason if error.filename is None else f"{escape(os.fsdecode(error.filename))}: {reason}"
