"""The process of the command line: its standard output, and the signals that end it."""

import os
import signal
import sys
from types import FrameType

__all__ = ["end_in_order", "keep_output"]


def keep_output() -> None:
    """Send to standard error whatever else would write to standard output, to the end.

    A solver in C that some commands use prints a line of its own now and then, whatever its options
    say, which would spoil JSON that another program reads. C code may write its last line when the
    process ends, so that nothing is put back. For a process that is ours alone; on a terminal,
    whose width is asked of the output that is there, the line may stay.
    """
    for number in range(3):  # no file that is opened takes the place of a closed stream
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    given = sys.stdout
    try:
        if given.isatty():
            return
        given.flush()
        own = os.dup(given.fileno())
        os.dup2(sys.stderr.fileno(), given.fileno())
    except (AttributeError, OSError, ValueError):  # there is none, it is closed, or it is no file
        return
    sys.stdout = open(  # noqa: SIM115 - open as long as the process is
        own,
        "w",
        encoding=given.encoding,
        errors=given.errors,
    )


def end_in_order() -> None:
    """Let signals that end the process raise KeyboardInterrupt, so that temporary files go.

    The second signal of a kind ends the process at once.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt(number)
