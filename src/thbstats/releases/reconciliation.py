"""Comparison of two sources of one statistic."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from attrs import frozen

from thbstats._signatures import explain_arguments
from thbstats.display import Amount
from thbstats.errors import require, require_name
from thbstats.releases.alignment import CellChange, Release, align, listed, pair_of, tables_of
from thbstats.releases.revision_set import Revisions
from thbstats.values import flag_mask

_DIFFERS = np.uint32(flag_mask("d"))


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
    _words: ClassVar[Mapping[CellChange, str]] = {
        CellChange.REVISED: "different",
        CellChange.NARROWED: "narrower_in_second",
        CellChange.WIDENED: "wider_in_second",
        CellChange.FIRST_PUBLISHED: "only_in_second",
        CellChange.WITHDRAWN: "only_in_first",
        CellChange.NEWLY_SUPPRESSED: "suppressed_in_second",
        CellChange.NO_LONGER_SUPPRESSED: "suppressed_in_first",
        CellChange.ZERO_TO_BLANK: "zero_in_first",
        CellChange.BLANK_TO_ZERO: "zero_in_second",
        CellChange.GROWING: "incomplete_in_first",
    }
    _sides: ClassVar[tuple[str, str]] = ("first", "second")

    @property
    def notes(self) -> tuple[str, ...]:
        """The differences of the sources, and then sentences about the cells."""
        return (*self.differences, *super().notes)


@explain_arguments
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
        ``{"area": "citizenship", "citizenship": "area"}`` compares the victims of citizenship B
        that A registered with the report of B on its citizens in A.

    Returns
    -------
    Reconciliation
        As `revisions`, with the words of sources. An attribute with one value in each source, such
        as the status, is not compared; `Reconciliation.differences` names it first.

    Raises
    ------
    InvalidValue
        If the sources are of different kinds or count different units, or have no common cells.

    Examples
    --------
    >>> import thbstats as thb
    >>> detected, registered = (
    ...     thb.CountTable.from_rows(
    ...         rows, columns=["area", "value"], kind="victims", period=2020, status=status
    ...     )
    ...     for rows, status in [
    ...         ([("FR", 100), ("BE", 40)], "detected"), ([("FR", 120)], "registered")]
    ... )
    >>> found = thb.reconcile(detected, registered, names=("GLOTIP", "Eurostat"))
    >>> found.differences
    ('status: detected in GLOTIP, registered in Eurostat.', 'area: BE only in GLOTIP.')
    >>> found
    <Reconciliation GLOTIP to Eurostat: 1 different, 1 only_in_first>

    References
    ----------
    Eurostat, ESS guidelines for quality reporting, coherence and mirror statistics.
    """
    hint = "Pass names=('GLOTIP', 'Eurostat')"
    require(len([*names]) == 2, "must be two names", hint, names=names)
    both = [tables_of(own, name) for own, name in ((first, "first"), (second, "second"))]
    tables = [table for own in both for table in own.values()]
    dimensions = {item.name: item for own in tables for item in own.columns.schema.dimensions}
    matched = {*(match or {}), *(match or {}).values()}
    for name in matched:
        require_name(name, dimensions, "must be a dimension of the sources", field="match")
    ignored, definitions, coverage = [], list[str](), list[str]()
    for name, dimension in dimensions.items():
        categories, other_categories = (
            {
                code
                for table in own.values()
                if name in table.dimensions
                for code in table.categories(name)
            }
            for own in both
        )
        if (
            categories == other_categories
            or name in matched
            or not (categories and other_categories)
        ):
            continue
        if (
            dimension.content == "codes"
            and dimension.total is None
            and len(categories) == len(other_categories) == 1
        ):
            texts = [*map(listed, (categories, other_categories))]
            is_same = name != "unit" or "not stated" in texts
            require(is_same, f"must count {texts[0]}", "Compare one unit", second=texts[1])
            ignored.append(name)
            definitions.append(f"{name}: {texts[0]} in {names[0]}, {texts[1]} in {names[1]}.")
        else:
            pairs = (
                (categories - other_categories, names[0]),
                (other_categories - categories, names[1]),
            )
            parts = [f"{listed(codes)} only in {source}" for codes, source in pairs if codes]
            coverage.append(f"{name}: {', '.join(parts)}.")
    for own, source in zip(both, names, strict=True):
        n = sum(int(((table.flags & _DIFFERS) != 0).sum()) for table in own.values())
        number = Amount(n)
        text = (
            f"{source}: {number} {number:figure has|figures have} the flag d (definition differs)."
        )
        definitions += [text] * bool(n)
    plain: list[Any] = [getattr(own, "data", own) for own in (first, second)]
    alignment = align(plain, both, names, ignored, match)
    pair = pair_of(alignment, 0, 1, [None, None])
    return Reconciliation(alignment=alignment, pairs=(pair,), differences=(*definitions, *coverage))
