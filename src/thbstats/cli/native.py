"""The standard output of the process, kept for what the command line writes itself."""

import os
import sys

__all__ = ["keep_output"]


def keep_output() -> None:
    """Send to standard error whatever else would write to standard output, to the end.

    A solver in C that some commands use prints a line of its own now and then, whatever its options
    say, which would spoil JSON that another program reads. C code may write its last line when the
    process ends, so that nothing is put back. For a process that is ours alone; on a terminal,
    whose width is asked of the output that is there, the line may stay.
    """
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
