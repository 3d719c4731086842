"""A count of cases in one call."""

from collections.abc import Iterable, Mapping
from typing import Any

from thbstats.cases.store import CaseStore
from thbstats.counting import Margins
from thbstats.tables import CountTable

__all__ = ["count_cases"]


def count_cases(
    data: Any,
    by: str | Iterable[str] = (),
    *,
    margins: Margins = "all",
    where: Mapping[str, Any] | None = None,
    **declared: Any,
) -> CountTable:
    r"""Return the number of cases, in total and by category.

    .. math:: n_{c} = \sum_{i:\ c \text{ applies to case } i} w_i

    Parameters
    ----------
    data : frame of any engine, path, list of paths, Reading or Cases
        One row per case, as for `CaseStore.of`.
    by : str or iterable of str
        The dimensions of the table.
    margins, where : optional
        As for `CaseStore.count`.
    **declared
        The columns, the meaning of their values, and the constants of all cases, as for
        `CaseStore.of`. A value that is not declared raises: empty cells are declared with
        ``missing=[None]``. Of the constants, ``area=`` and ``period=`` are required only if the
        cases do not record them, as `CaseStore.count` describes.

    Returns
    -------
    CountTable
        The table that `CaseStore.count` returns.

    Raises
    ------
    UnknownName, InvalidValue
        As for `CaseStore.of` and `CaseStore.count`.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"sex": ["female", "male", "female"], "age": ["child", None, "adult"]})
    >>> table = count_cases(cases, by=["sex", "age"], missing=[None], area="MT", period=2020)
    >>> table.count(sex="female"), table.count(age="unknown"), table.count()
    (Count(2), Count(1), Count(3))
    """
    return CaseStore.of(data, **declared).count(by, margins=margins, where=where)
