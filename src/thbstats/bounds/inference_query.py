"""Bounds of counts and shares of a publication or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from thbstats._signatures import short_signature
from thbstats.bounds.count_query import infer_count
from thbstats.bounds.evidence import Evidence
from thbstats.bounds.inference import Inference
from thbstats.claims import Publication
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["infer"]

AreaName = str | Area | None
Codes = Mapping[str, str] | None
Names = str | Iterable[str]
PeriodName = str | Period | None
Source = Publication | CountTable


@short_signature
def infer(
    publication: Source,
    subject: str = "victims",
    *,
    area: AreaName = None,
    period: PeriodName = None,
    status: str | None = None,
    known: Names = (),
    denominator: Codes = None,
    base: str = "all",
    bases: Codes = None,
    overlapping: Names = (),
    rounding: str = "half_up",
    allow_tie_either_way: bool = False,
    use_wording: bool = False,
    exclude: Names = (),
    allow_disclosure: bool = False,
    **category: str,
) -> Inference:
    """Return the bounds of a count or a share that need not be published.

    Each count, percentage, change and ranking of the same kind of count is a constraint on
    integers. A percentage is used if its denominator is stated or set in `bases`, and a published
    count belongs to that denominator: a percentage without a known denominator cannot be
    converted to a count. For repeated queries, create an `Evidence` object once.

    Parameters
    ----------
    publication : Publication or CountTable
        A publication as claims, or a table. A table supports counts only; see `infer_count`.
    subject : str
        The kind of count, such as ``"victims"``.
    area : str or Area, optional
        The area; by default the main area of the publication.
    period : str or Period, optional
        The reference period, required if there are several.
    status : str, optional
        The status of victims, required if there are several.
    known : str or iterable of str
        Dimensions whose category must be known.
    denominator : mapping of str to str, optional
        The denominator of a share, as codes by dimension and ``area``; ``{}`` for all persons in
        the area. By default the result is a count.
    base : {"all", "known"}
        For a share: "all" includes the unknown category in the denominator, "known" excludes it.
    bases : mapping of str to str, optional
        The denominator, ``"all"`` or ``"known"``, of percentages that do not state it: by
        dimension, such as ``{"sex": "all"}``, or by claim id.
    overlapping : str or iterable of str
        Dimensions in which one person can have several categories; all others are exclusive.
    rounding : Rounding
        The rounding of percentages.
    allow_tie_either_way : bool
        Whether ties may be rounded either up or down, regardless of `rounding`.
    use_wording : bool
        Whether the wording of shares without a number, such as "the majority", is used, with the
        meaning of `thbstats.judge_wording`.
    exclude : str or iterable of str
        Ids of claims to exclude, and names of groups that need not add up to 100%.
    allow_disclosure : bool
        Whether the bounds of a suppressed count of a table may be narrower than the published
        ones. The result then has the blocking warning ``DISCLOSURE``.
    **category : str
        The category, by dimension.

    Returns
    -------
    Inference
        The bounds, a consistent table for each bound, the assumptions and the claims used; or no
        information.

    Raises
    ------
    ImpossibleResult
        If the claims are inconsistent; the error names a minimal conflicting set.
    NoSuchCell
        If no such counts are published.
    AmbiguousCell
        If there are several periods, statuses or kinds of count.
    UnknownName
        If a dimension, code, claim, denominator or rounding does not exist.
    NarrowingForbidden
        If `allow_disclosure` is set and the terms of a source prohibit re-identification.
    InvalidValue
        If the first argument is neither a publication nor a table, the numerator of a share is
        not a part of its denominator, or an argument does not apply to a table.

    Examples
    --------
    >>> import thbstats as thb
    >>> publication = thb.publications.com_2018_777()
    >>> thb.infer(publication, "victims", area="UK", exploitation="labour")
    <Inference labour, UK: 2,666 to 2,865>
    >>> thb.infer(publication, "victims", area="UK", known="exploitation").bounds
    Interval(4848 to 6387)
    >>> thb.infer(publication, "victims", area="UK", sex="female")
    <Inference female, UK: no information>
    >>> thb.infer(publication, "victims", area="UK", sex="female", bases={"sex": "all"}).bounds
    Interval(1705 to 5693)

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    if isinstance(publication, CountTable):
        _check_table(
            publication, subject, known=known, denominator=denominator, bases=bases, exclude=exclude
        )
        table = publication if status is None else publication.where(status=status)
        return infer_count(
            table,
            area=area,
            period=period,
            overlapping=overlapping,
            allow_disclosure=allow_disclosure,
            **category,
        )
    evidence = Evidence(
        publication,
        bases=bases,
        overlapping=overlapping,
        rounding=rounding,
        allow_tie_either_way=allow_tie_either_way,
        use_wording=use_wording,
        exclude=exclude,
    )
    return evidence.infer(
        subject,
        area=area,
        period=period,
        status=status,
        known=known,
        denominator=denominator,
        base=base,
        **category,
    )


def _check_table(table: CountTable, subject: str, **claim_arguments: object) -> None:
    if subject != table.kind:
        raise NoSuchCell(
            f"`subject` must be {table.kind!r} for this table",
            field="subject",
            value=subject,
            hint=f"Use subject={table.kind!r}",
        )
    for field, value in claim_arguments.items():
        if value is not None and value != ():
            raise InvalidValue(
                f"`{field}` must not be set for a table, which has no claims",
                field=field,
                value=value,
                hint="Remove the argument",
            )
