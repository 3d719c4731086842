"""How old a person can have been."""

from typing import Any

from attrs import frozen

__all__ = ["Ages"]


@frozen
class Ages:
    """How old a person can have been, in completed years, as far as the dates say.

    Parameters
    ----------
    lowest, highest : int or None
        The youngest and the oldest; -1 is before the birth. ``None`` where a date is not there.
    birth, event : object
        What stands there instead of a date; of impossible ages, dates that make them.
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
