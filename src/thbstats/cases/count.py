"""One question of cases."""

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
    r"""Return how many cases there are, in total and in every category.

    .. math:: n_{c} = \sum_{i:\ c \text{ applies to case } i} w_i

    Parameters
    ----------
    data : frame of any engine, path, or what reading a file of cases gave
        One row for each case.
    by : str or iterable of str
        The dimensions that stay apart.
    margins, where : optional
        As for `CaseStore.count`.
    **declared
        How the columns are read, what they mean and what holds for every case, as for
        `CaseStore.of`.

    Returns
    -------
    CountTable

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
