"""Audit of the claims of publications."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

from attrs import field, frozen

from thbstats.auditing import changes, counts, directions, rankings, rates, shares
from thbstats.auditing.audited_claims import Audit, AuditedClaim, ClaimVerdict
from thbstats.auditing.contradiction_reasons import differences
from thbstats.auditing.joint_audit import JointAudit, Progress
from thbstats.auditing.joint_audit import joint as judged_together
from thbstats.auditing.judgements import (
    QUALITATIVE,
    Judgement,
    formatted,
    hedged,
    misquoted,
    not_assessable,
)
from thbstats.auditing.wording_fit import Fit, judge_wording
from thbstats.bounds import Evidence
from thbstats.bounds._budget import Budget, SearchEnded
from thbstats.bounds.contradictions import searches
from thbstats.claims import Claim, ClaimKind, Figures, Publication
from thbstats.claims.collection import Collection
from thbstats.claims.relations import STATUSES
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.values import Interval

__all__ = ["TIME_LIMIT", "audit_claims", "audit_within"]

_JUDGES: dict[ClaimKind, Callable[[Figures, Claim], Judgement]] = {
    ClaimKind.COUNT: counts.judge,
    ClaimKind.SHARE: shares.judge,
    ClaimKind.CHANGE: changes.judge,
    ClaimKind.RATE: rates.judge_rate,
    ClaimKind.RATIO: rates.judge_ratio,
    ClaimKind.RANKING: rankings.judge,
    ClaimKind.DIRECTION: directions.judge,
    ClaimKind.STATEMENT: lambda _figures, _claim: QUALITATIVE,
    ClaimKind.NUMBER: lambda _figures, claim: not_assessable(f"{formatted(claim)} is not a count."),
}

_MOST_CONFLICTS = 20
_EFFORT = 200
_SHARES = Interval(0, 1)
_STRENGTH = (
    ClaimVerdict.DISPUTED,
    ClaimVerdict.CONTRADICTED,
    ClaimVerdict.CONFIRMED,
    ClaimVerdict.CONSISTENT,
    ClaimVerdict.NOT_ASSESSABLE,
)


TIME_LIMIT = 60.0
"""The seconds after which claims are no longer compared with all others."""


def audit_claims(
    publications: Publication | Iterable[Publication] | Evidence,
    *,
    joint: bool = True,
    time_limit: float | None = TIME_LIMIT,
    all: bool = False,
) -> Audit:
    """Return the audit of publications, as `thbstats.audit` describes it.

    Parameters
    ----------
    publications : Publication, list of Publication or Evidence
        The publications.
    joint, time_limit, all : optional
        As for `thbstats.audit`.
    """
    if time_limit is not None and not time_limit >= 0:
        raise InvalidValue(
            "`time_limit` must be 0 seconds or more",
            field="time_limit",
            value=time_limit,
            hint="Pass seconds, such as time_limit=60, or None for no limit",
        )
    return audit_within(publications, Budget(time_limit), joint=joint, all=all)


def audit_within(
    report: Publication | Iterable[Publication] | Evidence,
    budget: Budget,
    *,
    joint: bool = True,
    all: bool = False,
    progress: Progress = lambda _step, _done: None,
) -> Audit:
    """Return the audit of a publication, of all claims together as far as a budget allows."""
    evidence = report if isinstance(report, Evidence) else Evidence(report)
    claims = _Claims(evidence)
    together, remarks = JointAudit(), dict[str, str]()
    assumptions: tuple[str, ...] = ()
    if joint:
        together = _together(claims, budget, progress)
        remarks = _status_remarks(evidence, together, budget)
        with budget.applied(), suppress(SearchEnded):
            assumptions = evidence.assumptions
    of = evidence.publication
    return Audit(
        title=of.title,
        claims=[
            _audited(claims, claim, together, remarks.get(claim.id, "")) for claim in of.claims
        ],
        assumptions=assumptions,
        conflicts=together.conflicts,
        left_open=together.left_open,
        folded=not all,
        publications=[each.id for each in of.publications]
        if isinstance(of, Collection)
        else [of.id],
    )


@frozen
class _Claims:
    """Claims of an audit with the figures to compare."""

    evidence: Evidence
    _known: dict[object, Figures] = field(factory=dict, init=False)

    @property
    def report(self) -> Publication:
        return self.evidence.publication

    @property
    def superseded(self) -> Mapping[Claim, Claim]:
        """The claims of revised publications, which are judged in their own publication."""
        return self.report.superseded if isinstance(self.report, Collection) else {}

    def figures(self, claim: Claim) -> Figures:
        """Return the figures to compare with a claim.

        A direction is judged by what was published when it was written, and a change by that and
        by what was published later.
        """
        report = self.report
        if not isinstance(report, Collection):
            return self._figures("all", report.claims)
        if claim in self.superseded and claim.kind is not ClaimKind.CHANGE:
            return self._figures(
                report.publication_of(claim).id, report.claims_of_same_publication(claim)
            )
        last = [c for c in report.claims if c not in self.superseded]
        if claim.kind not in (ClaimKind.DIRECTION, ClaimKind.CHANGE):
            return self._figures("last", last)
        until = report.claims_until(claim)
        if claim.kind is ClaimKind.DIRECTION:
            last = []
        key = (claim.kind, report.publication_of(claim).id)
        return self._figures(key, dict.fromkeys([*until, *last]))

    def _figures(self, key: object, claims: Iterable[Claim]) -> Figures:
        if key not in self._known:
            self._known[key] = Figures(claims, self.evidence.overlapping)
        return self._known[key]

    def alone(self) -> Iterator[Evidence]:
        """Yield each publication with revised claims."""
        report = self.report
        if isinstance(report, Collection):
            firsts = {report.publication_of(claim).id: claim for claim in self.superseded}
            for name, claim in firsts.items():
                yield self.evidence.only(name, report.claims_of_same_publication(claim))


def _together(claims: _Claims, budget: Budget, progress: Progress) -> JointAudit:
    """Return the joint audit of all claims."""
    found = judged_together(claims.evidence, budget, progress)
    revised = {claim.id for claim in claims.superseded}
    for evidence in claims.alone():
        alone = judged_together(evidence, budget, progress)
        found.by_claim |= {name: each for name, each in alone.by_claim.items() if name in revised}
        found.conflicts += [s for s in alone.conflicts if revised & {claim.id for claim in s}]
        found.left_open += alone.left_open
    return found


def _status_remarks(evidence: Evidence, together: JointAudit, budget: Budget) -> dict[str, str]:
    """Return remarks on claims that break the sum of statuses."""
    wrong = [name for name, each in together.by_claim.items() if each.is_wrong or each.conflict]
    claims = {claim.id: claim for claim in evidence.publication.claims}
    found: dict[str, str] = {}
    with budget.applied():
        try:
            for reading in evidence.claim_systems(statuses=True):
                for search in searches(reading.system.without(*wrong)):
                    for statements in islice(search.sets(_EFFORT), _MOST_CONFLICTS):
                        conflict = [claims[e.name] for e in statements if e.name in claims]
                        for claim in conflict:
                            found.setdefault(claim.id, _status_remark(claim, conflict))
        except (SearchEnded, ThbstatsError) as error:
            together.left_open.append(f"the sums of statuses are not all checked: {error}")
    return found


def _status_remark(claim: Claim, conflict: Iterable[Claim]) -> str:
    others = ", ".join(
        f"{formatted(other)} {other.status} ({other.location})"
        for other in conflict
        if other is not claim
    )
    return (
        f"Not consistent with {others} if registered victims are the sum of identified and "
        f"presumed victims. This need not be an error: {STATUSES}."
    )


def _audited(claims: _Claims, claim: Claim, audit: JointAudit, status_remark: str) -> AuditedClaim:
    figures = claims.figures(claim)
    together = audit.by_claim.get(claim.id)
    judgement = _JUDGES[claim.kind](figures, claim)
    if claim.is_hedged:
        judgement = hedged(judgement, claim)
    verdicts = {judgement.verdict, judgement.verdict if together is None else together.verdict}
    if together is not None and together.conflict:
        # What cannot be true with others is not consistent with some of them.
        verdicts -= {ClaimVerdict.CONFIRMED, ClaimVerdict.CONSISTENT}
    if claim.id in audit.undecided and ClaimVerdict.CONTRADICTED in verdicts:
        # Whether it is in every set that conflicts was not found out.
        verdicts.add(ClaimVerdict.DISPUTED)
    verdict = next(verdict for verdict in _STRENGTH if verdict in verdicts)
    against = judgement.against if judgement.verdict is ClaimVerdict.CONTRADICTED else ()
    rivals = [*against, *(() if together is None else together.conflict)]
    apart = differences(dict.fromkeys([claim, *rivals]), claims.report) if rivals else {}
    report = claims.report
    several = report if isinstance(report, Collection) else None
    return AuditedClaim(
        claim=claim,
        verdict=verdict,
        message=judgement.message,
        remark=" ".join(
            filter(None, [judgement.remark or status_remark, misquoted(figures, claim)])
        ),
        wording=_fit(claim) if claim.wording else None,
        joint=together,
        publication=report.id if several is None else several.publication_of(claim).id,
        against=against,
        differences=apart,
        likely_reason=f"Likely reason: {'; '.join(apart.values())}." if apart else "",
        revision=None if several is None else several.revised.get(claim),
    )


def _fit(claim: Claim) -> Fit:
    """Return the comparison of a wording with its share, if any."""
    if claim.percent is None or not claim.percent.interval.overlaps(_SHARES):
        return judge_wording(claim.wording, None)
    return judge_wording(
        claim.wording, claim.percent.interval, printed=formatted(claim), section=claim.location
    )
