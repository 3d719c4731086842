"""A budget of time for searches, which ends them where they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

__all__ = ["Budget", "SearchEnded", "spend"]


class SearchEnded(Exception):
    """A search ends before it is done; its text is the reason."""


class Budget:
    """Time for searches, and the reason why they end once it is used up.

    Parameters
    ----------
    seconds : float or None
        The time; ``None`` for any time.
    clock : callable
        The seconds that have passed since some moment.
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
        """Raise `SearchEnded` if the time is used up."""
        if self._end is not None and self._clock() >= self._end:
            self.stop(self._limit)
        if self.reason:
            raise SearchEnded(self.reason)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let every search inside spend this budget."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


def spend() -> None:
    """Spend the budget of the search that asks, if it has one: each step of a search asks."""
    budget = _CURRENT.get()
    if budget is not None:
        budget.spend()
