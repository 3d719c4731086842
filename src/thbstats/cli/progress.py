"""Progress of long commands, on a terminal after one second."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock, Timer, current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

DELAY = 1.0
"""Seconds before anything is shown."""


@contextmanager
def shown_progress() -> Iterator[Callable[[str, float], None]]:
    """Yield a function that reports the step and its progress."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _step, _done: None
        return
    progress = _Lines() if find_spec("rich") is None else _Bar()
    # A step can be one long call, so that a clock of its own shows the progress.
    timer = Timer(DELAY, progress.show)
    timer.daemon = True
    timer.start()
    try:
        yield progress.update
    finally:
        timer.cancel()
        progress.stop()


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


class _Lines:
    """Progress as a line for each step."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.step, self.done = "", 0.0
        self.is_shown = self.is_stopped = False

    def update(self, step: str, done: float) -> None:
        with self.lock:
            is_new = step != self.step
            self.step, self.done = step, done
            if self.is_shown:
                self.draw(is_new=is_new)

    def show(self) -> None:
        with self.lock:
            if not self.is_stopped:
                self.is_shown = True
                self.draw(is_new=True)

    def stop(self) -> None:
        with self.lock:
            self.is_stopped, self.is_shown = True, False

    def draw(self, *, is_new: bool) -> None:
        """Print a new step."""
        if is_new and self.step:
            print(f"{self.step}...", file=sys.stderr, flush=True)


class _Bar(_Lines):
    """Progress as a bar of rich with the current step."""

    bar: "Progress | None" = None

    def stop(self) -> None:
        super().stop()
        if self.bar is not None:
            self.bar.stop()

    def draw(self, *, is_new: bool) -> None:
        """Move the bar; if nothing of a step is done, the bar only moves to and fro."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        if is_first := self.bar is None:
            self.bar = Progress(
                *(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()),
                console=Console(file=sys.stderr),
                transient=True,
                # Other output goes where it goes without a bar.
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self.bar.add_task("", total=None)
        (task,) = self.bar.task_ids
        total = 1.0 if self.done else None
        self.bar.update(task, description=self.step, total=total, completed=self.done)
        if is_first:
            self.bar.start()
