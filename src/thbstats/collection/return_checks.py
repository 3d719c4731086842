"""Findings on returns: checks and quality indicators."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import permutations, product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from attrs import field, frozen

from thbstats._files import package_text
from thbstats.collection.variables import (
    BLANK,
    CELL,
    CITIZENSHIP,
    GROUPS,
    NOT_RELEVANT,
    PROVIDED,
    Variable,
    label_of,
)
from thbstats.display import DisplayTable, count
from thbstats.errors import InvalidValue, UnknownName
from thbstats.languages import Message, Plural, joined, lowered
from thbstats.releases import RevisionTable, revisions
from thbstats.values import Interval, flag_mask, is_integer
from thbstats.values.period import to_day
from thbstats.vocabulary.translations import code_text

if TYPE_CHECKING:
    from thbstats.collection.returns import Return


TEXTS: dict[str, Any] = tomllib.loads(package_text("thbstats.collection", "return_checks.toml"))
_MOST_ROWS = 60


@frozen(kw_only=True)
class Finding:
    """A finding on a plan, on the data of a return, or on a return.

    Parameters
    ----------
    variable : str
        The variable; empty for the whole plan or return.
    code : str
        The kind of finding, such as ``"AGE_BANDS"``.
    item : str
        The dimension, category, day or column concerned.
    parts : mapping
        The numbers and words of the sentence.
    """

    variable: str
    code: str
    item: str = ""
    parts: Mapping[str, Any] = field(factory=dict)

    @classmethod
    def of(cls, code: str, variable: str = "", *, item: str = "", **parts: Any) -> "Finding":
        """Return a finding with the numbers and words of its sentence."""
        own = {name: int(part) if is_integer(part) else part for name, part in parts.items()}
        for name, part in own.items():
            if isinstance(part, Interval):  # a list, as in the files of a return
                own[name] = [part.lower, part.upper]
        return cls(variable=variable, code=code, item=item, parts=own)

    @property
    def text(self) -> str:
        """The finding in one or several sentences, with its numbers."""
        forms, codes = TEXTS["findings"][self.code]["text"], self.item.split()
        own = {"item": joined(map(code_text, codes), " ", " ") if codes else "", **self.parts}
        if names := self.parts.get("by"):  # "unknown" is a category of several dimensions
            labels = joined(map(label_of, names), last=", ")
            own["item"] = Message(
                "{category} ({dimension})", category=own["item"], dimension=labels
            )
        own["quoted"] = f"`{self.item}`"  # a name of a column or a code is not translated
        # Labels and numbers are made here, so that a return that was read has translations too.
        for name, part in own.items():
            if name == "labels":
                own[name] = joined(map(label_of, part), last=", ")
            elif name == "label":
                own[name] = label_of(part)
            elif isinstance(part, int):
                own[name] = count(part)
            elif isinstance(part, list) and part and not isinstance(part[0], str):
                own[name] = count(Interval(*part))
        if isinstance(forms, str):
            return Message(forms, **own)
        return Plural(forms[0], forms[1], self.parts["number"], **own)

    @property
    def level(self) -> int:
        """The position of the finding in the levels of a check.

        The levels are structure, within tables, between tables, earlier returns, other countries.
        """
        return int(TEXTS["findings"][self.code].get("level", 0))

    @property
    def severity(self) -> Literal["error", "question", "note"]:
        """The severity: errors are impossible, questions need an answer, notes need no action."""
        result: Literal["error", "question", "note"]
        result = TEXTS["findings"][self.code].get("severity", "question")
        return result


def frame_of(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return a row for each finding."""
    names = ["variable", "code", "text", "item", "level", "severity"]
    rows = [[getattr(finding, name) for name in names] for finding in findings]
    # A column of objects keeps the translations of texts.
    return pd.DataFrame(rows, columns=names, dtype=object).astype({"level": int})


@frozen(kw_only=True, eq=False, repr=False)
class CollectionTable(RevisionTable):
    """Rows about plans and returns: completeness, quality, findings, differences or files.

    Parameters
    ----------
    caption, frame, notes
        As for `thbstats.releases.RevisionTable`.
    keys : sequence of str
        The columns that identify a row, for ``table[key]``.
    """

    keys: Sequence[str] = ()

    def __getitem__(self, key: Any) -> dict[str, Any]:
        """Return the row of a key, such as ``table["victims"]`` or ``table["IT", 2025]``."""
        texts = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        for row in self.frame.to_dict("records"):
            if tuple(str(row[name]) for name in self.keys) == texts:
                return {str(name): value for name, value in row.items()}
        hint = f"Use the values of {', '.join(self.keys)}"
        raise UnknownName(f"No row for {', '.join(texts)}", hint=hint)

    def display_table(self, rows: int | None = _MOST_ROWS) -> DisplayTable:
        """Return the first rows as a display table; ``None`` for all rows."""
        frame = self.frame
        if "level" in frame:
            frame = frame.assign(level=[TEXTS["levels"][level] for level in frame["level"]])
        table = RevisionTable(caption=self.caption, frame=frame, notes=self.notes)
        return table.display_table(rows)


