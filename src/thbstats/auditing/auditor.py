"""Hold each claim of a publication against the others, one at a time and all together."""

from collections.abc import Callable
from contextlib import suppress

from thbstats.auditing import changes, counts, directions, rankings, shares
from thbstats.auditing.audited import Audit, AuditedClaim, ClaimVerdict, Joint
from thbstats.auditing.joint_audit import JointAudit, Progress
from thbstats.auditing.joint_audit import joint as judged_together
from thbstats.auditing.verdict import SAID, Judgement, cannot_tell, misquoted, shown
from thbstats.auditing.words import Fit, judge_words
from thbstats.bounds import Evidence
from thbstats.bounds._budget import Budget, SearchEnded
from thbstats.claims import Claim, ClaimKind, Figures, Report
from thbstats.errors import InvalidValue
from thbstats.values import Interval

__all__ = ["audit", "audit_within"]

_JUDGES: dict[ClaimKind, Callable[[Figures, Claim], Judgement]] = {
    ClaimKind.COUNT: counts.judge,
    ClaimKind.SHARE: shares.judge,
    ClaimKind.CHANGE: changes.judge,
    ClaimKind.RANKING: rankings.judge,
    ClaimKind.DIRECTION: directions.judge,
    ClaimKind.STATEMENT: lambda _figures, _claim: SAID,
    ClaimKind.NUMBER: lambda _figures, claim: cannot_tell(
        f"{shown(claim)} is a number that counts nothing."
    ),
}

_SHARES = Interval(0, 1)
_STRENGTH = (
    ClaimVerdict.DISPUTED,
    ClaimVerdict.CONTRADICTED,
    ClaimVerdict.CONFIRMED,
    ClaimVerdict.CONSISTENT,
    ClaimVerdict.CANNOT_TELL,
)


_TIME_LIMIT = 60.0


def audit(
    report: Report | Evidence, *, joint: bool = True, time_limit: float | None = _TIME_LIMIT
) -> Audit:
    """Return what holding each claim of a publication against the others shows.

    A count is held against the same count elsewhere, its parts and wholes, and the shares of
    which it is numerator or base; a share against its numerator, its base and the shares that
    make 100 with it; a change against the counts at both ends; a ranking against the numbers it
    ranks and against who belongs to a group; a direction against the numbers at both ends. Which
    of two figures is wrong that contradict each other is not for arithmetic to say, so both are
    contradicted; where one was read from a page that quotes the publication, that one is, and the
    other has a remark. Qualifying words are judged apart, by the documented readings of
    `judge_words`.

    Then each claim of which a system is made is held against all others together; see `Joint`.
    Of both verdicts the stronger one counts: disputed, contradicted, confirmed, consistent, cannot
    tell. Claims that contradict each other say nothing of the others.

    Parameters
    ----------
    report : Report or Evidence
        A publication as claims; as `thbstats.Evidence` with what is assumed to read them, such as
        the bases that it does not print.
    joint : bool
        Whether claims are also held against all others together, which takes longer.
    time_limit : float, optional
        After how many seconds claims are no longer held against all others; ``None`` for no limit.
        What was found by then is kept, and `Audit.left_open` lists the claims that were not
        reached.

    Returns
    -------
    Audit
        One verdict per claim: confirmed, consistent, contradicted, disputed or cannot tell, with
        the arithmetic and what all others leave; and the smallest sets of claims that cannot all
        be true.

    Raises
    ------
    InvalidValue
        If it is no publication, or the time limit is negative.

    Examples
    --------
    >>> import thbstats as thb
    >>> found = thb.audit(thb.publications.com_2018_777())
    >>> print(found["ii-1-sexual-share"].message)
    56 % of 9 759 needs a base of 17 273..17 583; of all 20 532 it would be 47.5 %, so it is not \
of them. 56 + 26 + 18 = 100 %: the parts make the whole. It is printed again in section II.
    >>> print(found["ii-1-other-share"].words.reason)
    Section II.1 calls 18 % 'around a quarter'; a quarter is 25 % and the nearest common fraction \
is a fifth (20 %).

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    if time_limit is not None and not time_limit >= 0:
        raise InvalidValue(
            "`time_limit` must be a number of seconds from 0",
            field="time_limit",
            value=time_limit,
            mend="Give seconds, such as time_limit=60, or None for no limit",
        )
    return audit_within(report, Budget(time_limit), joint=joint)


def audit_within(
    report: Report | Evidence,
    budget: Budget,
    *,
    joint: bool = True,
    progress: Progress = lambda _step, _done: None,
) -> Audit:
    """Return the audit of a publication, of all claims together as far as a budget allows."""
    evidence = report if isinstance(report, Evidence) else Evidence(report)
    figures = evidence.report.figures
    together = judged_together(evidence, budget, progress) if joint else JointAudit()
    assumptions = ()
    if joint:
        with budget.applied(), suppress(SearchEnded):
            assumptions = evidence.assumptions
    return Audit(
        title=evidence.report.title,
        claims=[
            _audited(figures, claim, together.found.get(claim.id))
            for claim in evidence.report.claims
        ],
        assumptions=assumptions,
        conflicts=together.conflicts,
        left_open=together.left_open,
    )


def _audited(figures: Figures, claim: Claim, together: Joint | None) -> AuditedClaim:
    judgement = _JUDGES[claim.kind](figures, claim)
    verdicts = {judgement.verdict, judgement.verdict if together is None else together.verdict}
    if together is not None and together.conflict:
        # What cannot be true with others is not consistent with some of them.
        verdicts -= {ClaimVerdict.CONFIRMED, ClaimVerdict.CONSISTENT}
    return AuditedClaim(
        claim=claim,
        verdict=next(verdict for verdict in _STRENGTH if verdict in verdicts),
        message=judgement.message,
        remark=" ".join(filter(None, [judgement.remark, misquoted(figures, claim)])),
        words=_fit(claim) if claim.words else None,
        joint=together,
    )


def _fit(claim: Claim) -> Fit:
    """Hold words against the share that is printed beside them, if any."""
    if claim.percent is None or not claim.percent.interval.overlaps(_SHARES):
        return judge_words(claim.words, None)
    return judge_words(claim.words, claim.percent.interval, printed=shown(claim), place=claim.place)
