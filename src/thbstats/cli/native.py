"""Standard output and signals of the process."""

import os
import signal
import sys
from types import FrameType

__all__ = ["end_in_order", "keep_output"]


def keep_output() -> None:
    """Redirect output of C code from standard output to standard error.

    The solver in C prints lines that would break JSON output, the last one at the end of the
    process. Standard output stays unchanged on a terminal, because its width is needed.
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
    """Raise KeyboardInterrupt for signals that end the process, to delete temporary files.

    The second signal of a kind ends the process at once.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt(number)
