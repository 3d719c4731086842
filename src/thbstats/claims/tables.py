"""The counts that a publication prints, as tables."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

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
        The claims of one publication; those that count what the vocabularies have no word for
        stay out.
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
        rows.setdefault(claims[0].subject, []).append(_record(claims, count, {}, cite))
    for claim in _bases(figures):
        unknown = _unknown(figures, claim)
        if unknown is not None:
            category = {claim.base_dimension: "unknown"}
            rows[claim.subject].append(_record([claim], unknown, category, cite))
    return Dataset(**{kind: CountTable.from_records(records) for kind, records in rows.items()})


def _record(claims: list[Claim], count: Count, unknown: dict[str, str], cite: Cite) -> Record:
    first = claims[0]
    fields: dict[str, Any] = dict(first.of) if unknown else dict(first.category)
    fields |= {"status": first.status} if first.status else {}
    fields |= {"unit": first.unit} if first.unit else {}
    return KINDS[first.subject](
        count=count,
        area=first.area,
        period=first.period,
        source=cite(claims),
        reporters=first.reporters if isinstance(first.reporters, tuple) else None,
        n_reporters=first.n_reporters,
        **fields,
        **unknown,
    )


def _bases(figures: Figures) -> Iterator[Claim]:
    """One share for each recorded base that is printed, on the numerator that is printed."""
    seen = set()
    for claim in figures.claims:
        printed = claim.base == "recorded" and claim.base_printed and claim.percent is not None
        if printed and figures.count(claim, claim.category) is not None:
            key = (claim.area, claim.period, claim.base_dimension, frozenset(claim.of.items()))
            if key not in seen:
                seen.add(key)
                yield claim


def _unknown(figures: Figures, claim: Claim) -> Count | None:
    """The whole minus its recorded base, where both are known."""
    whole, base = figures.whole(claim), figures.base(claim)
    if whole is None or base is None or whole.upper is None or not whole.is_point:
        return None
    unknown: Interval = whole - base
    return Count.between(
        max(0, int(unknown.lower or 0)),
        None if unknown.upper is None else int(unknown.upper),
        Reason.ROUNDED,
    )
