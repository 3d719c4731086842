"""Published counts as tables."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import evolve

from thbstats.claims.cells import CUTS, area_of, base_key, cell_of, dimension_of, whole_of
from thbstats.claims.claim import Claim
from thbstats.claims.figures import Figures
from thbstats.records import KINDS, Record, Source
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Interval, Reason

__all__ = ["Cite", "dataset"]

Cite = Callable[[Iterable[Claim]], tuple[Source, ...]]


def dataset(figures: Figures, cite: Cite) -> Dataset:
    """Return the published counts of claims, one table per kind.

    Parameters
    ----------
    figures : Figures
        The claims of one publication. Counts are omitted if the vocabularies do not contain their
        category, or the text does not state their area, stage, measure or body.
    cite : callable
        Function from claims to their locations.

    Returns
    -------
    Dataset
        The published counts, and the bounds of the unknown category that follow from a count and
        its share of the known categories, with reason ``rounded``.

    Raises
    ------
    DuplicateKey
        If one count has several published values.
    """
    rows: dict[str, list[Record]] = {}
    for claims in figures.cells().values():
        count = Count.known(claims[0].count or 0)
        rows.setdefault(claims[0].subject, []).append(_record(claims[0], count, cite(claims)))
    for share in _known_bases(figures):
        rows[share.subject] += _unknown(figures, share, cite)
    return Dataset(**{kind: CountTable.from_records(records) for kind, records in rows.items()})


def _record(claim: Claim, count: Count, sources: tuple[Source, ...], **unknown: str) -> Record:
    fields: dict[str, Any] = {**claim.category, "area": area_of(claim), **unknown}
    fields |= {"status": claim.status} if claim.status else {}
    fields |= {"unit": claim.unit} if claim.unit else {}
    return KINDS[claim.subject](
        count=count,
        period=claim.period,
        source=sources,
        reporters=claim.reporters if isinstance(claim.reporters, tuple) else None,
        n_reporters=claim.n_reporters,
        **fields,
    )


def _known_bases(figures: Figures) -> Iterator[Claim]:
    """Yield one share per published denominator of known category."""
    done = set()
    for share in figures.shares:
        is_stated = share.base == "known" and share.base_printed and dimension_of(share) in CUTS
        if is_stated and figures.of_cell(cell_of(share)) and base_key(share) not in done:
            done.add(base_key(share))
            yield share


def _unknown(figures: Figures, share: Claim, cite: Cite) -> Iterator[Record]:
    """Yield the total minus the persons of known category, unless it is published."""
    whole, dimension, base = whole_of(share), dimension_of(share), figures.base(share)
    published = [claims for cell, claims in figures.cells().items() if cell.is_same(whole)]
    unknown = evolve(whole, codes=whole.codes | {(dimension, "unknown")})
    if len(published) == 1 and base is not None and not figures.of_cell(unknown):
        [total] = published
        sources = cite([*total, *figures.of_cell(cell_of(share)), share])
        count = _between(Interval.point(total[0].count or 0) - base)
        yield _record(total[0], count, sources, **{dimension: "unknown"})


def _between(unknown: Interval) -> Count:
    lower, upper = unknown.lower or 0, unknown.upper or 0
    return Count.between(int(lower), int(upper), Reason.ROUNDED)
