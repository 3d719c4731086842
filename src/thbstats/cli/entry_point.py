"""The entry point of the command line, and the streams and signals of its process."""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import FrameType

from thbstats._characters import escape
from thbstats.cli.arguments import parser
from thbstats.cli.output import check_outputs, complain, flush, with_options
from thbstats.errors import InvalidValue, ThbstatsError, UnknownName

SUCCESS, USAGE_ERROR, SIGNAL = 0, 2, 128
_SIGPIPE = 13
"""The number of SIGPIPE, which Windows does not have."""

_MODULES = {
    **dict.fromkeys(
        ("audit", "claims", "compare", "infer", "passport", "report"), "publication_commands"
    ),
    "publications": "publication_list",
    **dict.fromkeys(
        ("collect", "convert", "count", "explore", "formats", "lists", "mcp", "read", "revisions"),
        "file_commands",
    ),
    **dict.fromkeys(("completion", "schema"), "command_schemas"),
}
"""The module of each command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        0 success, 1 issues found (with ``--strict``, or by ``claims check``), 2 usage error, 3 a
        check that did not end (with ``--strict``), 128 plus the number of a signal: 130 for Ctrl-C,
        141 for a closed pipe, 143 for SIGTERM.
    """
    ignored: list[int] = []
    if argv is None:
        _keep_output()
        ignored = _ignored_interrupts()
        for name in ("SIGTERM", "SIGHUP"):  # to delete temporary files
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _interrupt)
    command, args = "", Namespace()
    try:
        try:
            args = parser().parse_args(argv)
        except SystemExit as stop:  # argparse has printed the reason
            flush()
            return SUCCESS if stop.code in (None, 0) else USAGE_ERROR
        if args.command is None:
            parser().print_help()
            return SUCCESS
        command = args.command
        check_outputs(args)
        status = run(args)
        if ignored:
            raise KeyboardInterrupt(ignored[0])
        return status
    except BrokenPipeError:
        return SIGNAL + _SIGPIPE
    except KeyboardInterrupt as stop:
        number = stop.args[0] if stop.args else signal.SIGINT
        complain("interrupted" if number == signal.SIGINT else "ended", command)
        return SIGNAL + number
    except MemoryError:
        complain("not enough memory. Use a smaller file or a larger machine", command)
    except (ThbstatsError, OSError) as error:
        complain(_message(error, args), command)
    return USAGE_ERROR


def run(args: Namespace) -> int:
    """Run a command; return its exit code, which is 1 if it found issues."""
    module = import_module(f"thbstats.cli.{_MODULES[args.command]}")
    commands: Mapping[str, Callable[[Namespace], int | bool | None]] = vars(module)
    return int(commands[args.command](args) or SUCCESS)


def _message(error: ThbstatsError | OSError, args: Namespace) -> str:
    """Return the message of an error, with options instead of Python arguments."""
    facts = {"declares": "declare" in args, "is_question": "answers" in args}
    if isinstance(error, ThbstatsError):
        field = getattr(error, "field", None)
        if isinstance(error, InvalidValue | UnknownName) and str(field).startswith("--"):
            got = "" if error.value in (None, True) else f", got {error.value!r}"
            hint = f" {error.hint}" if error.hint else ""
            return with_options(f"{field} {error.problem}{got}.{hint}", **facts)
        return with_options(str(error), **facts)
    reason = error.strerror or str(error)
    return reason if error.filename is None else f"{escape(os.fsdecode(error.filename))}: {reason}"


def _keep_output() -> None:
    """Redirect output of C code from standard output to standard error.

    The solver in C prints lines that would break JSON output, the last one at the end of the
    process. Standard output stays unchanged on a terminal, because its width is needed.
    """
    for number in range(3):  # no file that is opened takes the place of a closed stream
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    stream = sys.stdout
    try:
        if stream.isatty():
            return
        stream.flush()
        own = os.dup(stream.fileno())
        os.dup2(sys.stderr.fileno(), stream.fileno())
    except (AttributeError, OSError, ValueError):  # there is none, it is closed, or it is no file
        return
    sys.stdout = open(  # noqa: SIM115 - open as long as the process is
        own, "w", encoding=stream.encoding, errors=stream.errors
    )


def _ignored_interrupts() -> list[int]:
    """Return a list for the signals that arrive in a finaliser, where Python ignores exceptions."""
    numbers: list[int] = []
    report = sys.unraisablehook

    def handle(ignored: "sys.UnraisableHookArgs") -> None:
        if isinstance(ignored.exc_value, KeyboardInterrupt):
            numbers.append(next(iter(ignored.exc_value.args), signal.SIGINT))
        else:
            report(ignored)

    sys.unraisablehook = handle
    return numbers


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """Interrupt the command; the second signal of a kind ends the process at once."""
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt(number)
