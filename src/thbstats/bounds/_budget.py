"""Time limits of searches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class SearchEnded(Exception):
    """End of a search before it is complete; the message contains the reason."""


class Budget:
    """Time limit of searches.

    Parameters
    ----------
    seconds : float or None
        The time limit; ``None`` for no limit.
    clock : callable
        A monotonic clock in seconds.
    """

    def __init__(self, seconds: float | None, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self._limit = f"time limit of {seconds:g} seconds" if seconds is not None else ""
        self.reason = ""

    def stop(self, reason: str) -> None:
        """End all searches at their next step."""
        self.reason = self.reason or reason

    def spend(self) -> None:
        """Raise `SearchEnded` if the time limit is reached."""
        if self._end is not None and self._clock() >= self._end:
            self.stop(self._limit)
        if self.reason:
            raise SearchEnded(self.reason)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply this budget to all searches in the context."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def spend() -> None:
    """Check the current budget, if there is one."""
    budget = _CURRENT.get()
    if budget is not None:
        budget.spend()