class PlanComparison(CollectionTable):
    """The requirements that only one of two plans has; ``plan`` names this plan."""

    @property
    def missing(self) -> pd.DataFrame:
        """The requirements of the first plan that the second one does not have."""
        return self.frame[self.frame["side"] == "missing"]

    @property
    def additional(self) -> pd.DataFrame:
        """The requirements of the second plan that the first one does not have."""
        return self.frame[self.frame["side"] == "additional"]


class ReturnCheck(CollectionTable):
    """The findings of the check of a return, by level."""

    @property
    def errors(self) -> pd.DataFrame:
        """The findings that are impossible."""
        return self.frame[self.frame["severity"] == "error"]

    @property
    def issues(self) -> pd.DataFrame:
        """The errors and questions."""
        return self.frame[self.frame["severity"] != "note"]


_DECISIONS = ("charge_of_trafficking", "charge_of_other_offence", "no_charge")


def check_return(
    own: "Return", previous: "Return | None", mirror: Sequence["Return"]
) -> ReturnCheck:
    """Return the findings on a return, by level."""
    items = [*own.lacking, *own.remarks]
    for name, cells in own.cells.groupby("variable", sort=False):
        blank = int((cells["state"] == BLANK).sum())
        zero = int(((cells["state"] > NOT_RELEVANT) & (cells["upper"] == 0)).sum())
        if 0 < blank < len(cells):
            items.append(Finding.of("BLANK", str(name), blank=blank, zero=zero))
    items += [*_sums(own), *_between(own), *_copies(own)]
    items += [] if previous is None else _changes(own, previous)
    items += [
        item for other in mirror for pair in permutations([own, other]) for item in _citizens(*pair)
    ]
    frame = frame_of(items).sort_values("level", kind="stable", ignore_index=True)
    title = "Check of {plan}, {area}, {period}"
    caption = Message(title, plan=own.plan.name, area=own.area, period=str(own.period))
    return ReturnCheck(caption=caption, frame=frame)


def bounds_of(lower: float, upper: float) -> Interval:
    """Return the bounds of a cell; the upper bound can be infinite."""
    return Interval(int(lower), None if np.isinf(upper) else int(upper))


def _families(variable: Variable, name: str) -> dict[str, Callable[[str], bool]]:
    """Return the sets of categories that add up to the total of a dimension."""
    dimension = variable.schema[name]
    if name == CITIZENSHIP:
        single, is_country = ("stateless", "unknown"), dimension.is_country
        return {
            "group of citizenship": lambda code: code in (*GROUPS, "unknown"),
            "country of citizenship": lambda code: is_country(code) or code in single,
        }
    total = dimension.total
    return {name: lambda code: total is None or dimension.parent(code) == total}


def _sums(own: "Return") -> Iterator[Finding]:
    """Yield parts above their total, and breakdowns that do not add up to the total."""
    for variable in own.plan.variables:
        overlapping = {*own[variable.name].multiple_response, "register"}
        cells = own.cells[own.cells["variable"] == variable.name]
        # Persons of a citizenship that can be of several groups are in the total alone.
        has_wider = ("NO_GROUP", variable.name) in {
            (item.code, item.variable) for item in own.remarks
        }
        has_wider |= bool(cells.loc[cells["category"] == "eu", "upper"].any())
        open_families = {"country of citizenship", *["group of citizenship"] * has_wider}
        stages = [rows for _, rows in cells.groupby("stage", sort=False)]
        for rows, name in product(stages, variable.dimensions):
            total = rows[rows["breakdown"] == ""].iloc[0]
            parts = rows[rows["breakdown"] == name]
            for by, is_part in _families(variable, name).items():
                family = parts[parts["category"].map(is_part).to_numpy(dtype=bool)]
                is_open, overlaps = by in open_families, name in overlapping
                code = _code_of_sum(family, total, is_overlapping=overlaps, is_open=is_open)
                if code and len(family) > 1:
                    numbers = {
                        "largest": family["lower"].max(),
                        "parts": bounds_of(family["lower"].sum(), family["upper"].sum()),
                        "whole": bounds_of(total["lower"], total["upper"]),
                    }
                    yield Finding.of(code, variable.name, item=by, label=by, **numbers)


def _code_of_sum(family: pd.DataFrame, total: Any, *, is_overlapping: bool, is_open: bool) -> str:
    """Return the kind of finding on the categories of a total, or no text if they add up."""
    if family["lower"].max() > total["upper"]:
        return "PART_ABOVE_TOTAL"
    if family["lower"].sum() > total["upper"]:
        return "PARTS_OVERLAP" if is_overlapping else "PARTS_EXCEED_TOTAL"
    if family["upper"].sum() < total["lower"]:
        return "PARTS_MISSING" if is_open or is_overlapping else "PARTS_BELOW_TOTAL"
    return ""


