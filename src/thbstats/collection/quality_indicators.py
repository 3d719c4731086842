"""Completeness of data sets and returns, and quality indicators of returns."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from thbstats.collection.return_checks import TEXTS, CollectionTable
from thbstats.collection.variables import (
    BLANK,
    CELL,
    COUNT,
    NOT_RELEVANT,
    PROVIDED,
    RETURN,
    SUPPRESSED,
    Variable,
)
from thbstats.errors import InvalidValue, require, require_name
from thbstats.files import Reading
from thbstats.languages import Message
from thbstats.records.converters import area_members
from thbstats.records.source import to_day
from thbstats.releases import revisions
from thbstats.tables import CountTable, Dataset, require_table
from thbstats.values.flags import flag_mask

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan
    from thbstats.collection.returns import Return

_CODES = ["breakdown", "category"]
_BY = ("variable", "area", "period", "breakdown")
_DEPTHS = np.array(["none", "total", "margins", "cross"])
_ESS = "ESS Guidelines for the Implementation of the ESS Quality and Performance Indicators"
_DEFINITIONS = tuple(Message(text, guidelines=_ESS) for text in TEXTS["definitions"])


def completeness(
    table: "CountTable | Dataset | Reading | Iterable[CountTable]",
    plan: "Plan",
    by: str | Sequence[str] = ("area", "period"),
    *,
    areas: str | Iterable[str] | None = None,
) -> CollectionTable:
    r"""Return the completeness of a data set against a plan.

    .. math:: \text{R1}_{\text{producers}} = \frac{\#A_{\text{req}}}{\#D_{\text{req}}} \qquad
        \text{R1}_{\text{users}} = \frac{\#A_{\text{rel}}}{\#D_{\text{rel}}}

    where *A* are the provided cells, *D* with req the required cells without derogations and
    confidential cells, and *D* with rel all relevant cells.

    Parameters
    ----------
    table : CountTable, Dataset, Reading or iterable of CountTable
        The data set. Each of its areas has a return in each of its periods.
    plan : Plan
        The plan.
    by : str or sequence of str
        The keys of the rows: ``"area"``, ``"period"``, ``"variable"`` and ``"breakdown"``; an empty
        list for one row.
    areas : str or iterable of str, optional
        The areas that must report, such as ``"EU27_2020"``; by default those of the data set. An
        area without a row has blank cells in each period.

    Returns
    -------
    CollectionTable
        The columns are the keys and the numbers of cells: ``required``, ``provided`` (a number,
        also 0), ``suppressed`` (or "fewer than n") and ``blank``, which add up to the first.
        ``undecided`` is the number of further cells that are required if a missing table names
        further categories of an open list: the rates then have two bounds, ``producers_lower``,
        ``producers_upper``, ``users_lower`` and ``users_upper``, from 0 to 1. ``depth`` is the most
        detailed table with a number: none, total, margins or cross.

    Raises
    ------
    UnknownName
        If a key or an area does not exist.

    Notes
    -----
    The definition counts cells that are available or provided. Both words are of one set, which
    excludes cells that a producer need not provide and that a reader does not see.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("total", 12), ("female", 9)], columns=["sex", "value"], kind="victims",
    ...     area="MT", period=2020, status="detected",
    ... )
    >>> rates = completeness(table, thb.collection.plan("sdg-16.2.2"), by="area")
    >>> rates["MT"]["provided"], rates["MT"]["required"], rates["MT"]["users_lower"]
    (2, 8, 0.25)

    References
    ----------
    European Statistical System, Guidelines for the Implementation of the ESS Quality and
    Performance Indicators, indicator R1 (data completeness, rate).
    """
    items = table.data if isinstance(table, Reading) else table
    items = items.tables() if isinstance(items, Dataset) else items
    several = [items] if isinstance(items, CountTable | str) else items
    tables = [require_table(own, "table") for own in several]
    is_plan, text = hasattr(plan, "variables"), type(plan).__name__
    require(is_plan, "must be a plan", "Use thb.collection.plan('article-19a')", plan=text)
    pairs = [(own, item) for own in plan.variables for item in tables if own.kind == item.kind]
    hint = "Pass a table of victims or justice"
    require(pairs, "must have a kind of count that the plan asks for", hint, table=plan.name)
    rows = [row for own, item in pairs for row in own.counts(item.columns)]
    cells = pd.DataFrame(rows, columns=COUNT)
    codes = [{code for own in tables for code in own.categories(name)} for name in RETURN]
    if areas is not None:
        listed = [areas] if isinstance(areas, str) else areas
        codes[0] = {code for area in listed for code in area_members(area)}
        cells = cells[cells["area"].isin(codes[0])]
    returns = pd.DataFrame(product(*map(sorted, codes)), columns=RETURN)
    return completeness_of(plan, cells, by, returns)


def named_categories(
    variables: Iterable[Variable], cells: pd.DataFrame, returns: pd.DataFrame
) -> pd.DataFrame:
    """Return the categories of open lists that a table of a return names, by area and period."""
    unknown = {name: own.unknown(name) for own in variables for name in own.open_lists}
    added = returns.merge(pd.DataFrame(unknown.items(), columns=_CODES), how="cross")
    is_named = (cells["state"] > NOT_RELEVANT) & cells["breakdown"].ne("")
    known = cells.loc[is_named, [*RETURN, *_CODES]].drop_duplicates()
    known = known.assign(**{name: known[name].str.split() for name in _CODES}).explode(_CODES)
    known = pd.concat([known[known["breakdown"].isin([*unknown])], added])
    return known.drop_duplicates()


def required_cells(plan: "Plan", named: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that each return must have."""
    frames, is_cross = [], plan.tables == "cross"
    for own in plan.variables:
        lists = {name: own.categories.get(name, ()) for name in own.dimensions}
        for name in own.open_lists if is_cross else ():
            lists[name] = tuple(named.loc[named["breakdown"] == name, "category"].unique())
        cells = pd.DataFrame(own.cells(lists, is_cross=is_cross), columns=CELL)
        frames.append(returns.merge(cells, how="cross"))
        if not is_cross:
            stages = pd.DataFrame({"variable": own.name, "stage": [*own.groups]})
            frames.append(named[named["breakdown"].isin(own.open_lists)].merge(stages, how="cross"))
    return pd.concat(frames, ignore_index=True)


