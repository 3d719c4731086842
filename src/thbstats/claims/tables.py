"""The counts that a publication prints, as tables."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import evolve

from thbstats.claims.cells import CUTS, base_key, cell_of, dimension_of, place_of, whole_of
from thbstats.claims.claim import Claim
from thbstats.claims.figures import Figures
from thbstats.records import KINDS, Record, Source
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Interval, Reason

__all__ = ["Cite", "dataset"]

Cite = Callable[[Iterable[Claim]], tuple[Source, ...]]


def dataset(figures: Figures, cite: Cite) -> Dataset:
    """Return the counts that claims print, one table for each kind.

    Parameters
    ----------
    figures : Figures
        The claims of one publication. Counts stay out where the vocabularies have no word for
        what they count, or where the text does not say their area, stage, measure or body.
    cite : callable
        From claims to the places where they stand.

    Returns
    -------
    Dataset
        The printed counts, each once. Beside them stands what a printed count and its printed
        share of a recorded base say of those of unknown category: an interval, with reason
        ``rounded``.

    Raises
    ------
    DuplicateKey
        If one count is printed with several values.
    """
    rows: dict[str, list[Record]] = {}
    for claims in figures.cells().values():
        count = Count.known(claims[0].count or 0)
        rows.setdefault(claims[0].subject, []).append(_record(claims[0], count, cite(claims)))
    for share in _recorded(figures):
        rows[share.subject] += _unknown(figures, share, cite)
    return Dataset(**{kind: CountTable.from_records(records) for kind, records in rows.items()})


def _record(claim: Claim, count: Count, sources: tuple[Source, ...], **unknown: str) -> Record:
    fields: dict[str, Any] = {**claim.category, "area": place_of(claim), **unknown}
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


def _recorded(figures: Figures) -> Iterator[Claim]:
    """One share for each recorded base that is printed, on a numerator that is printed."""
    seen = set()
    for share in figures.shares:
        told = share.base == "known" and share.base_printed and dimension_of(share) in CUTS
        if told and figures.of_cell(cell_of(share)) and base_key(share) not in seen:
            seen.add(base_key(share))
            yield share


def _unknown(figures: Figures, share: Claim, cite: Cite) -> Iterator[Record]:
    """The printed whole minus its recorded base, unless it is printed itself."""
    whole, dimension, base = whole_of(share), dimension_of(share), figures.base(share)
    printed = [claims for cell, claims in figures.cells().items() if cell.is_same(whole)]
    itself = evolve(whole, codes=whole.codes | {(dimension, "unknown")})
    if len(printed) == 1 and base is not None and not figures.of_cell(itself):
        [everyone] = printed
        sources = cite([*everyone, *figures.of_cell(cell_of(share)), share])
        count = _between(Interval.point(everyone[0].count or 0) - base)
        yield _record(everyone[0], count, sources, **{dimension: "unknown"})


def _between(unknown: Interval) -> Count:
    lower, upper = unknown.lower or 0, unknown.upper or 0
    return Count.between(int(lower), int(upper), Reason.ROUNDED)
