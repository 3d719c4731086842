"""Where text goes: always UTF-8, in colour on a terminal only, and quiet when nobody reads on."""

import os
import shutil
import sys

__all__ = ["colors", "say", "terminal_width"]


def colors() -> bool:
    """Return whether standard output shows colours and its user has not declined them."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not declined


def terminal_width() -> int:
    """Return how many columns a line may have: of the terminal, or 80 without one."""
    return shutil.get_terminal_size().columns


def say(text: str) -> None:
    """Write a text to standard output as UTF-8, whatever the locale says.

    A reader who has seen enough, such as ``head``, ends the writing without an error.
    """
    try:
        _write(f"{text}\n")
    except BrokenPipeError:
        # What is still buffered has nowhere to go, and must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(text: str) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a stream of text alone, as notebooks and tests put in its place
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        buffer.write(text.encode())
    sys.stdout.flush()
