"""Sensitivity: what a number is without each of its members."""

from collections.abc import Callable, Iterable

from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.geography import parse_area
from thbstats.results import LeaveOneOut, Result
from thbstats.tables import CountTable

__all__ = ["leave_one_out", "without"]


def without(
    table: CountTable, indicator: Callable[[CountTable], Result], *, area: str | Iterable[str]
) -> Result:
    """Return a number without one member of its area.

    ``x = f(table without the member)``

    Parameters
    ----------
    table : CountTable
        Counts with rows for the member.
    indicator : callable
        From a table to a `Result`, such as ``lambda t: thb.share(t, base="all", ...)``.
    area : str or iterable of str
        The member, or the members, that are left out.

    Returns
    -------
    Result
        What the indicator gives for the others; an aggregate is renamed, as in
        ``"EU28 without UK"``, and never kept under its old name.

    Raises
    ------
    NoSuchCell
        If the member has no row of its own.

    Notes
    -----
    Comparability warnings: those of the indicator.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 19)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> thb.without(table, thb.total, area="UK").shown
    '39'

    References
    ----------
    COM(2018) 777, section II: proportions without the United Kingdom.
    """
    return _number(indicator(table.without(area=area)))


def leave_one_out(
    table: CountTable, indicator: Callable[[CountTable], Result], *, over: str = "area"
) -> LeaveOneOut:
    """Return a number without each member in turn, beside the number with all of them.

    ``x_i = f(table without member i)``

    Parameters
    ----------
    table : CountTable
        Counts with rows for several members.
    indicator : callable
        From a table to a `Result`, such as ``lambda t: thb.share(t, base="all", ...)``.
    over : str
        The dimension whose members are left out; only ``"area"`` has members.

    Returns
    -------
    LeaveOneOut
        One `Result` per member, labelled by it; `whole` is the number with all.

    Raises
    ------
    InvalidValue
        If the dimension has no members, or fewer than two, or the indicator gives no number.

    Notes
    -----
    Comparability warnings: those of the indicator, for each number of its own.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 0, 50)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"],
    ...     kind="victims",
    ...     period=2016,
    ... )
    >>> found = thb.leave_one_out(
    ...     table, lambda t: thb.share(t, exploitation="labour", base="recorded")
    ... )
    >>> found["UK"].shown, found.whole.shown
    ('36.4 %', '47.6 %')

    References
    ----------
    COM(2018) 777, section II: proportions without the United Kingdom.
    """
    if over != "area":
        raise InvalidValue(
            "only areas have members that can be left out",
            field="over",
            value=over,
            mend="Use over='area'; drop a category with where()",
        )
    members = [code for code in table.categories(over) if _is_country(code)]
    if len(members) < 2:
        raise InvalidValue(
            "leaving one out needs several countries",
            field="over",
            value=", ".join(members),
            mend="Give a table with rows for two countries or more",
        )
    whole = _number(indicator(table))
    items = [evolve(without(table, indicator, area=member), label=member) for member in members]
    return LeaveOneOut(caption=f"{whole.label} without each country", items=items, whole=whole)


def _is_country(code: str) -> bool:
    return len(parse_area(code).members) == 1


def _number(result: object) -> Result:
    if not isinstance(result, Result):
        raise InvalidValue(
            "leaving one out is for one number",
            field="indicator",
            value=type(result).__name__,
            mend="Choose one of several, such as lambda t: thb.breakdown(t, ...)['sexual']",
        )
    return result
