"""Audits of publications: their claims, and the result."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, overload

from attrs import evolve, field, frozen

from thbstats._signatures import explain_arguments
from thbstats.auditing.consistency import Consistency, Progress, judge_together
from thbstats.auditing.nonlinear_claims import (
    UNPLACED,
    Judgement,
    judge_claim,
    judge_estimate,
    judge_number_direction,
)
from thbstats.auditing.percentage_tables import TableStyle
from thbstats.auditing.table_audit import TableAudit, audit_percentages
from thbstats.auditing.verdicts import Audit, AuditedClaim, ClaimVerdict, ContradictionReason
from thbstats.bounds import Evidence
from thbstats.bounds._simplex import Budget, SearchEnded
from thbstats.bounds.system import ConflictSearch
from thbstats.claims import FORMATS, Claim, ClaimKind, Figures, Publication
from thbstats.claims.claim_sentences import (
    citations,
    contradiction,
    explanation,
    has_sum,
    later_stage,
    number_text,
    same_value,
)
from thbstats.claims.publication import Collection
from thbstats.claims.relations import STATUSES, RoundingMethod, area_of
from thbstats.claims.wording import judge_wording
from thbstats.errors import InvalidValue, ThbstatsError, require, require_name
from thbstats.files import LIMITS, Declaration, InputFile, Limits
from thbstats.geography import COMPOSITIONS
from thbstats.languages import Message, joined, paragraph
from thbstats.lists import Lists
from thbstats.tables.frames import Frame
from thbstats.values import Interval, Reason, Rounding
from thbstats.vocabulary import code_text

_MOST_CONFLICTS = 20
_EFFORT = 200


def audit_within(
    report: Publication | Iterable[Publication] | Evidence,
    budget: Budget,
    *,
    all: bool = False,
    lists: Lists | Mapping[str, Lists] | None = None,
    progress: Progress = lambda _step, _done: None,
) -> Audit:
    """Return the audit of publications, within a time budget."""
    evidence = report if isinstance(report, Evidence) else Evidence(report)
    of, claims = evidence.publication, _Claims(evidence)
    result, assumptions = claims.together(budget, progress), tuple[str, ...]()
    remarks = _status_remarks(evidence, result, budget)
    estimates = [claim.id for claim in of.claims if claim.kind is ClaimKind.ESTIMATE]
    by_id = lists if isinstance(lists, Mapping) else dict.fromkeys(estimates, lists)
    for name in by_id:
        require_name(name, estimates, "`lists` must contain ids of estimates", field="lists")
    hint = "Pass Lists, or a mapping of Lists by the id of the estimate"
    for own in lists.values() if isinstance(lists, Mapping) else (lists,):
        is_valid = own is None or isinstance(own, Lists)
        require(is_valid, "`lists` must be Lists", hint, lists=type(own))
    for claim in of.claims:
        if claim.kind is ClaimKind.ESTIMATE:
            judgement = judge_estimate(claim, by_id.get(claim.id))
            claims.estimates[claim.id], remarks[claim.id] = judgement
    with budget.applied(), suppress(SearchEnded):
        assumptions = evidence.assumptions
    return Audit(
        title=of.title,
        claims=tuple(_audited(claims, claim, result, remarks) for claim in of.claims),
        assumptions=tuple(dict.fromkeys(assumptions)),
        conflicts=tuple(result.conflicts),
        left_open=tuple(dict.fromkeys(result.left_open)),
        folded=not all,
        publications=tuple(
            item.id for item in (of.publications if isinstance(of, Collection) else (of,))
        ),
    )


@frozen
class _Claims:
    """Claims of an audit with the figures to compare.

    Those of revised publications (``superseded``) are judged in their own publication.
    """

    evidence: Evidence
    _figures: dict[object, Figures] = field(factory=dict, init=False)
    estimates: dict[str, Judgement] = field(factory=dict, init=False)

    @property
    def several(self) -> Collection | None:
        report = self.evidence.publication
        return report if isinstance(report, Collection) else None

    @property
    def superseded(self) -> Mapping[Claim, Claim]:
        return {} if self.several is None else self.several.superseded

    def of(self, claims: Iterable[Claim]) -> Figures:
        """Return some claims with the assumptions of the audit."""
        return Figures(claims, self.evidence.overlapping, self.evidence.rules)

    def figures(self, claim: Claim, wrong: frozenset[str] = frozenset()) -> Figures:
        """Return the figures to compare with a claim, without contradicted figures.

        A direction is judged by what was published when it was written.
        """
        several, is_direction = self.several, claim.kind is ClaimKind.DIRECTION
        is_old = claim in self.superseded and claim.kind is not ClaimKind.CHANGE
        own = several.publication_of(claim).id if several and (is_old or is_direction) else ""
        key = (wrong, is_old, is_direction, own)
        if key not in self._figures:
            chosen: Iterable[Claim] = self.evidence.publication.claims
            if several is not None:
                chosen = (item for item in several.claims if item not in self.superseded)
                chosen = several.claims_until(claim) if is_direction else chosen
                chosen = several.claims_of_same_publication(claim) if is_old else chosen
            excluded = {*wrong, *self.evidence.exclude}
            self._figures[key] = self.of(item for item in chosen if item.id not in excluded)
        return self._figures[key]

    def together(self, budget: Budget, progress: Progress) -> Consistency:
        """Return the verdicts on all claims; a revised claim is judged within its publication."""
        result, several = judge_together(self.evidence, budget, progress), self.several
        if several is None:
            return result
        revised = {claim.id for claim in self.superseded}
        for name in revised:
            result.by_claim.pop(name, None)
        firsts = {several.publication_of(claim).id: claim for claim in self.superseded}
        for name, claim in firsts.items():
            claims = several.claims_of_same_publication(claim)
            own = judge_together(self.evidence.only(name, claims), budget, progress)
            result.by_claim |= {n: item for n, item in own.by_claim.items() if n in revised}
            result.conflicts += [s for s in own.conflicts if revised & {claim.id for claim in s}]
            result.left_open += own.left_open
        return result


def _status_remarks(evidence: Evidence, result: Consistency, budget: Budget) -> dict[str, str]:
    """Return remarks on claims whose statuses do not add up."""
    claims = {claim.id: claim for claim in evidence.publication.claims}

    def conflicts() -> Iterator[list[Claim]]:
        for reading in evidence.claim_systems(statuses=True):
            for part in reading.system.without(*result.wrong).parts():
                search = ConflictSearch(part.cells, part.constraints)
                for conflict in islice(search.sets(_EFFORT), _MOST_CONFLICTS):
                    yield [claims[c.name] for c in conflict.constraints if c.name in claims]

    remarks: dict[str, str] = {}
    with budget.applied():
        try:
            for conflict in conflicts():
                for claim in conflict:
                    others = [
                        Message(
                            "{number} {category} ({location})",
                            number=number_text(other), category=code_text(other.status),
                            location=other.location,
                        )
                        for other in conflict
                        if other is not claim
                    ]  # fmt: skip
                    remark = Message(
                        "Not consistent with {figures} if registered victims are the sum of "
                        "identified and presumed victims. This need not be an error: {reason}.",
                        figures=joined(others, ", "), reason=STATUSES,
                    )  # fmt: skip
                    remarks.setdefault(claim.id, remark)
        except (SearchEnded, ThbstatsError) as error:
            result.left_open.append(f"the sums of statuses are not all checked: {error}")
    return remarks


def _judgement(claims: _Claims, claim: Claim, result: Consistency) -> Judgement:
    """Return the verdict on a claim with its arithmetic.

    The system of counts is the only judge of the claims that it contains. It does not contain the
    direction of a share, and determines few rankings.
    """
    if claim.id in claims.estimates:
        return claims.estimates[claim.id]
    own, sound = result.by_claim.get(claim.id), claims.figures(claim, result.wrong)
    if own is not None and (own.is_wrong or own.conflict):
        message = _contradiction(claims, claim, own.conflict)
        if message and not own.is_wrong:
            message = paragraph([message, UNPLACED])
        return Judgement(own.verdict, message or own.message, own.conflict if own.is_wrong else ())
    if own is None:
        reason, judgement = result.excluded.get(claim.id), judge_claim(sound, claim)
        if reason is not None and not claims.evidence.has_unstated_base(claim):
            apart = Message("Not compared with all others: {reason}.", reason=reason)
            judgement = evolve(judgement, message=paragraph([judgement.message, apart]))
    elif claim.kind is ClaimKind.RANKING:
        judgement = judge_claim(sound, claim)
        if judgement.verdict is ClaimVerdict.NOT_ASSESSABLE is not own.verdict:
            judgement = Judgement(own.verdict, own.message)
    else:
        text = explanation(sound, claim) if claim.printed else ""
        judgement = Judgement(own.verdict, text or own.message)
        is_open = own.verdict is ClaimVerdict.NOT_ASSESSABLE and not claim.at_least
        if is_open and (same_value(sound, claim) or has_sum(sound, claim)):
            judgement = evolve(judgement, verdict=ClaimVerdict.CONSISTENT)
    order = judge_number_direction(sound, claim, claim.direction) if claim.percent else None
    if order is None:
        return judgement
    if order.verdict is ClaimVerdict.CONTRADICTED:
        return evolve(order, against=tuple(other for other in order.against if other != claim))
    verdict = judgement.verdict
    if verdict is ClaimVerdict.NOT_ASSESSABLE and order.verdict is not verdict:
        verdict = ClaimVerdict.CONSISTENT
    message = paragraph([judgement.message, order.message])
    return evolve(judgement, verdict=verdict, message=message)


def _contradiction(claims: _Claims, claim: Claim, others: Iterable[Claim]) -> str:
    """Return the contradiction between the claims of a contradictory set in words, or no text."""
    together = [claim, *others]
    text = contradiction(claims.of(together), claim)
    if text:
        return text
    rankings = (item for item in together if item.kind is ClaimKind.RANKING)
    orders = (judge_claim(claims.figures(item), item) for item in rankings)
    texts = (item.message for item in orders if item.verdict is ClaimVerdict.CONTRADICTED)
    return next(texts, "")


def _audited(
    claims: _Claims, claim: Claim, result: Consistency, remarks: Mapping[str, str]
) -> AuditedClaim:
    judgement, own = _judgement(claims, claim, result), result.by_claim.get(claim.id)
    report, several = claims.evidence.publication, claims.several
    rivals = [*judgement.against, *(() if own is None else own.conflict)]
    apart = _explained_differences(dict.fromkeys([claim, *rivals]), report) if rivals else {}
    others = [] if claim.is_quoted else claims.figures(claim).same(claim)
    rules = claims.evidence.rules
    # A larger number is not another value than "at least 100", and "nearly 100" is not exact.
    misquoted = [
        other
        for other in others
        if other.is_quoted
        and not claim.is_hedged
        and (rules.is_less(other, claim) if claim.at_least else not rules.agree(claim, other))
    ]
    quotation = ""
    if misquoted:
        quotation = Message("Quoted as {numbers}.", numbers=citations(misquoted))
    later = later_stage(claims.figures(claim), claim)
    fit, share = None, claim.percent
    if claim.wording:
        fit = judge_wording(claim.wording, None)
        if share is not None and share.interval.overlaps(Interval(0, 1)):
            number, where = number_text(claim), claim.location
            fit = judge_wording(claim.wording, share.interval, printed=number, section=where)
    likely = Message("Likely reason: {reasons}.", reasons=[*apart.values()]) if apart else ""
    return AuditedClaim(
        claim=claim,
        verdict=judgement.verdict,
        message=judgement.message,
        remark=paragraph([later or remarks.get(claim.id, ""), quotation]),
        wording=fit,
        joint=own,
        publication=report.id if several is None else several.publication_of(claim).id,
        against=judgement.against if judgement.verdict is ClaimVerdict.CONTRADICTED else (),
        differences=tuple(apart),
        likely_reason=likely,
        revision=None if several is None else several.revised.get(claim),
        misquotations=tuple(misquoted),
    )


def _explained_differences(
    claims: Iterable[Claim], report: Publication
) -> dict[ContradictionReason, str]:
    """Return the differences between claims that contradict each other, also in words."""
    claims = list(claims)
    result: dict[ContradictionReason, str] = {}
    releases: dict[str, None] = {}
    if isinstance(report, Collection):
        items = sorted(map(report.publication_of, claims), key=report.publications.index)
        names = ((item.document or item.title, item.published) for item in items)
        releases = dict.fromkeys(f"{name}, {day}" if day else name for name, day in names)
    if len(releases) > 1:
        result[ContradictionReason.RELEASE] = Message(
            "the figures are of different releases ({releases}), and later releases revise "
            "earlier ones",
            releases=joined(releases, ", "),
        )
    areas = sorted({area_of(claim) for claim in claims} & set(COMPOSITIONS))
    if len(areas) > 1:
        text = "{areas} are different compositions of the European Union"
        result[ContradictionReason.AREA] = Message(text, areas=joined(areas, separator=" and "))
    sizes = dict.fromkeys(claim.n_reporters for claim in claims)
    if len(sizes) > 1:
        texts = [
            Message("all countries") if n is None else Message("{n} countries", n=n) for n in sizes
        ]
        text = "the numbers of reporting countries differ: {countries}"
        result[ContradictionReason.COVERAGE] = Message(text, countries=joined(texts, ", "))
    here = Message("the publication")
    pages = dict.fromkeys(claim.read_at or here for claim in claims)
    if len(releases) < 2 and len(pages) > 1:
        text = "the figures were read at different pages ({pages})"
        result[ContradictionReason.SOURCE] = Message(text, pages=joined(pages, ", "))
    return result


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


@explain_arguments
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
        not give is compared with the sum over all members, over members with both counts, and over
        these members except one.
    rounding : Rounding, str or mapping, optional
        The rounding method of the publisher. By default to the nearest, with any tie-breaking
        rule, and for shares of publications half up; ``"unknown"`` allows every method, also
        truncation and rounding up. For publications also a mapping, as for
        `thbstats.bounds.Evidence`: ``{"count": 10, "share": "half_away"}``.
    bases : sequence of str, optional
        For tables, the further columns that can be denominators; by default all with integers.
    decimals : int, optional
        For tables of numbers instead of texts, the published number of decimals, from 0 to 15; for
        shares such as 0.438, those of the shares.
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

    Tables rarely state their rounding. If every method was allowed, a wrong last digit would always
    have an explanation. By default, a percentage that needs truncation or rounding up is therefore
    contradicted. So is a percentage that needs another denominator than its row states. In a row
    without a denominator, a candidate makes it consistent, not confirmed: others can exist.

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
    - other columns of integers are further denominators or old counts; if the name starts with
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
    contradicted - 9,759 of 20,532 is 47.5%, not 56%. 56% requires a denominator of
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
    # Options of the other kind of source; a frame has no truth value.
    unused: dict[str, Any] = {"all": all or None, "lists": lists}
    unused["time_limit"] = None if time_limit == TIME_LIMIT else time_limit
    if is_publication:
        unused = {"thousands": thousands or None, "fewer_than_from": fewer_than_from or None}
        unused |= {"members": members, "bases": bases, "decimals": decimals, "missing": missing}
        unused |= {"encoding": encoding, "limits": limits}
    for name, value in unused.items():
        shown = value if isinstance(value, str | int | float) else type(value)
        problem = f"`{name}` must not be given for {kind}"
        require(value is None, problem, "Leave it out", **{name: shown})
    if is_publication:
        hint = "Pass seconds, such as time_limit=60, or None for no limit"
        is_number = isinstance(time_limit, int | float) and not isinstance(time_limit, bool)
        is_limit = time_limit is None or (is_number and time_limit >= 0)
        require(is_limit, "`time_limit` must be 0 seconds or more", hint, time_limit=time_limit)
        if rounding is not None:
            hint = "Pass it to thbstats.bounds.Evidence"
            problem = "`rounding` must not be given for evidence"
            require(not isinstance(source, Evidence), problem, hint, rounding=str(rounding))
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
    return audit_percentages(source, style, members, rounding)


def _is_claims(source: object) -> bool:
    """Whether a source is a publication, several publications or evidence."""
    if isinstance(source, Publication | Evidence):
        return True
    if isinstance(source, str | os.PathLike | InputFile) or hasattr(source, "__arrow_c_stream__"):
        return False
    return isinstance(source, list | tuple | set) or not hasattr(type(source), "columns")
