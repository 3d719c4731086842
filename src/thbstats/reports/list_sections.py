"""Section of a report on persons on several lists."""

from collections.abc import Iterator
from typing import Any

from thbstats.display import Displayable
from thbstats.languages import Message
from thbstats.lists import Lists, dependence, distinct, hidden, models
from thbstats.reports.content import Content
from thbstats.reports.section import Section


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
        known = dependence(lists)
        text = "{statement}. Independent lists have a factor of 1."
        yield Message(text, statement=known.statement)
        yield from (distinct(lists), known, models(lists))
        if odds_ratio is not None:
            yield hidden(lists, odds_ratio, level)

    return Section("lists", Message("Persons on several lists"), blocks)
