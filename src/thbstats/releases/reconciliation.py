"""Comparison of two sources of one statistic."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from attrs import frozen

from thbstats.display import count
from thbstats.errors import require, require_name
from thbstats.releases.alignment import Release, align, tables_of
from thbstats.releases.outcomes import Change, pair_of
from thbstats.releases.revision_set import Revisions
from thbstats.tables import CountTable
from thbstats.values import flag_mask

_DIFFERS = np.uint32(flag_mask("d"))
_NAMED = 5


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Reconciliation(Revisions):
    """Comparison of the cells of two sources, as columns.

    Parameters
    ----------
    differences : tuple of str
        Differences of definition, status and coverage, as sentences.
    """

    differences: tuple[str, ...] = ()

    _title: ClassVar[str] = "Sources"
    _words: ClassVar[Mapping[Change, str]] = {
        Change.REVISED: "different",
        Change.NARROWED: "narrower_in_second",
        Change.WIDENED: "wider_in_second",
        Change.FIRST_PUBLISHED: "only_in_second",
        Change.WITHDRAWN: "only_in_first",
        Change.NEWLY_SUPPRESSED: "suppressed_in_second",
        Change.NO_LONGER_SUPPRESSED: "suppressed_in_first",
        Change.ZERO_TO_BLANK: "zero_in_first",
        Change.BLANK_TO_ZERO: "zero_in_second",
        Change.GROWING: "incomplete_in_first",
    }
    _sides: ClassVar[tuple[str, str]] = ("first", "second")
    _nouns: ClassVar[tuple[str, str]] = ("source", "sources")

    @property
    def notes(self) -> tuple[str, ...]:
        """The differences of the sources, and then sentences about the cells."""
        return (*self.differences, *super().notes)


def reconcile(
    first: Release,
    second: Release,
    *,
    names: tuple[str, str] = ("first", "second"),
    match: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Compare two sources of one statistic, cell by cell.

    Parameters
    ----------
    first, second : CountTable, Dataset or Reading
        Two sources, such as GLOTIP and Eurostat, or the registers of two countries.
    names : tuple of str
        The names of the sources.
    match : mapping of str to str, optional
        For mirror flows, the dimension of ``second`` that corresponds to a dimension of ``first``:
        ``{"area": "citizenship", "citizenship": "area"}`` compares the citizens of A that B
        registered with the reports of A.

    Returns
    -------
    Reconciliation
        As `revisions`, with the words of sources. Attributes such as the status that have one
        value in each source are not compared; `Reconciliation.differences` names them first.

    Raises
    ------
    InvalidValue
        If the sources are of different kinds or count different units, or have no common cells.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("FR", 100), ("BE", 40)]
    >>> detected, registered = (
    ...     thb.CountTable.from_rows(
    ...         own, columns=["area", "value"], kind="victims", period=2020, status=status
    ...     )
    ...     for own, status in [(rows, "detected"), ([("FR", 120), ("DE", 9)], "registered")]
    ... )
    >>> found = thb.reconcile(detected, registered, names=("GLOTIP", "Eurostat"))
    >>> found.differences
    ('status: detected in GLOTIP, registered in Eurostat.', 'area: BE only in GLOTIP, DE only in \
Eurostat.')
    >>> found
    <Reconciliation GLOTIP to Eurostat: 1 different, 1 only_in_second, 1 only_in_first>

    References
    ----------
    Eurostat, ESS guidelines for quality reporting, coherence and mirror statistics.
    """
    both = [tables_of(own, name) for own, name in ((first, "first"), (second, "second"))]
    dimensions = {
        item.name: item
        for own in both
        for table in own.values()
        for item in table.columns.schema.dimensions
    }
    for name in {*(match or {}), *(match or {}).values()}:
        require_name(name, dimensions, "must be a dimension of the sources", field="match")
    ignored, sentences, coverage = [], list[str](), list[str]()
    for name, dimension in dimensions.items():
        codes = [
            {
                code
                for table in own.values()
                if name in table.dimensions
                for code in table.categories(name)
            }
            for own in both
        ]
        is_matched = name in {*(match or {}), *(match or {}).values()}
        if codes[0] == codes[1] or is_matched or not (codes[0] and codes[1]):
            continue
        is_attribute = dimension.total is None and name not in ("area", "period")
        if is_attribute and len(codes[0]) == len(codes[1]) == 1:
            texts = [next(iter(own)).replace("_", " ") for own in codes]
            is_open = "not stated" in texts
            require(
                name != "unit" or is_open,
                f"must count one unit ({texts[0]})",
                "Compare persons with persons",
                second=texts[1],
            )
            ignored.append(name)
            sentences.append(f"{name}: {texts[0]} in {names[0]}, {texts[1]} in {names[1]}.")
            continue
        parts = [
            f"{_listed(own - other)} only in {source}"
            for own, other, source in zip(codes, reversed(codes), names, strict=True)
            if own - other
        ]
        coverage.append(f"{name}: {', '.join(parts)}.")
    for own, source in zip(both, names, strict=True):
        n = sum(int(((table.flags & _DIFFERS) != 0).sum()) for table in own.values())
        if n:
            sentences.append(
                f"{count(n)} figures of {source} have the flag d (definition differs)."
            )
    plain: list[Any] = [own.data if hasattr(own, "data") else own for own in (first, second)]
    alignment = align(plain, both, names, ignored, match)
    pair = pair_of(alignment, 0, 1, [None, None])
    return Reconciliation(alignment=alignment, pairs=(pair,), differences=(*sentences, *coverage))


def _listed(codes: set[str]) -> str:
    shown = [code.replace("_", " ") for code in sorted(codes)[:_NAMED]]
    more = len(codes) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
