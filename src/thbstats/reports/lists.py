"""The rankings of a page: who is listed, and who was on an earlier list."""

from collections.abc import Iterator

from thbstats.claims import Claim
from thbstats.display import Column, Section, Sheet
from thbstats.reports.content import Content
from thbstats.reports.naming import name_of, names_of

__all__ = ["ranking_section"]


def ranking_section(content: Content) -> Section:
    """Return the section on rankings.

    Parameters
    ----------
    content : Content
        What the page says.

    Returns
    -------
    Section
        Each list as printed, and what it has in common with the first list of the same kind.
    """
    groups: dict[object, list[Claim]] = {}
    for claim in content.rankings:
        groups.setdefault((claim.subject, claim.category, claim.of), []).append(claim)
    rows = [row for claims in groups.values() for row in _rows(claims)]
    return Section(
        heading="Rankings",
        prose="A list without counts says who belongs on it. The order within it is no claim "
        "unless the text says so, and how far apart two members are is not known.",
        sheets=[
            Sheet(
                caption="Rankings as printed",
                columns=["of", "period", "listed", Column("in common with the first", "right")],
                rows=rows,
            )
        ]
        if rows
        else [],
    )


def _rows(claims: list[Claim]) -> Iterator[list[str]]:
    first = claims[0]
    for claim in claims:
        common = len(set(first.ranks) & set(claim.ranks))
        shared = "" if claim is first else f"{common} of {len(claim.ranks)}"
        what = names_of({**claim.category, **claim.of}) or claim.subject
        yield [what, str(claim.period), ", ".join(map(name_of, claim.ranks)), shared]
