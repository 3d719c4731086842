"""Audit of publications and of tables of percentages."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, overload

import numpy as np

from thbstats.auditing.checks import (
    CONFIRMED,
    CONSISTENT,
    CONTRADICTED,
    NOT_ASSESSABLE,
    Check,
    check_groups,
    judge_rows,
)
from thbstats.auditing.claims_audit import audit_within
from thbstats.auditing.figure_columns import TOTAL
from thbstats.auditing.rounding_methods import bits_of
from thbstats.auditing.table_audit import TableAudit
from thbstats.auditing.table_columns import TableStyle
from thbstats.auditing.table_reading import read_figures, read_members
from thbstats.auditing.verdicts import Audit
from thbstats.bounds import Evidence
from thbstats.bounds._simplex import Budget
from thbstats.claims import FORMATS, Publication
from thbstats.claims.rounding_rules import RoundingMethod
from thbstats.errors import InvalidValue, require_name
from thbstats.files import LIMITS, Declaration, InputFile, Limits
from thbstats.lists import Lists
from thbstats.tables.frames import Frame
from thbstats.values import Reason, Rounding

Claims: TypeAlias = Publication | Iterable[Publication] | Evidence
Percentages: TypeAlias = "Frame | str | os.PathLike[str] | InputFile"

TIME_LIMIT = 60.0
"""The seconds after which the comparison of claims with all others ends."""


@overload
def audit(
    source: Claims,
    *,
    rounding: RoundingMethod | Mapping[str, RoundingMethod] | None = ...,
    time_limit: float | None = ...,
    all: bool = ...,
    lists: Lists | Mapping[str, Lists] | None = ...,
) -> Audit: ...
@overload
def audit(
    source: Percentages,
    *,
    members: "Percentages | None" = ...,
    rounding: Rounding | str | None = ...,
    bases: Sequence[str] | None = ...,
    decimals: int | None = ...,
    thousands: str = ...,
    missing: Mapping[str, Reason | str] | None = ...,
    fewer_than_from: int = ...,
    encoding: str | None = ...,
    limits: Limits | None = ...,
) -> TableAudit: ...


def audit(
    source: Any,
    *,
    time_limit: float | None = TIME_LIMIT,
    all: bool = False,
    lists: Any = None,
    members: Any = None,
    rounding: Any = None,
    bases: "Sequence[str] | None" = None,
    decimals: int | None = None,
    thousands: str = "",
    missing: "Mapping[str, Any] | None" = None,
    fewer_than_from: int = 0,
    encoding: str | None = None,
    limits: Any = None,
) -> "Audit | TableAudit":
    r"""Check the consistency of publications, or of a table of published percentages.

    One system of constraints on integers judges each count, share, change and ranking of a
    publication by all others (see `Joint`). Rates, ratios, directions and other rankings are
    compared with the figures of which they consist, if no contradictory set contains these.

    Each percentage of a table is compared with the counts of its row. A share that is published as
    *k* in units of 1/*s* (56.0% is 560 in units of 1/1000) comes from *n* of *d* if rounding n/d
    gives it: (2k - 1)·d ≤ 2s·n ≤ (2k + 1)·d. A change from *d* to *n* is n/d - 1. The arithmetic
    is exact.

    Parameters
    ----------
    source : Publication, list of Publication, Evidence, frame or path
        Publications as claims, or `thbstats.bounds.Evidence` with the assumptions to read them.
        Claims of several publications have the id of their publication before their own, such as
        ``com_2018_777-ii-victims``. Or a table of percentages: a frame of any engine, or a CSV,
        Parquet or xlsx file. See Notes for its columns.
    time_limit : float, optional
        For publications, the seconds after which the audit ends; ``None`` for no limit.
        `Audit.left_open` lists the claims that were not reached.
    all : bool
        For publications, whether outputs list the statements without a number that no other
        figure relates to.
    lists : thbstats.lists.Lists or mapping, optional
        For publications, the lists behind claims of the kind ``estimate``; a mapping has them by
        the id of the claim. An estimate below the persons on the lists is contradicted.
    members : frame or path, optional
        For tables, the counts of the members: a row for each ``id`` and ``member``, with
        ``numerator`` and ``denominator``, or ``new`` and ``old``. A percentage that its row does
        not give is compared with the sum over all members, over members with both counts, and
        over these without each of them.
    rounding : Rounding, str or mapping, optional
        The rounding method of the publisher. By default to the nearest, with any tie-breaking
        rule, and for shares of publications half up; ``"unknown"`` allows every method, also
        truncation and rounding up. For publications also a mapping, as for
        `thbstats.bounds.Evidence`: ``{"count": 10, "share": "half_away"}``.
    bases : sequence of str, optional
        For tables, the further columns that can be denominators; by default all with numbers.
    decimals : int, optional
        For tables of numbers instead of texts, the published number of decimals, from 0 to 15.
    thousands : str
        For tables, the thousands separator; spaces are always accepted.
    missing : mapping of str to Reason, optional
        For tables, markers of missing counts, such as ``{"c": "suppressed"}``. An empty cell and
        ``:`` are markers already.
    fewer_than_from : int
        For tables, the smallest count that "<n" covers.
    encoding, limits : optional
        For files, as for `thbstats.read`.

    Returns
    -------
    Audit or TableAudit
        A verdict for each claim or percentage, see `ClaimVerdict`.

    Raises
    ------
    InvalidValue, UnknownName, InvalidFile
        If the source has another type, an option does not apply to it, a column is missing, or no
        row can be read. The error lists all problems. If only some rows cannot be read, their
        message contains the reason and the other rows are audited.
    MissingExtra
        If reading a file needs a library that is not installed.

    Notes
    -----
    If two figures contradict each other, both are contradicted; if one is from a page that quotes
    the publication, only that one. A sum of identified and presumed victims that differs from the
    registered victims is a remark. Another value in a later publication is a revision.

    The columns of a table, in any order:

    - ``printed``: the published number as text, such as ``56``, ``56.0%`` or ``-3.2%``;
    - ``numerator`` and ``denominator``, for a change ``new`` and ``old``: a count, ``<5``, a range
      ``17273-17583``, ``>=10``, or nothing. A change between two rates has the rates as text;
    - ``id``, optional, the name of a row;
    - ``kind``, optional: ``share``, ``change``, ``total``, ``rate`` (with ``per``, such as 100000)
      or ``ratio``;
    - ``group``, optional: rows of one group are the parts of one whole, and a ``total`` among them
      has it in ``numerator``;
    - ``rank``, optional: the published rank, within a group or among all rows;
    - other columns of numbers are further denominators or old counts; if the name starts with
      ``numerator_`` or ``new_``, numerators or new counts.

    Examples
    --------
    >>> import thbstats as thb
    >>> found = thb.audit(thb.publications.com_2018_777())
    >>> print(found["ii-1-sexual-share"].message)
    9,759 is 56% of 17,273 to 17,583. It is 47.5% of all 20,532, so 56% refers to a smaller
    denominator. 56 + 26 + 18 = 100%: the parts add up. The same value is in section II.
    >>> print(found["ii-1-other-share"].wording.reason)
    Section II.1 describes 18% as “around a quarter”. A fifth (20%) is closer.

    >>> publications = [thb.publications.com_2016_267(), thb.publications.com_2018_777()]
    >>> item = thb.audit(publications)["com_2018_777-iii-2-convictions-increase"]
    >>> str(item.verdict), [claim.printed for claim in item.against]
    ('contradicted', ['3 129', '2927'])

    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "id": ["sexual, all", "sexual", "victims"],
    ...         "kind": ["share", "share", "change"],
    ...         "numerator": [9759, 9759, 20532],
    ...         "denominator": [20532, 17400, 15846],
    ...         "printed": ["56%", "56%", "+30%"],
    ...     }
    ... )
    >>> for figure in thb.audit(table):
    ...     print(figure.verdict, "-", figure.message)
    contradicted - 9,759 of 20,532 is 47.5%, not 56%; 56% requires a denominator of
    17,273 to 17,583.
    confirmed - 9,759 of 17,400 is 56.1%.
    confirmed - From 15,846 to 20,532 is +29.6%.

    References
    ----------
    COM(2018) 777, sections II and II.1; COM(2016) 267. The denominator 17,400 and the +30% of the
    table are synthetic.
    """
    is_path = isinstance(source, str | os.PathLike)
    if is_path and Path(source).suffix.lower() in sum(FORMATS.values(), ()):
        hint = "Read a claims file first: thb.audit(thb.claims.read_claims(path))"
        problem = "`source` must be a table of percentages or a publication"
        raise InvalidValue(problem, field="source", value=os.fspath(source), hint=hint)
    is_publication = _is_claims(source)
    kind = "a publication" if is_publication else "a table of percentages"
    for name, value, default in (
        [
            ("members", members, None),
            ("bases", bases, None),
            ("decimals", decimals, None),
            ("thousands", thousands, ""),
            ("missing", missing, None),
            ("fewer_than_from", fewer_than_from, 0),
            ("encoding", encoding, None),
            ("limits", limits, None),
        ]
        if is_publication
        else [("time_limit", time_limit, TIME_LIMIT), ("all", all, False), ("lists", lists, None)]
    ):
        # A frame has no truth value: it is compared by identity.
        is_plain = isinstance(value, str | int | float | bool)
        if value is not default and not (is_plain and value == default):
            problem, shown = (
                f"`{name}` must not be given for {kind}",
                value if is_plain else type(value),
            )
            raise InvalidValue(problem, field=name, value=shown, hint="Leave it out")
    if is_publication:
        if time_limit is not None and not time_limit >= 0:
            hint = "Pass seconds, such as time_limit=60, or None for no limit"
            problem = "`time_limit` must be 0 seconds or more"
            raise InvalidValue(problem, field="time_limit", value=time_limit, hint=hint)
        if rounding is not None:
            if isinstance(source, Evidence):
                hint = "Pass it to thbstats.bounds.Evidence"
                problem = "`rounding` must not be given for evidence"
                raise InvalidValue(problem, field="rounding", value=str(rounding), hint=hint)
            source = Evidence(source, rounding=rounding)
        return audit_within(source, Budget(time_limit), all=all, lists=lists)
    declared = Declaration(
        thousands=thousands, missing=missing or {}, fewer_than_from=fewer_than_from
    )
    style = TableStyle(
        numerals=declared.count_parser,
        decimals=decimals,
        bases=bases,
        encoding=encoding,
        limits=LIMITS if limits is None else limits,
    )
    return _audit_table(source, style, members, rounding)


def _is_claims(source: object) -> bool:
    """Whether a source is a publication, several publications or evidence."""
    if isinstance(source, Publication | Evidence):
        return True
    if isinstance(source, str | os.PathLike | InputFile) or hasattr(source, "__arrow_c_stream__"):
        return False
    return isinstance(source, list | tuple | set) or not hasattr(type(source), "columns")


def _audit_table(source: Any, style: TableStyle, members: Any, rounding: Any) -> TableAudit:
    """Return the audit of a table of percentages."""
    if rounding is not None:
        problem = "`rounding` must be a rounding method"
        require_name(str(rounding), Rounding, problem, field="rounding")
        rounding = Rounding(str(rounding))
    figures, allowed = read_figures(source, style), bits_of(rounding)
    judged, checked = judge_rows(figures, allowed), check_groups(figures, allowed)
    verdicts = judged.verdicts.copy()
    # A total has the verdict of its parts, unless another percentage than 100 is printed.
    totals = np.flatnonzero((figures.kinds == TOTAL) & (verdicts != CONTRADICTED))
    sums = checked.verdicts[Check.PARTS][checked.keys[totals]]
    verdicts[totals] = np.where(sums < 0, NOT_ASSESSABLE, sums)
    sets = None
    if members is not None:
        selected = figures.printed.present & (verdicts != CONFIRMED) & (figures.kinds != TOTAL)
        sets = read_members(members, figures, selected, style)
        explained = sets.owners[sets.fits & allowed > 0]
        verdicts[explained[verdicts[explained] == NOT_ASSESSABLE]] = CONSISTENT
    return TableAudit(
        figures=figures,
        verdicts=verdicts,
        judged=judged,
        checked=checked,
        members=sets,
        rounding=rounding,
        rows=np.arange(len(figures)),
    )
