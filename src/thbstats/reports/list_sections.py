"""Section of a report on persons on several lists."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from thbstats.display import Displayable, DisplayTable, Page, PageSection
from thbstats.errors import ThbstatsError
from thbstats.languages import Message
from thbstats.lists import Dependence, Lists, Models, dependence, distinct, hidden, models
from thbstats.panel import Result
from thbstats.reports.content import Content
from thbstats.reports.section import Section

_HEADINGS = {
    "dependence": "Dependence between lists",
    "distinct": "Persons on a list",
    "hidden": "Persons on a list or on none",
    "models": "Estimates of models",
}


@frozen(kw_only=True)
class ListResults:
    """The results of lists; `remarks` state why a result is missing."""

    lists: Lists
    dependence: Dependence | None
    distinct: Result
    hidden: Result | None
    models: Models | None
    remarks: tuple[str, ...]

    @classmethod
    def of(
        cls, lists: Lists, odds_ratio: Any = None, level: float | None = None, order: int = 2
    ) -> "ListResults":
        """Return the results that the counts of the lists allow."""
        remarks, optional = list[str](), dict[str, Any]()
        for name, function in (
            ("dependence", lambda: dependence(lists)),
            ("models", lambda: models(lists, order)),
        ):
            try:
                optional[name] = function()
            except ThbstatsError as error:
                if error.field == "order":
                    raise
                remarks.append(f"Not calculated: {_HEADINGS[name].lower()}. {error}.")
        range_of = None if odds_ratio is None else hidden(lists, odds_ratio, level)
        return cls(
            lists=lists, distinct=distinct(lists), hidden=range_of, remarks=tuple(remarks),
            dependence=optional.get("dependence"), models=optional.get("models"),
        )  # fmt: skip

    @property
    def headed(self) -> Iterator[tuple[str, Displayable]]:
        """The results with their headings, the dependence that the lists reject first."""
        for name, heading in _HEADINGS.items():
            if (result := getattr(self, name)) is not None:
                yield heading, result

    def tables(self) -> list[DisplayTable]:
        """Return a table of each result, with the remarks below the last one."""
        *tables, last = [result.display_table() for _, result in self.headed]
        return [*tables, evolve(last, notes=[*last.notes, *self.remarks])]

    def page(self) -> Page:
        """Return a page with a section of each result."""
        pairs = zip(self.headed, self.tables(), strict=True)
        return Page(
            title=f"Persons on lists: {', '.join(self.lists.names)}",
            lead="" if self.dependence is None else f"{self.dependence.statement}.",
            sections=[PageSection(heading=own, tables=[table]) for (own, _), table in pairs],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the results as plain data for JSON."""
        known, fitted = self.dependence, self.models
        factor = None if known is None else known.smallest_factor
        names = ["model", "value", "bic", "difference", "weight", "existence"]
        columns = None if fitted is None else fitted.to_frame()[names].astype(object)
        ranges = {} if fitted is None else fitted.ranges
        return {
            "lists": list(self.lists.names),
            "statement": None if known is None else known.statement,
            "smallest_factor": factor and f"{float(factor):.2f}",
            "dependence": None if known is None else known.to_dict()["items"],
            "distinct": self.distinct.to_dict(),
            "hidden": None if self.hidden is None else self.hidden.to_dict(),
            "estimate": None if fitted is None else fitted.estimate.to_dict(),
            "ranges": [
                {"within": n, "lower": float(own.lower or 0), "upper": float(own.upper or 0)}
                for n, own in ranges.items()
            ],
            "models": columns
            if columns is None
            else columns.where(columns.notna(), None).to_dict("records"),
            "remarks": list(self.remarks),
        }


def lists_section(lists: Lists, odds_ratio: Any = None, level: float | None = 0.95) -> Section:
    """Return a section on the distinct persons on lists, and on persons on no list.

    Parameters
    ----------
    lists, odds_ratio, level
        As for `thbstats.lists.hidden`; without a range there are no bounds on all persons.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> lists = thb.lists.Lists("bcd", counts, complete=True)
    >>> section = lists_section(lists)
    >>> report = thb.report(thb.publications.com_2018_777(), sections=[section])
    >>> "The lists reject every factor of dependence below 11.82" in report.to_markdown()
    True
    """

    def blocks(_content: Content) -> Iterator[str | Displayable]:
        results = ListResults.of(lists, odds_ratio, level)
        if results.dependence is not None:
            text = "{statement}. Independent lists have a factor of 1."
            yield Message(text, statement=results.dependence.statement)
        yield from (result for _, result in results.headed)
        yield from results.remarks

    return Section("lists", Message("Persons on several lists"), blocks)
