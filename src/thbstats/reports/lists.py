"""Rankings in a report: who is listed, who was on an earlier list, and who counted most."""

from collections.abc import Iterator

from thbstats.claims import Claim
from thbstats.display import Column, Sheet, count
from thbstats.reports.content import Content
from thbstats.reports.naming import name_of, names_of, sentence
from thbstats.reports.section import Section
from thbstats.results import Ranking

__all__ = ["ORDER", "RANKINGS"]


def _printed(content: Content) -> Iterator[str | Sheet]:
    """Yield each list as printed, and what it has in common with the first of the same kind."""
    groups: dict[object, list[Claim]] = {}
    for claim in content.rankings:
        groups.setdefault((claim.subject, claim.category, claim.of), []).append(claim)
    rows = [row for claims in groups.values() for row in _rows(claims)]
    if not rows:
        return
    yield (
        "A list without counts says who belongs on it. The order within it is no claim "
        "unless the text says so, and how far apart two members are is not known."
    )
    yield Sheet(
        caption="Rankings as printed",
        columns=["of", "period", "listed", Column("in common with the first", "right")],
        rows=rows,
    )


RANKINGS = Section("rankings", "Rankings", _printed)
"""The rankings that a publication prints."""


def _counted(content: Content) -> Iterator[str | Sheet]:
    """Yield the countries in the order of their counts."""
    if not content.orders:
        return
    yield (
        "A rank is a range where hidden counts leave it open. A country that counts more has "
        "not more trafficking: it may look harder, or count other things."
    )
    yield from map(_order, content.orders)


def _order(order: Ranking) -> Sheet:
    """Return the countries with their ranks and counts."""
    whole = order.sheet()
    return Sheet(
        caption=sentence(whole.caption).rstrip("."),
        columns=["country", Column("rank", "right"), Column("count", "right")],
        rows=[
            [name_of(item.label), count(rank), item.shown]
            for item, rank in zip(order, order.ranks, strict=True)
        ],
        notes=whole.notes,
    )


ORDER = Section("order", "Countries in order", _counted)
"""Countries in the order of what they counted."""


def _rows(claims: list[Claim]) -> Iterator[list[str]]:
    first = claims[0]
    for claim in claims:
        common = len(set(first.ranks) & set(claim.ranks))
        shared = "" if claim is first else f"{common} of {len(claim.ranks)}"
        what = names_of({**claim.category, **claim.of}) or claim.subject
        yield [what, str(claim.period), ", ".join(map(name_of, claim.ranks)), shared]