def completeness_of(
    plan: "Plan", cells: pd.DataFrame, by: str | Sequence[str], returns: pd.DataFrame | None = None
) -> CollectionTable:
    """Return the completeness of cells against a plan, by some keys."""
    keys = [by] if isinstance(by, str) else list(by)
    for key in keys:
        require_name(key, _BY, "must be a key", field="by")
    # 1. The state of each required cell; a cell that the tables do not have is blank.
    returns = cells[RETURN].drop_duplicates() if returns is None else returns
    named = named_categories(plan.variables, cells, returns)
    frame = required_cells(plan, named, returns)
    states = cells.groupby([*CELL, *RETURN], sort=False)["state"].max().reset_index()
    frame = frame.merge(states, how="left", on=[*CELL, *RETURN])
    state = frame.pop("state").fillna(BLANK).to_numpy(dtype=int)
    exempt = {(own.name, name) for own in plan.variables for name in own.derogations}
    pairs = zip(frame["variable"], frame["breakdown"].str.split(), strict=True)
    binds = np.array([exempt.isdisjoint(product([v], b)) for v, b in pairs], dtype=bool)
    frame = frame.assign(
        required=state != NOT_RELEVANT,
        provided=state == PROVIDED,
        suppressed=state == SUPPRESSED,
        blank=state == BLANK,
        binding=binds & np.isin(state, (BLANK, PROVIDED)),
        bound=binds & (state == PROVIDED),
        depth=0,
    )
    # 2. The number of further categories of open lists, in returns without their breakdown.
    possible = {(v.name, name): v.possible(name) for v in plan.variables for name in v.open_lists}
    listed = named.groupby([*RETURN, "breakdown"]).size().to_dict()
    where = ["variable", "breakdown", "stage", *RETURN]
    has = (frame["provided"] | frame["suppressed"]).groupby([frame[name] for name in where]).any()
    further = [
        (*key, possible[key[:2]] - listed[(*key[3:], key[1])])
        for key in has.index[~has]
        if key[:2] in possible
    ]
    undecided = pd.DataFrame(further, columns=[*where, "undecided"]).assign(depth=0)
    # 3. The depth of the tables, which can be more detailed than the plan requires.
    deep = cells[(cells["state"] == PROVIDED) & ("breakdown" not in keys)]
    deep = deep.assign(depth=(deep["breakdown"].str.count(r"\S+") + 1).clip(upper=3))
    # 4. Add up, and divide: the rates have two bounds if categories are undecided.
    sums = ["required", "undecided", "provided", "suppressed", "blank", "binding", "bound"]
    frame = pd.concat([frame, undecided, deep], ignore_index=True)
    frame[sums] = frame[sums].fillna(0).astype(int)
    groups = frame.groupby(keys or (lambda _: 0), sort=False)
    depth = _DEPTHS[groups["depth"].max()]
    result = groups[sums].sum().assign(depth=depth).reset_index(drop=not keys)
    for name, provided, divisor in (
        ("producers", result.pop("bound"), result.pop("binding")),
        ("users", result["provided"], result["required"]),
    ):
        for side, added in (("lower", result["undecided"]), ("upper", 0)):
            result[f"{name}_{side}"] = provided / (divisor + added).where(divisor > 0)
    if "breakdown" in keys:
        result = result.drop(columns="depth")
    notes = [_DEFINITIONS[0]]
    if (result["undecided"] > 0).any():
        text = "A missing table can name further categories, so that R1 has two bounds."
        notes.append(Message(text))
    caption = Message("Completeness against {plan}", plan=plan.name)
    return CollectionTable(caption=caption, frame=result, keys=keys, notes=tuple(notes))


