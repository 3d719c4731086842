"""Range of possible ages."""

from typing import Any

from attrs import frozen

__all__ = ["Ages"]


@frozen
class Ages:
    """The range of possible ages, in completed years.

    Parameters
    ----------
    lowest, highest : int or None
        The lowest and the highest age; -1 is before the birth. ``None`` if a date is missing.
    birth, event : object
        The value in place of a missing date, or the two dates of an impossible age.
    """

    lowest: int | None
    highest: int | None
    birth: Any = None
    event: Any = None

    def __str__(self) -> str:
        if self.lowest is None:
            return "no date"
        if self.lowest == self.highest:
            return f"{self.lowest}"
        return f"{self.lowest} to {self.highest}"
