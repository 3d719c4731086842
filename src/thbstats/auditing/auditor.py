"""Hold each claim of a publication against the others, one at a time and all together."""

from collections.abc import Callable

from thbstats.auditing import changes, counts, directions, rankings, rates, shares
from thbstats.auditing.audited import Audit, AuditedClaim, ClaimVerdict, Joint
from thbstats.auditing.joint_audit import joint as judged_together
from thbstats.auditing.verdict import SAID, Judgement, cannot_tell, hedged, misquoted, shown
from thbstats.auditing.words import Fit, judge_words
from thbstats.bounds import Evidence
from thbstats.claims import Claim, ClaimKind, Figures, Report
from thbstats.values import Interval

__all__ = ["audit"]

_JUDGES: dict[ClaimKind, Callable[[Figures, Claim], Judgement]] = {
    ClaimKind.COUNT: counts.judge,
    ClaimKind.SHARE: shares.judge,
    ClaimKind.CHANGE: changes.judge,
    ClaimKind.RATE: rates.judge_rate,
    ClaimKind.RATIO: rates.judge_ratio,
    ClaimKind.RANKING: rankings.judge,
    ClaimKind.DIRECTION: directions.judge,
    ClaimKind.STATEMENT: lambda _figures, _claim: SAID,
    ClaimKind.NUMBER: lambda _figures, claim: cannot_tell(
        f"{shown(claim)} is a number that counts nothing."
    ),
}

_SHARES = Interval(0, 1)
_STRENGTH = (
    ClaimVerdict.CONTRADICTED,
    ClaimVerdict.CONFIRMED,
    ClaimVerdict.CONSISTENT,
    ClaimVerdict.CANNOT_TELL,
)


def audit(report: Report | Evidence, *, joint: bool = True, all: bool = False) -> Audit:
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
    Of both verdicts the stronger one counts: contradicted, confirmed, consistent, cannot tell.
    Claims that contradict each other say nothing of the others.

    Parameters
    ----------
    report : Report or Evidence
        A publication as claims; as `thbstats.Evidence` with what is assumed to read them, such as
        the bases that it does not print.
    joint : bool
        Whether claims are also held against all others together, which takes longer.
    all : bool
        Whether outputs list the statements without a number on which no other figure bears.

    Returns
    -------
    Audit
        One verdict per claim: confirmed, consistent, contradicted or cannot tell, with the
        arithmetic, what all others leave, and how much it narrows them.

    Raises
    ------
    InvalidValue
        If it is no publication.

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
    evidence = report if isinstance(report, Evidence) else Evidence(report)
    figures = evidence.report.figures
    together = judged_together(evidence) if joint else {}
    return Audit(
        title=evidence.report.title,
        claims=[
            _audited(figures, claim, together.get(claim.id)) for claim in evidence.report.claims
        ],
        assumptions=evidence.assumptions if joint else (),
        folded=not all,
    )


def _audited(figures: Figures, claim: Claim, together: Joint | None) -> AuditedClaim:
    judgement = _JUDGES[claim.kind](figures, claim)
    if claim.is_hedged:
        judgement = hedged(judgement, claim)
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
