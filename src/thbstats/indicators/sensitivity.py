"""Sensitivity: what a number is without some of its members."""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.geography import parse_area
from thbstats.results import LeaveOneOut, Result
from thbstats.tables import CountTable, need_table

__all__ = ["leave_groups_out", "leave_one_out", "without"]


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
    return _number(indicator(need_table(table).without(area=area)))


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
    members = _members(table)
    if len(members) < 2:
        raise InvalidValue(
            "leaving one out needs several countries",
            field="over",
            value=", ".join(members),
            mend="Give a table with rows for two countries or more",
        )
    return _left_out(table, indicator, {member: (member,) for member in members}, "each country")


def leave_groups_out(
    table: CountTable,
    indicator: Callable[[CountTable], Result],
    *,
    groups: Mapping[str, Iterable[str]] | None = None,
    size: int | None = None,
) -> LeaveOneOut:
    """Return a number without each of some groups of countries, beside the number with all.

    ``x_G = f(table without all members of group G)``

    Parameters
    ----------
    table : CountTable
        Counts with rows for several countries.
    indicator : callable
        From a table to a `Result`, such as ``lambda t: thb.share(t, base="all", ...)``.
    groups : mapping of str to iterable of str, optional
        Countries by the name of their group; groups may overlap.
    size : int, optional
        Instead, every group of so many countries: of 28 countries there are 378 pairs and 3 276
        triples, each a number to compute.

    Returns
    -------
    LeaveOneOut
        One `Result` per group, labelled by its name or, as in ``"BE+DE"``, by its members;
        `whole` is the number with all.

    Raises
    ------
    InvalidValue
        If neither groups nor a size are given, or both, if a group is empty or nobody is left
        without it, or the indicator gives no number.
    NoSuchCell
        If a member has no row of its own.

    Notes
    -----
    Comparability warnings: those of the indicator, for each number of its own.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("UK", 61), ("FR", 20), ("DE", 19)],
    ...     columns=["area", "value"], kind="victims", period=2016,
    ... )
    >>> found = thb.leave_groups_out(table, thb.total, groups={"neighbours": ["FR", "DE"]})
    >>> found["neighbours"].shown, found.moves()
    ('61', (Interval(-39),))
    >>> [(item.label, item.shown) for item in thb.leave_groups_out(table, thb.total, size=2)]
    [('DE+FR', '61'), ('DE+UK', '20'), ('FR+UK', '19')]

    References
    ----------
    COM(2018) 777, section II: proportions without the United Kingdom.
    """
    if (groups is None) == (size is None):
        raise InvalidValue(
            "either groups are named or their size is",
            field="groups",
            value=groups,
            mend='Say groups={"name": ["BE", ...]} or size=2',
        )
    members = _members(table)
    chosen = {name: _codes(name, codes, members) for name, codes in (groups or {}).items()}
    if size is not None:
        if not 0 < size < len(members):
            raise InvalidValue(
                f"of {len(members)} countries some are left out and some stay",
                field="size",
                value=size,
                mend=f"Give a size from 1 to {len(members) - 1}",
            )
        chosen = {"+".join(group): group for group in combinations(sorted(members), size)}
    return _left_out(table, indicator, chosen, "each group of countries")


def _codes(name: str, codes: Iterable[str], members: Iterable[str]) -> tuple[str, ...]:
    """Return the members of a group that leaves somebody."""
    group = tuple(dict.fromkeys(parse_area(code).code for code in codes))
    if not group or set(members) <= set(group):
        raise InvalidValue(
            "a group is some of the countries",
            row=name,
            field="groups",
            value=", ".join(group),
            mend="Name one country or more, but not all that have rows",
        )
    return group


def _left_out(
    table: CountTable,
    indicator: Callable[[CountTable], Result],
    groups: Mapping[str, Iterable[str]],
    what: str,
) -> LeaveOneOut:
    whole = _number(indicator(table))
    items = [
        evolve(without(table, indicator, area=members), label=name)
        for name, members in groups.items()
    ]
    return LeaveOneOut(caption=f"{whole.label} without {what}", items=items, whole=whole)


def _members(table: CountTable) -> list[str]:
    return [code for code in need_table(table).categories("area") if _is_country(code)]


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