def _between(own: "Return") -> Iterator[Finding]:
    """Yield findings on c and d, and on e and f, which count persons, decisions or judgments."""
    cells = own.cells.set_index(["variable", "breakdown", "category"])[["lower", "upper"]]

    def bounds(*key: str) -> Interval:
        return bounds_of(*(cells.loc[[key]].to_numpy()[0] if key in cells.index else (0, np.inf)))

    for code in _DECISIONS:
        persons, decisions = (
            bounds(name, "prosecution_decision", code) for name in ("prosecuted", "decisions")
        )
        if None not in (persons.upper, decisions.upper):
            texts = {"decision": code_text(code), "persons": persons, "decisions": decisions}
            yield Finding.of("PERSONS_AND_DECISIONS", "decisions", item=code, **texts)
    persons = bounds("convicted", "", "")
    judgments = bounds("judgments", "court_judgment", "conviction")
    code = "PERSONS_AND_JUDGMENTS" if None not in (persons.upper, judgments.upper) else ""
    if (persons.lower and judgments.upper == 0) or (judgments.lower and persons.upper == 0):
        code = "CONVICTIONS"
    if code:
        yield Finding.of(code, "judgments", persons=persons, judgments=judgments)


def _copies(own: "Return") -> Iterator[Finding]:
    """Yield a question if the users of services have the counts of another variable."""
    known = own.cells[np.isfinite(own.cells["upper"]) & own.cells["stage"].ne("")]
    for users in own.plan.variables:
        others = [item for item in own.plan.variables if item.offences != users.offences]
        for other in others if users.offences == ("use_of_services",) else ():
            sides = [known[known["variable"] == item.name] for item in (users, other)]
            for stage, both in sides[0].merge(sides[1], on=CELL[1:]).groupby("stage"):
                is_same = (both["lower_x"] == both["lower_y"]).all() and users.unit == other.unit
                if is_same and (both["lower_x"] > 0).sum() > 1:
                    numbers: dict[str, Any] = {"number": len(both), "subject": lowered(other.title)}
                    yield Finding.of("SAME_COUNTS", users.name, item=str(stage), **numbers)


def _changes(own: "Return", previous: "Return") -> Iterator[Finding]:
    """Yield jumps since an earlier period, or revisions of the same period."""
    for variable in own.plan.variables:
        name, before = variable.name, str(previous.period)
        now, then = (ret.cells[ret.cells["variable"] == name] for ret in (own, previous))
        both = now.merge(then, how="right", on=CELL[1:], suffixes=("", "_then"))
        # A list of categories can be open, so that the newer return does not have all cells.
        is_blank = both["state"].fillna(BLANK) == BLANK
        lost = int((is_blank & (both["state_then"] > NOT_RELEVANT)).sum())
        if lost:
            yield Finding.of("LOST", name, number=lost, period=before)
        if own.period == previous.period:
            result = revisions(previous[name], own[name], order="given")
            if result.outcomes["revised"]:
                yield Finding.of("REVISED", name, number=result.outcomes["revised"])
            yield from (Finding.of("PATTERN", name, pattern=row.text) for row in result.patterns)
            continue
        is_exact = (both["lower"] == both["upper"]) & (both["lower_then"] == both["upper_then"])
        both = both[is_exact & (both["state"] == PROVIDED) & (both["state_then"] == PROVIDED)]
        limit = np.maximum(10, 3 * np.sqrt(both["lower_then"]))
        for row in both[(both["lower"] - both["lower_then"]).abs() > limit].itertuples():
            stage = row.stage if len(variable.groups) > 1 else ""
            item = " ".join(filter(None, (stage, row.category))) or "total"
            numbers = {"now": int(row.lower), "then": row.lower_then, "period": str(own.period)}
            by = row.breakdown.split()
            yield Finding.of("JUMP", name, item=item, before=before, by=by, **numbers)


def _citizens(here: "Return", there: "Return") -> Iterator[Finding]:
    """Yield the counts of citizens of a country in the return of another country and in its own."""
    for variable, stage in ((own, stage) for own in here.plan.variables for stage in own.groups):
        bounds = []
        for ret, code in ((here, there.area), (there, "reporting_country")):
            key = [variable.name, stage, CITIZENSHIP, code]
            is_cell = ret.cells[CELL].eq(key).all(axis=1) & ret.cells["upper"].lt(np.inf)
            bounds += [
                bounds_of(*row) for row in ret.cells.loc[is_cell, ["lower", "upper"]].to_numpy()
            ]
        if len(bounds) == 2:
            texts = {"abroad": bounds[0], "home": bounds[1], "here": here.area, "stage": stage}
            code = "MIRROR_OF_STAGE" if len(variable.groups) > 1 else "MIRROR"
            yield Finding.of(code, variable.name, item=there.area, **texts)


_ESS = "ESS Guidelines for the Implementation of the ESS Quality and Performance Indicators"
DEFINITIONS = tuple(Message(text, guidelines=_ESS) for text in TEXTS["definitions"])


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
        sizes = [
            revisions(other[name], own[name], order="given").summary() for name in frame["variable"]
        ]
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
    return CollectionTable(caption=caption, frame=frame, keys=["variable"], notes=DEFINITIONS)
