"""Differences between two plans."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import asdict, fields, frozen

from thbstats.collection.variables import Variable
from thbstats.display import DisplayTable, Group, Row, Tabular

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.collection.plans import Plan

_FINALITY = {
    "all": "all decisions and judgments",
    "final": "only those that are no longer subject to appeal",
}


@frozen(kw_only=True)
class PlanGap:
    """A requirement of one plan that another one does not have.

    Parameters
    ----------
    letter, variable : str
        The variable; empty for the whole plan.
    aspect : {"variable", "dimension", "category", "finality", "unit", "offence", "stage", "due"}
        The kind of requirement.
    item : str
        The code that the one plan requires.
    text : str
        The difference in a sentence.
    """

    letter: str
    variable: str
    aspect: str
    item: str
    text: str


@frozen(kw_only=True, repr=False)
class PlanComparison(Tabular):
    """The requirements of two plans that differ.

    Parameters
    ----------
    first, second : str
        The names of the plans.
    missing : tuple of PlanGap
        Requirements of the first plan that the second one does not have.
    additional : tuple of PlanGap
        Requirements of the second plan that the first one does not have.
    """

    first: str
    second: str
    missing: tuple[PlanGap, ...]
    additional: tuple[PlanGap, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each difference, with the plan that requires it."""
        import pandas as pd

        sides = ((self.first, self.missing), (self.second, self.additional))
        rows = [{"plan": name, **asdict(gap)} for name, gaps in sides for gap in gaps]
        names = ["plan", *(own.name for own in fields(PlanGap))]
        return pd.DataFrame(rows, columns=names)

    def display_table(self) -> DisplayTable:
        """Return the differences for display."""
        rows: list[Group | Row | list[str]] = []
        pairs = (
            (self.first, self.second, self.missing),
            (self.second, self.first, self.additional),
        )
        for name, other, gaps in pairs:
            rows.append(Group(f"required by {name}, not by {other}"))
            rows += [[gap.letter or "plan", gap.aspect, gap.text] for gap in gaps]
        return DisplayTable(
            caption=f"{self.first} and {self.second}",
            columns=["letter", "aspect", "difference"],
            rows=rows,
        )

    def __repr__(self) -> str:
        return f"<PlanComparison: {len(self.missing)} missing, {len(self.additional)} additional>"


def compare_plans(first: "Plan", second: "Plan") -> PlanComparison:
    """Return the requirements that differ."""
    return PlanComparison(
        first=first.name,
        second=second.name,
        missing=tuple(_gaps(first, second)),
        additional=tuple(_gaps(second, first)),
    )


def _gaps(plan: "Plan", other: "Plan") -> Iterator[PlanGap]:
    """Yield the requirements of a plan that the other one does not have."""
    others = {variable.name: variable for variable in other.variables}
    for own in plan.variables:
        if own.name in others:
            yield from _variable_gaps(own, others[own.name], other.name)
        else:
            yield _gap(own, "variable", own.name, f"{other.name} does not ask for {own.title}.")
    for day in plan.due:
        if day not in other.due:
            due = " and ".join(other.due) or "none"
            text = f"{day} is a due day of {plan.name}; those of {other.name}: {due}."
            yield PlanGap(letter="", variable="", aspect="due", item=day, text=text)


def _variable_gaps(own: Variable, other: Variable, name: str) -> Iterator[PlanGap]:
    for dimension in own.dimensions:
        label = own.label(dimension)
        if dimension not in other.dimensions:
            text = f"{name} does not ask for {own.title} by {label}."
            yield _gap(own, "dimension", dimension, text)
            continue
        listed = other.categories.get(dimension)
        for code in own.categories.get(dimension, ()) if listed else ():
            if code not in (listed or ()):
                category = own.schema[dimension].vocabulary
                title = code if category is None else category(code).label  # type: ignore[attr-defined]
                text = f"{name} does not have the category “{title}” of {label}."
                yield _gap(own, "category", code, text)
    for aspect, codes, others in (
        ("offence", own.offences, other.offences),
        ("stage", own.stages, other.stages),
        ("unit", (own.unit,), (other.unit,)),
    ):
        for code in codes:
            if code not in others:
                text = f"{name} does not count {own.title} with the {aspect} “{code}”."
                yield _gap(own, aspect, code, text)
    if own.finality != other.finality:
        text = f"{own.title}: {_FINALITY[own.finality]}; {name}: {_FINALITY[other.finality]}."
        yield _gap(own, "finality", own.finality, text)


def _gap(own: Variable, aspect: str, item: str, text: str) -> PlanGap:
    return PlanGap(letter=own.letter, variable=own.name, aspect=aspect, item=item, text=text)
