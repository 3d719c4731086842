"""Completeness of returns: the cells that a plan requires, and the rates of provided cells."""

from collections.abc import Iterable, Sequence
from itertools import chain, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats.collection.return_checks import DEFINITIONS, CollectionTable
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
from thbstats.errors import require, require_name
from thbstats.files import Reading
from thbstats.languages import Message, joined
from thbstats.records.converters import area_members
from thbstats.tables import CountTable, Dataset, require_table

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan


_CODES = ["breakdown", "category"]
_BY = ("variable", "area", "period", "breakdown")
_DEPTHS = np.array(["none", "total", "margins", "cross"])
_STATES = ["required", "provided", "suppressed", "blank"]
_TABLE = ["variable", "stage", "breakdown", *RETURN]


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
        The data set. Each area of its tables has a return in each of their periods. This includes
        tables of a kind that the plan does not ask for; a note names their further areas and
        periods, whose cells are blank.
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
        also 0), ``suppressed`` (or "fewer than n") and ``blank``; the last three add up to
        ``required``. ``undecided`` is the number of further cells that are required if a missing
        table names further categories of an open list: the rates then have two bounds,
        ``producers_lower``, ``producers_upper``, ``users_lower`` and ``users_upper``, from 0 to 1.
        ``depth`` is the most detailed table with a number: none, total, margins or cross.

    Raises
    ------
    UnknownName
        If a key or an area does not exist.

    Notes
    -----
    The definition has the words available and provided. Both refer to one set of cells, without
    cells that a producer need not provide and cells that a reader does not see.

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
    covered = [{code for _, item in pairs for code in item.categories(name)} for name in RETURN]
    further = [every - own for every, own in zip(codes, covered, strict=True)]
    if areas is not None:
        listed = [areas] if isinstance(areas, str) else areas
        codes[0], further[0] = {code for area in listed for code in area_members(area)}, set()
        cells = cells[cells["area"].isin(codes[0])]
    returns = pd.DataFrame(product(*map(sorted, codes)), columns=RETURN)
    result = completeness_of(plan, cells, by, returns)
    if named := sorted(chain(*further)):
        text = (
            "Only counts that the plan does not ask for have these areas or periods, whose cells "
            "are blank: {codes}."
        )
        note = Message(text, codes=joined(named, last=", "))
        result = evolve(result, notes=(*result.notes, note))
    return result


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
        if is_cross and own.open_lists:
            for (area, period), rows in named.groupby(RETURN, sort=False):
                codes = rows.groupby("breakdown", sort=False)["category"].agg(tuple)
                named_lists = lists | {name: codes[name] for name in own.open_lists}
                cells = pd.DataFrame(own.cells(named_lists, is_cross=True), columns=CELL)
                frames.append(cells.assign(area=str(area), period=str(period)))
            continue
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
    returns = cells[RETURN].drop_duplicates() if returns is None else returns
    named = named_categories(plan.variables, cells, returns)
    required = _states(plan, cells, required_cells(plan, named, returns))
    undecided = _undecided(plan, required, named)
    # 1. Add up each frame by key. All keys are those of required cells.
    groups = keys or (lambda _: 0)
    result = required.groupby(groups, sort=False)[[*_STATES, "binding", "bound"]].sum()
    further = undecided.groupby(groups)["undecided"].sum()
    result.insert(1, "undecided", further.reindex(result.index, fill_value=0).astype(int))
    if "breakdown" not in keys:
        depth = _depths(cells).groupby(groups)["depth"].max()
        result["depth"] = _DEPTHS[depth.reindex(result.index, fill_value=0).astype(int)]
    result = result.reset_index(drop=not keys)
    # 2. Divide: the rates have two bounds if categories are undecided.
    for name, provided, divisor in (
        ("producers", result.pop("bound"), result.pop("binding")),
        ("users", result["provided"], result["required"]),
    ):
        for side, added in (("lower", result["undecided"]), ("upper", 0)):
            result[f"{name}_{side}"] = provided / (divisor + added).where(divisor > 0)
    notes = [DEFINITIONS[0]]
    if (result["undecided"] > 0).any():
        text = "A missing table can name further categories, so that R1 has two bounds."
        notes.append(Message(text))
    caption = Message("Completeness against {plan}", plan=plan.name)
    return CollectionTable(caption=caption, frame=result, keys=keys, notes=tuple(notes))


def _states(plan: "Plan", cells: pd.DataFrame, required: pd.DataFrame) -> pd.DataFrame:
    """Return the required cells with columns of truth values by state.

    A cell that the tables do not have is blank. Cells without derogation that are blank or provided
    are ``binding``, and the provided ones of these are ``bound``.
    """
    states = cells.groupby([*CELL, *RETURN], sort=False)["state"].max().reset_index()
    frame = required.merge(states, how="left", on=[*CELL, *RETURN])
    state = frame.pop("state").fillna(BLANK).to_numpy(dtype=int)
    exempt = {(own.name, name) for own in plan.variables for name in own.derogations}
    pairs = zip(frame["variable"], frame["breakdown"].str.split(), strict=True)
    binds = np.array([exempt.isdisjoint(product([v], b)) for v, b in pairs], dtype=bool)
    return frame.assign(
        required=state != NOT_RELEVANT,
        provided=state == PROVIDED,
        suppressed=state == SUPPRESSED,
        blank=state == BLANK,
        binding=binds & np.isin(state, (BLANK, PROVIDED)),
        bound=binds & (state == PROVIDED),
    )


def _undecided(plan: "Plan", required: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Return the tables of open lists without a number, with their further categories.

    A missing table of 249 possible citizenships, of which the other tables of the return name 2,
    has 247 ``undecided`` cells.
    """
    lists = [
        (own.name, name, own.possible(name)) for own in plan.variables for name in own.open_lists
    ]
    possible = pd.DataFrame(lists, columns=["variable", "breakdown", "possible"], dtype=object)
    listed = named.groupby([*RETURN, "breakdown"]).size().rename("listed").reset_index()
    has_number = required["provided"] | required["suppressed"]
    tables = required.assign(has_number=has_number).groupby(_TABLE)["has_number"].any()
    missing = tables[~tables].reset_index().merge(possible, on=["variable", "breakdown"])
    missing = missing.merge(listed, on=[*RETURN, "breakdown"])
    return missing.assign(undecided=missing["possible"] - missing["listed"])


def _depths(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the provided cells with the depth of their tables, also beyond the plan."""
    deep = cells[cells["state"] == PROVIDED]
    return deep.assign(depth=(deep["breakdown"].str.count(r"\S+") + 1).clip(upper=3))