def quality_of(own: "Return", released: date | str, earlier: Sequence["Return"]) -> CollectionTable:
    """Return the quality indicators of a return."""
    day, end = to_day(released, "released"), own.period.end
    if day is None or end is None or day <= end:
        hint = "Pass the day of transmission, such as '2026-09-28'"
        problem = f"must be after the end of the period, {end}"
        raise InvalidValue(problem, field="released", value=str(released), hint=hint)
    due: list[Any] = [(day - other).days for other in own.plan.due_days(own.period)] or [None]
    frame = own.completeness().to_frame().drop(columns=["undecided", "depth"])
    names = ["mean_absolute_revision", "relative_mean_absolute_revision"]
    frame[names] = np.nan
    for other in [other for other in earlier if other.period == own.period][-1:]:
        sizes = [revisions(other[name], own[name]).summary() for name in frame["variable"]]
        frame[names] = pd.concat([item.to_frame()[names] for item in sizes]).to_numpy()
    frame["timeliness"] = (day - end).days
    frame["punctuality"], frame["punctuality_latest"] = due[0], due[-1]
    # The consecutive periods with a number, back from the last one to a break in the series.
    by_year = {ret.period.end.year: ret for ret in [*earlier, own] if ret.period.end is not None}
    lengths = dict.fromkeys(frame["variable"], 0)
    for name in lengths:
        year, has_break = max(by_year), False
        while year in by_year and not has_break:
            cells = by_year[year].cells
            cells = cells[(cells["variable"] == name) & (cells["state"] > NOT_RELEVANT)]
            has_break = not len(cells) or bool((cells["flags"] & flag_mask("b")).any())
            year, lengths[name] = year - 1, lengths[name] + bool(len(cells))
    frame["comparable_periods"] = [*lengths.values()]
    title = "Quality of {plan}, {area}, {period}"
    caption = Message(title, plan=own.plan.name, area=own.area, period=str(own.period))
    return CollectionTable(caption=caption, frame=frame, keys=["variable"], notes=_DEFINITIONS)
