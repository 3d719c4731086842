"""Checks of a return: structure, tables, earlier returns and other countries."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from thbstats.collection.findings import Finding, ReturnCheck, Severity, frame_of
from thbstats.collection.variables import (
    BLANK,
    CITIZENSHIP,
    GROUPS,
    NOT_RELEVANT,
    PROVIDED,
    Variable,
)
from thbstats.display import count
from thbstats.releases import revisions

if TYPE_CHECKING:
    from thbstats.collection.returns import Return


def check_return(
    own: "Return", previous: "Return | None", mirror: Sequence["Return"]
) -> ReturnCheck:
    """Return the findings on a return, by level."""
    items = [*own.lacking, *own.remarks, *_blanks(own), *_sums(own), *_between(own)]
    items += [] if previous is None else _changes(own, previous)
    items += [item for other in mirror for item in _citizens(own, other)]
    items.sort(key=lambda item: item.level)
    caption = f"Check of {own.plan.name}, {own.area}, {own.period}"
    return ReturnCheck(caption=caption, frame=frame_of(items))


def _range(lower: float, upper: float) -> str:
    if np.isinf(upper):
        return f"{count(int(lower))} or more"
    return count(int(lower)) if lower == upper else f"{count(int(lower))} to {count(int(upper))}"


def _blanks(own: "Return") -> Iterator[Finding]:
    """Yield the number of blanks and zeros of each variable with numbers."""
    for name, cells in own.cells.groupby("variable", sort=False):
        blank = int((cells["state"] == BLANK).sum())
        zero = int(((cells["state"] > NOT_RELEVANT) & (cells["upper"] == 0)).sum())
        if 0 < blank < len(cells):
            text = (
                f"Blank cells: {count(blank)}. Cells with 0: {count(zero)}. A 0 means that there "
            )
            text += "are none, and a blank that the number is not known."
            yield Finding(variable=str(name), code="BLANK", text=text, severity="note")


def _families(variable: Variable, name: str) -> Iterator[tuple[str, Any]]:
    """Yield sets of categories that add up to the total of a dimension, as functions of a code."""
    dimension = variable.schema[name]
    if name == CITIZENSHIP:
        yield "group of citizenship", lambda code: code in {*GROUPS, "unknown"}
        is_country = dimension.is_country
        yield (
            "country of citizenship",
            lambda code: is_country(code) or code in ("stateless", "unknown"),
        )
    elif dimension.total is None:
        yield variable.label(name), lambda code: True
    else:
        total = dimension.total
        yield variable.label(name), lambda code: dimension.parent(code) == total


def _sums(own: "Return") -> Iterator[Finding]:
    """Yield parts above their total, and breakdowns that do not add up to the total."""
    for variable in own.plan.variables:
        overlapping = {*own[variable.name].multiple_response, "register"}
        cells = own.cells[own.cells["variable"] == variable.name].set_index(["stage", "breakdown"])
        for stage in variable.groups:
            for name in variable.dimensions:
                if (stage, "") not in cells.index or (stage, name) not in cells.index:
                    continue
                total, parts = cells.loc[[(stage, "")]].iloc[0], cells.loc[[(stage, name)]]
                for by, is_part in _families(variable, name):
                    family = parts[parts["category"].map(is_part).to_numpy(dtype=bool)]
                    if len(family) > 1:
                        yield from _compared(variable, by, name in overlapping, total, family)


def _compared(
    variable: Variable, by: str, can_overlap: bool, total: Any, parts: pd.DataFrame
) -> Iterator[Finding]:
    lower, upper, largest = parts["lower"].sum(), parts["upper"].sum(), parts["lower"].max()
    whole = _range(total["lower"], total["upper"])
    text, code = (
        f"The parts by {by} add up to {_range(lower, upper)}, and the total is {whole}.",
        "",
    )
    severity, level = Severity.__args__[0], 2  # type: ignore[attr-defined]
    if largest > total["upper"]:
        code, level = "PART_ABOVE_TOTAL", 1
        text = f"A part by {by} is {count(int(largest))}, above the total of {whole}."
    elif lower > total["upper"]:
        code = "PARTS_EXCEED_TOTAL"
        if can_overlap:
            severity, text = "note", f"{text} One person can have several."
    elif upper < total["lower"]:
        code = "PARTS_BELOW_TOTAL"
        severity = "question" if can_overlap or by == "country of citizenship" else "error"
    if code:
        yield Finding(
            variable=variable.name, code=code, text=text, item=by, level=level, severity=severity
        )


def _between(own: "Return") -> Iterator[Finding]:
    """Yield findings on c and d, e and f, and g: persons, decisions and judgments differ."""
    cells = own.cells.set_index(["variable", "breakdown", "category"])

    def bounds(*key: str) -> tuple[float, float, str]:
        if key not in cells.index:
            return 0, np.inf, ""
        lower, upper = cells.loc[[key]].iloc[0][["lower", "upper"]]
        return lower, upper, _range(lower, upper)

    def finding(variable: str, code: str, text: str, severity: Severity = "note") -> Finding:
        return Finding(variable=variable, code=code, text=text, level=2, severity=severity)

    name = "prosecution_decision"
    for code in ("charge_of_trafficking", "charge_of_other_offence", "no_charge"):
        persons, decisions = (bounds(own, name, code) for own in ("prosecuted", "decisions"))
        if persons[1] < np.inf and decisions[1] < np.inf:
            text = (
                f"{code}: {persons[2]} persons and {decisions[2]} decisions. The units differ, so "
            )
            text += "that the numbers need not be equal."
            yield finding("decisions", "PERSONS_AND_DECISIONS", text)
    persons, judgments = (
        bounds("convicted", "", ""),
        bounds("judgments", "court_judgment", "conviction"),
    )
    if (persons[0] > 0 and judgments[1] == 0) or (judgments[0] > 0 and persons[1] == 0):
        text = f"{persons[2]} persons are convicted, and {judgments[2]} judgments are convictions: both "
        text += "must be 0, or neither."
        yield finding("judgments", "CONVICTIONS", text, "error")
    elif persons[1] < np.inf and judgments[1] < np.inf:
        text = f"{persons[2]} persons are convicted by {judgments[2]} judgments. One judgment can "
        text += "convict several persons, and a person can have several judgments."
        yield finding("judgments", "PERSONS_AND_JUDGMENTS", text)
    keys = ["stage", "breakdown", "category"]
    known = own.cells[np.isfinite(own.cells["upper"])]
    for users in own.plan.variables:
        for other in own.plan.variables if users.offences == ("use_of_services",) else ():
            sides = [known[known["variable"] == item.name] for item in (users, other)]
            for stage, both in sides[0].merge(sides[1], on=keys).groupby("stage"):
                same = (both["lower_x"] == both["lower_y"]).all() and (
                    both["lower_x"] > 0
                ).sum() > 1
                if same and users is not other and users.unit == other.unit and stage:
                    text = (
                        f"All {len(both)} counts ({stage}) equal those of {other.subject}. The two "
                    )
                    text += "offences are counted apart: are they copies?"
                    yield finding(users.name, "SAME_COUNTS", text, "question")


def _changes(own: "Return", previous: "Return") -> Iterator[Finding]:
    """Yield jumps since an earlier period, or revisions of the same period."""
    keys = ["stage", "breakdown", "category"]
    for variable in own.plan.variables:

        def finding(code: str, text: str, item: str = "") -> Finding:
            return Finding(variable=variable.name, code=code, text=text, item=item, level=3)  # noqa: B023

        now, then = (
            other.cells[other.cells["variable"] == variable.name] for other in (own, previous)
        )
        lost = then[then["state"] > NOT_RELEVANT].merge(now[now["state"] == BLANK], on=keys)
        if len(lost):
            text = (
                f"{count(len(lost))} cells have a number in the return for {previous.period}, and "
            )
            text += "are blank now."
            yield finding("LOST", text)
        if own.period == previous.period:
            found = revisions(previous[variable.name], own[variable.name])
            if number := found.outcomes["revised"]:
                text = f"{count(number)} cells are revised since the earlier return of this period."
                yield finding("REVISED", text)
            for pattern in found.patterns:
                yield finding("PATTERN", pattern.text)
            continue
        exact = (
            side[(side["state"] == PROVIDED) & (side["lower"] == side["upper"])].set_index(keys)
            for side in (now, then)
        )
        both = pd.concat([side["lower"] for side in exact], axis=1, join="inner").reset_index()
        both.columns = pd.Index([*keys, "now", "then"])
        size = (both["now"] - both["then"]).abs()
        limit = np.maximum(10, 3 * np.sqrt(both["then"]))
        for row in both[size > limit].itertuples(index=False):
            cell = " ".join(filter(None, (row.stage * (len(variable.groups) > 1), row.category)))
            text = f"{cell or 'total'}: {count(row.now)} in {own.period} and {count(row.then)} in "
            text += f"{previous.period}. The difference is above max(10, 3 √{row.then})."
            yield finding("JUMP", text, cell)


def _citizens(own: "Return", other: "Return") -> Iterator[Finding]:
    """Yield the counts of citizens of each country in the return of the other one."""
    for variable in own.plan.variables:
        for here, there in ((own, other), (other, own)):
            cells = [item.cells[item.cells["variable"] == variable.name] for item in (here, there)]
            rows = [
                own_cells[(own_cells["breakdown"] == CITIZENSHIP) & (own_cells["category"] == code)]
                for own_cells, code in zip(cells, (there.area, "reporting_country"), strict=True)
            ]
            if any(not len(row) or not np.isfinite(row["upper"].iloc[0]) for row in rows):
                continue
            abroad, home = (_range(*row[["lower", "upper"]].iloc[0]) for row in rows)
            text = f"{here.area} counts {abroad} citizens of {there.area}, and {there.area} counts {home} "
            text += "of its own citizens. One person can be in both returns."
            yield Finding(
                variable=variable.name,
                code="MIRROR",
                text=text,
                item=there.area,
                level=4,
                severity="note",
            )
