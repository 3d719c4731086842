"""Progress bar of long reads, on a terminal after one second."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer, current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["DELAY", "interruptible", "shown_progress"]

DELAY = 1.0
"""Seconds before anything is shown."""


@contextmanager
def shown_progress() -> Iterator[Callable[[str, float], None]]:
    """Yield a function that reports the step and its progress."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _step, _done: None
        return
    bar = _Bar()
    # A step can be one long call, so nothing but a clock of its own can tell when time is up.
    timer = Timer(DELAY, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.tell
    finally:
        timer.cancel()
        bar.stop()


@contextmanager
def interruptible(stop: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """Stop a search at the first Ctrl-C; yield whether it was pressed.

    A second Ctrl-C ends the command at once.
    """
    pressed = False

    def handle(_number: int, _frame: object) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)
        stop("interrupted")

    if current_thread() is not main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


class _Bar:
    """Progress bar with the current step."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.step, self.done = "", 0.0
        self.stopped = False
        self.drawn: Progress | None = None

    def tell(self, step: str, done: float) -> None:
        with self.lock:
            self.step, self.done = step, done
            self._draw()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with self.lock:
            if not self.stopped:
                self.drawn = Progress(
                    *columns,
                    console=Console(file=sys.stderr),
                    transient=True,
                    # What is printed meanwhile goes where it would go without a bar.
                    redirect_stdout=False,
                    redirect_stderr=False,
                )
                self.drawn.add_task("", total=None)
                self._draw()
                self.drawn.start()

    def stop(self) -> None:
        with self.lock:
            self.stopped = True
            if self.drawn is not None:
                self.drawn.stop()

    def _draw(self) -> None:
        if self.drawn is not None:
            # A step of which nothing is done yet need not say how far it is: the bar only moves.
            total = 1.0 if self.done else None
            (task,) = self.drawn.task_ids
            self.drawn.update(task, description=self.step, total=total, completed=self.done)
