"""The sections of rankings: published lists, and countries in order of their counts."""

from collections.abc import Iterator

from thbstats.claims import Claim
from thbstats.display import Column, DisplayTable, count
from thbstats.panel.text import warning_notes
from thbstats.reports.content import Content
from thbstats.reports.naming import name_of, names_of, sentence
from thbstats.reports.section import Section

__all__ = ["ORDER", "RANKINGS"]


def _published(content: Content) -> Iterator[str | DisplayTable]:
    """Yield each published list, and the members that it shares with the first of its kind."""
    groups: dict[object, list[Claim]] = {}
    for claim in content.rankings:
        groups.setdefault((claim.subject, claim.category, claim.of), []).append(claim)
    rows = []
    for first, *others in groups.values():
        for claim in (first, *others):
            common = len(set(first.ranks) & set(claim.ranks))
            name = names_of({**claim.category, **claim.of}) or claim.subject
            shared = "" if claim is first else f"{common} of {len(claim.ranks)}"
            listed = ", ".join(map(name_of, claim.ranks))
            rows.append([name, str(claim.period), listed, shared])
    if rows:
        yield (
            "A list without counts names its members. The order within it is not a claim unless "
            "the text states it. The distance between two members is not known."
        )
        yield DisplayTable(
            caption="Published rankings",
            columns=["category", "period", "members", Column("in common with the first", "right")],
            rows=rows,
        )


RANKINGS = Section("rankings", "Rankings", _published)
"""The rankings that a publication prints."""


def _counted(content: Content) -> Iterator[str | DisplayTable]:
    """Yield the countries in the order of their counts."""
    if not content.orders:
        return
    yield (
        "A rank is an interval where suppressed counts allow several orders. A higher count does "
        "not mean more trafficking: identification and counting rules differ between countries."
    )
    for order in content.orders:
        yield DisplayTable(
            caption=sentence(order.display_table().caption).rstrip("."),
            columns=["country", Column("rank", "right"), Column("count", "right")],
            rows=[
                [name_of(item.label), count(rank), item.formatted]
                for item, rank in zip(order, order.ranks, strict=True)
            ],
            notes=warning_notes([(name_of(item.label), item.warnings) for item in order]),
        )


ORDER = Section("order", "Countries in order", _counted)
"""The countries in order of their counts."""
