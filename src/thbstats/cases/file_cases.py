"""Cases of `thbstats.read`."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from thbstats.cases.filters import Filter, apply_filter
from thbstats.errors import InvalidValue
from thbstats.exchange import Reading
from thbstats.exchange.cases import Cases

__all__ = ["flag_columns", "read_cases"]


def read_cases(data: Any, filter: Filter = ()) -> Cases | None:
    """Return the cases of a file that was read; ``None`` for other data.

    Raises
    ------
    InvalidValue
        If the file contains no cases.
    """
    if isinstance(data, Reading):
        if data.cases is None:
            raise InvalidValue(
                f"`data` must contain cases, and {data.log.name} contains counts",
                field="data",
                hint="Use its table: .data",
            )
        data = data.cases
    if not isinstance(data, Cases):
        return None
    if not filter:
        return data
    import narwhals.stable.v2 as nw

    frame = apply_filter(nw.from_native(data.frame), filter).to_native()
    return evolve(data, frame=frame.reset_index(drop=True))


def flag_columns(cases: Cases) -> dict[str, Mapping[str, str]]:
    """Return the columns of yes and no, by dimension with multiple response."""
    return {
        name: {code: f"{name}={code}" for code in codes} for name, codes in cases.multiple.items()
    }
