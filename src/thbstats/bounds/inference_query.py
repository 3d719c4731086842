"""Ask the claims of a publication, or the rows of a table, for a number that is not there."""

from collections.abc import Iterable, Mapping

from thbstats.bounds.count_query import infer_count
from thbstats.bounds.evidence import Evidence
from thbstats.bounds.inference import Inference
from thbstats.claims import Publication
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.tables import CountTable
from thbstats.values import Period, Rounding

__all__ = ["infer"]


def infer(
    publication: Publication | CountTable,
    subject: str = "victims",
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    status: str | None = None,
    known: str | Iterable[str] = (),
    denominator: Mapping[str, str] | None = None,
    base: str = "all",
    bases: Mapping[str, str] | None = None,
    overlapping: str | Iterable[str] = (),
    rounding: Rounding | str = Rounding.HALF_UP,
    allow_tie_either_way: bool = False,
    use_wording: bool = False,
    exclude: str | Iterable[str] = (),
    allow_disclosure: bool = False,
    **category: str,
) -> Inference:
    """Return what all claims together imply of a count or a share that need not be printed.

    Each count, percentage, change and ranking of the same kind of count becomes inequalities
    between whole numbers. A percentage enters if its base is printed, or read in the publication,
    or given in `bases`, and if something printed says that its base holds anybody: a percentage
    of nobody knows how many is a proportion and no count. Qualifying words enter where you ask
    for it and no number stands beside them. Who asks more than once of one publication asks its
    `Evidence`, which reads the claims once.

    Parameters
    ----------
    publication : Publication or CountTable
        A publication as claims, or a table, of which counts alone can be asked; see
        `infer_count`.
    subject : str
        What is counted, such as ``"victims"``.
    area : str or Area, optional
        The area; by default the one of which the publication mostly speaks.
    period : str or Period, optional
        The reference period, where numbers are printed for several.
    status : str, optional
        The status of victims, where numbers are printed for several.
    known : str or iterable of str
        Dimensions whose category must be known, such as all victims of a country with a known
        form of exploitation.
    denominator : mapping of str to str, optional
        Ask for the share of this whole instead of the count: codes by dimension, ``{}`` for
        everybody in the area; with ``area`` for another area.
    base : {"all", "known"}
        For a share: whether its base holds those whose category is unknown.
    bases : mapping of str to str, optional
        The base, ``"all"`` or ``"known"``, of percentages of which it is not printed: by
        dimension, such as ``{"sex": "all"}``, or by the id of a claim.
    overlapping : str or iterable of str
        Dimensions of which one person can have several categories; they are exclusive otherwise.
    rounding : Rounding
        How percentages were rounded.
    allow_tie_either_way : bool
        Whether a half may have been rounded either way, whatever the rounding says.
    use_wording : bool
        Whether the words of a share without a number enter, such as "the majority", as what
        `thbstats.judge_wording` reads in them.
    exclude : str or iterable of str
        Ids of claims that do not enter, and names of groups that need not make a whole.
    allow_disclosure : bool
        Whether a count that a table hides may be told more closely than its source does; the
        answer then carries the blocking warning ``DISCLOSURE``.
    **category : str
        What is asked for, by dimension.

    Returns
    -------
    Inference
        The ends, a table for each that satisfies every claim, what was assumed and used; or no
        information.

    Raises
    ------
    ImpossibleResult
        If no table satisfies all claims; the error names a smallest set that conflicts.
    NoSuchCell
        If nothing is printed of such counts.
    AmbiguousCell
        If numbers are printed for several periods, statuses or kinds of count.
    UnknownName
        If a dimension, code, claim, base or way of rounding does not exist.
    NarrowingForbidden
        If a hidden count is to be narrowed and the terms of its source forbid that.
    InvalidValue
        If neither a publication nor a table is given, a share is asked for that is no part of its
        whole, or a table for what only claims can tell.

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


def _check_table(table: CountTable, subject: str, **of_claims: object) -> None:
    if subject != table.kind:
        raise NoSuchCell(
            f"the table counts {table.kind}", field="subject", value=subject, hint="Say so"
        )
    for field, value in of_claims.items():
        if value is not None and value != ():
            raise InvalidValue(
                "a table is asked for counts, and has no claims",
                field=field,
                value=value,
                hint="Leave it out",
            )
