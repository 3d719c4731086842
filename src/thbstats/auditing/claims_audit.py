"""Audit of the claims of publications."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

from attrs import field, frozen

from thbstats.auditing.joint_audit import JointAudit, Progress, joint
from thbstats.auditing.judgements import (
    QUALITATIVE,
    Judgement,
    formatted,
    hedged,
    misquoted,
    not_assessable,
)
from thbstats.auditing.number_judges import judge_number, operands, verdicts_of_rows
from thbstats.auditing.order_judges import judge_direction, judge_ranking
from thbstats.auditing.verdicts import Audit, AuditedClaim, ClaimVerdict, differences
from thbstats.auditing.wording_fit import Fit, judge_wording
from thbstats.bounds import Evidence
from thbstats.bounds._budget import Budget, SearchEnded
from thbstats.bounds.contradictions import searches
from thbstats.claims import Claim, ClaimKind, Figures, Publication
from thbstats.claims.collection import Collection
from thbstats.claims.relations import STATUSES
from thbstats.errors import ThbstatsError
from thbstats.values import Interval

_MOST_CONFLICTS = 20
_EFFORT = 200
_STRENGTH = (
    ClaimVerdict.DISPUTED,
    ClaimVerdict.CONTRADICTED,
    ClaimVerdict.CONFIRMED,
    ClaimVerdict.CONSISTENT,
    ClaimVerdict.NOT_ASSESSABLE,
)


def audit_within(
    report: Publication | Iterable[Publication] | Evidence,
    budget: Budget,
    *,
    joint: bool = True,
    all: bool = False,
    progress: Progress = lambda _step, _done: None,
) -> Audit:
    """Return the audit of publications, of all claims together as far as a budget allows."""
    evidence = report if isinstance(report, Evidence) else Evidence(report)
    of, claims = evidence.publication, _Claims(evidence)
    together, remarks, assumptions = JointAudit(), dict[str, str](), tuple[str, ...]()
    if joint:
        together = _together(claims, budget, progress)
        remarks = _status_remarks(evidence, together, budget)
        with budget.applied(), suppress(SearchEnded):
            assumptions = evidence.assumptions
    rows = {claim: operands(claims.figures(claim), claim) for claim in filter(_is_row, of.claims)}
    verdicts = verdicts_of_rows({claim: pair for claim, pair in rows.items() if pair is not None})
    audited = []
    for claim in of.claims:
        judgement = _judged(claims.figures(claim), claim, verdicts.get(claim))
        remark = judgement.remark or remarks.get(claim.id, "")
        audited.append(_audited(claims, claim, judgement, remark, together))
    return Audit(
        title=of.title,
        claims=tuple(audited),
        assumptions=tuple(dict.fromkeys(assumptions)),
        conflicts=tuple(together.conflicts),
        left_open=tuple(dict.fromkeys(together.left_open)),
        folded=not all,
        publications=tuple(item.id for item in of.publications)
        if isinstance(of, Collection)
        else (of.id,),
    )


def _is_row(claim: Claim) -> bool:
    """Whether a claim is a number with numerator and denominator in columns."""
    return claim.change is not None or (claim.kind is ClaimKind.RATIO and claim.rate is not None)


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
        report, kind = self.report, claim.kind
        if not isinstance(report, Collection):
            return self._figures("all", report.claims)
        own = report.publication_of(claim).id
        if claim in self.superseded and kind is not ClaimKind.CHANGE:
            return self._figures(own, report.claims_of_same_publication(claim))
        last = [item for item in report.claims if item not in self.superseded]
        if kind is ClaimKind.DIRECTION:
            return self._figures((kind, own), report.claims_until(claim))
        if kind is ClaimKind.CHANGE:
            until = report.claims_until(claim)
            return self._figures((kind, own), dict.fromkeys([*until, *last]))
        return self._figures("last", last)

    def _figures(self, key: object, claims: Iterable[Claim]) -> Figures:
        if key not in self._known:
            self._known[key] = Figures(claims, self.evidence.overlapping)
        return self._known[key]

    def revised(self) -> Iterator[Evidence]:
        """Yield each publication with revised claims."""
        report = self.report
        if isinstance(report, Collection):
            firsts = {report.publication_of(claim).id: claim for claim in self.superseded}
            for name, claim in firsts.items():
                yield self.evidence.only(name, report.claims_of_same_publication(claim))


def _together(claims: _Claims, budget: Budget, progress: Progress) -> JointAudit:
    """Return the joint audit of all claims; of revised ones, within their publication."""
    audit = joint(claims.evidence, budget, progress)
    revised = {claim.id for claim in claims.superseded}
    for evidence in claims.revised():
        own = joint(evidence, budget, progress)
        audit.by_claim |= {name: item for name, item in own.by_claim.items() if name in revised}
        audit.conflicts += [s for s in own.conflicts if revised & {claim.id for claim in s}]
        audit.left_open += own.left_open
    return audit


def _status_remarks(evidence: Evidence, together: JointAudit, budget: Budget) -> dict[str, str]:
    """Return remarks on claims that break the sum of statuses."""
    wrong = [name for name, item in together.by_claim.items() if item.is_wrong or item.conflict]
    claims = {claim.id: claim for claim in evidence.publication.claims}
    remarks: dict[str, str] = {}
    with budget.applied():
        try:
            for reading in evidence.claim_systems(statuses=True):
                for search in searches(reading.system.without(*wrong)):
                    for constraints in islice(search.sets(_EFFORT), _MOST_CONFLICTS):
                        conflict = [claims[e.name] for e in constraints if e.name in claims]
                        for claim in conflict:
                            remarks.setdefault(claim.id, _status_remark(claim, conflict))
        except (SearchEnded, ThbstatsError) as error:
            together.left_open.append(f"the sums of statuses are not all checked: {error}")
    return remarks


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


def _judged(figures: Figures, claim: Claim, verdict: ClaimVerdict | None) -> Judgement:
    if claim.kind is ClaimKind.STATEMENT:
        judgement = QUALITATIVE
    elif claim.kind is ClaimKind.NUMBER:
        judgement = not_assessable(f"{formatted(claim)} is not a count.")
    elif claim.kind is ClaimKind.RANKING:
        judgement = judge_ranking(figures, claim)
    elif claim.kind is ClaimKind.DIRECTION:
        judgement = judge_direction(figures, claim)
    else:
        judgement = judge_number(figures, claim, verdict)
    return hedged(judgement, claim) if claim.is_hedged else judgement


def _audited(
    claims: _Claims, claim: Claim, judgement: Judgement, remark: str, audit: JointAudit
) -> AuditedClaim:
    together = audit.by_claim.get(claim.id)
    conflict = () if together is None else together.conflict
    verdicts = {judgement.verdict} if together is None else {judgement.verdict, together.verdict}
    if conflict:
        # A claim that cannot be true with others is not consistent with some of them.
        verdicts -= {ClaimVerdict.CONFIRMED, ClaimVerdict.CONSISTENT}
    if claim.id in audit.undecided and ClaimVerdict.CONTRADICTED in verdicts:
        # The search ended before it was clear whether every conflict contains the claim.
        verdicts.add(ClaimVerdict.DISPUTED)
    against = judgement.against if judgement.verdict is ClaimVerdict.CONTRADICTED else ()
    report, rivals = claims.report, [*against, *conflict]
    apart = differences(dict.fromkeys([claim, *rivals]), report) if rivals else {}
    several = report if isinstance(report, Collection) else None
    quotation = misquoted(claims.figures(claim), claim)
    return AuditedClaim(
        claim=claim,
        verdict=next(verdict for verdict in _STRENGTH if verdict in verdicts),
        message=judgement.message,
        remark=" ".join(filter(None, [remark, quotation])),
        wording=_fit(claim) if claim.wording else None,
        joint=together,
        publication=report.id if several is None else several.publication_of(claim).id,
        against=against,
        differences=tuple(apart),
        likely_reason=f"Likely reason: {'; '.join(apart.values())}." if apart else "",
        revision=None if several is None else several.revised.get(claim),
    )


def _fit(claim: Claim) -> Fit:
    """Return the comparison of a wording with its share, if any."""
    if claim.percent is None or not claim.percent.interval.overlaps(Interval(0, 1)):
        return judge_wording(claim.wording, None)
    return judge_wording(
        claim.wording, claim.percent.interval, printed=formatted(claim), section=claim.location
    )
