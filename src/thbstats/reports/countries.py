"""Rankings of countries: published lists, and countries in order of their counts."""

from collections.abc import Iterator

from thbstats.claims import Claim
from thbstats.display import Column, DisplayTable, count
from thbstats.panel.text import warning_notes
from thbstats.reports.content import Content
from thbstats.reports.naming import capitalised, category_name, name_of, names_of, sentence
from thbstats.reports.section import Section

__all__ = ["COUNTRIES"]


def _blocks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield published lists, or the countries in the order of their counts."""
    if content.rankings:
        yield from _published(content)
    if content.orders:
        yield from _ordered(content)


COUNTRIES = Section("countries", "Countries listed", _blocks)
"""Published lists of countries, and countries in the order of their counts."""


def _published(content: Content) -> Iterator[str | DisplayTable]:
    """Yield each list with its period; a list that repeats another one names its period."""
    groups: dict[object, list[Claim]] = {}
    for claim in content.rankings:
        groups.setdefault((claim.subject, claim.category, claim.of), []).append(claim)
    rows = []
    for claims in groups.values():
        periods: dict[tuple[str, ...], str] = {}
        for claim in claims:
            ranks = tuple(claim.ranks)
            listed = ", ".join(map(name_of, ranks))
            if ranks in periods:
                listed = f"same countries as {periods[ranks]}"
            periods.setdefault(ranks, str(claim.period))
            rows.append([_list_name(claim), str(claim.period), listed])
    yield (
        "A list without counts shows which countries are included. Its order is not a ranking "
        "unless the publication states a ranking."
    )
    yield DisplayTable(
        caption="Lists of countries", columns=["List", "Period", "Countries"], rows=rows
    )


def _list_name(claim: Claim) -> str:
    pairs = [*claim.category.items(), *claim.of.items()]
    if len(pairs) == 1:
        return category_name(pairs[0][0], str(pairs[0][1]))
    return capitalised(names_of({**claim.category, **claim.of}) or claim.subject)


def _ordered(content: Content) -> Iterator[str | DisplayTable]:
    yield (
        "A rank is a range if suppressed counts allow several orders. A higher count does not "
        "mean more trafficking: identification and counting rules differ between countries."
    )
    for order in content.orders:
        yield DisplayTable(
            caption=sentence(order.display_table().caption).rstrip("."),
            columns=["Country", Column("Rank", "right"), Column("Count", "right")],
            rows=[
                [name_of(item.label), count(rank), item.formatted]
                for item, rank in zip(order, order.ranks, strict=True)
            ],
            notes=warning_notes([(name_of(item.label), item.warnings) for item in order]),
        )
