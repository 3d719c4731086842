"""Audit of the claims of publications."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

from attrs import evolve, field, frozen

from thbstats.auditing.claim_judges import judge_number, operands, verdicts_of_rows
from thbstats.auditing.joint_audit import JointAudit, Progress, joint
from thbstats.auditing.judgements import (
    QUALITATIVE,
    Judgement,
    citations,
    formatted,
    not_assessable,
)
from thbstats.auditing.order_judges import judge_direction, judge_ranking
from thbstats.auditing.verdicts import Audit, AuditedClaim, ClaimVerdict, differences
from thbstats.bounds import Evidence
from thbstats.bounds._simplex import Budget, SearchEnded
from thbstats.bounds.conflicts import ConflictSearch
from thbstats.claims import Claim, ClaimKind, Figures, Publication
from thbstats.claims.collection import Collection
from thbstats.claims.figures import agree
from thbstats.claims.relations import STATUSES
from thbstats.claims.wording import judge_wording, quoted
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
_HEDGED = {
    ClaimVerdict.CONTRADICTED: ClaimVerdict.NOT_ASSESSABLE,
    ClaimVerdict.CONFIRMED: ClaimVerdict.CONSISTENT,
}
"""The weaker verdict of a number that the text qualifies."""


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
        together = claims.together(budget, progress)
        remarks = _status_remarks(evidence, together, budget)
        with budget.applied(), suppress(SearchEnded):
            assumptions = evidence.assumptions
    pairs = {
        claim: operands(claims.figures(claim), claim)
        for claim in of.claims
        if claim.change is not None or (claim.kind is ClaimKind.RATIO and claim.rate is not None)
    }
    verdicts = verdicts_of_rows({claim: pair for claim, pair in pairs.items() if pair is not None})
    audited = []
    for claim in of.claims:
        judgement = _judged(claims.figures(claim), claim, verdicts.get(claim))
        remark = judgement.remark or remarks.get(claim.id, "")
        audited.append(_audited(claims, claim, evolve(judgement, remark=remark), together))
    return Audit(
        title=of.title,
        claims=tuple(audited),
        assumptions=tuple(dict.fromkeys(assumptions)),
        conflicts=tuple(together.conflicts),
        left_open=tuple(dict.fromkeys(together.left_open)),
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

    @property
    def several(self) -> Collection | None:
        report = self.evidence.publication
        return report if isinstance(report, Collection) else None

    @property
    def superseded(self) -> Mapping[Claim, Claim]:
        return {} if self.several is None else self.several.superseded

    def figures(self, claim: Claim) -> Figures:
        """Return the figures to compare with a claim.

        A direction is judged by what was published when it was written, and a change by that and
        by what was published later.
        """
        several, kind = self.several, claim.kind
        own = "" if several is None else several.publication_of(claim).id
        is_dated = kind in (ClaimKind.DIRECTION, ClaimKind.CHANGE)
        is_old = claim in self.superseded and kind is not ClaimKind.CHANGE
        key = (is_old, kind if is_dated else None, own if is_old or is_dated else "")
        if key not in self._figures:
            chosen: Iterable[Claim] = self.evidence.publication.claims
            if several is not None:
                last = [item for item in several.claims if item not in self.superseded]
                until = several.claims_until(claim) if is_dated else ()
                chosen = dict.fromkeys([*until, *last]) if kind is ClaimKind.CHANGE else last
                chosen = until if kind is ClaimKind.DIRECTION else chosen
                chosen = several.claims_of_same_publication(claim) if is_old else chosen
            self._figures[key] = Figures(chosen, self.evidence.overlapping)
        return self._figures[key]

    def together(self, budget: Budget, progress: Progress) -> JointAudit:
        """Return the joint audit of all claims; of revised ones, within their publication."""
        audit, several = joint(self.evidence, budget, progress), self.several
        if several is None:
            return audit
        revised = {claim.id for claim in self.superseded}
        firsts = {several.publication_of(claim).id: claim for claim in self.superseded}
        for name, claim in firsts.items():
            claims = several.claims_of_same_publication(claim)
            own = joint(self.evidence.only(name, claims), budget, progress)
            audit.by_claim |= {n: item for n, item in own.by_claim.items() if n in revised}
            audit.conflicts += [s for s in own.conflicts if revised & {claim.id for claim in s}]
            audit.left_open += own.left_open
        return audit


def _status_remarks(evidence: Evidence, together: JointAudit, budget: Budget) -> dict[str, str]:
    """Return remarks on claims that break the sum of statuses."""
    wrong = [name for name, item in together.by_claim.items() if item.is_wrong or item.conflict]
    claims = {claim.id: claim for claim in evidence.publication.claims}

    def conflicts() -> Iterator[list[Claim]]:
        for reading in evidence.claim_systems(statuses=True):
            for part in reading.system.without(*wrong).parts():
                search = ConflictSearch(part.cells, part.constraints)
                for constraints in islice(search.sets(_EFFORT), _MOST_CONFLICTS):
                    yield [claims[item.name] for item in constraints if item.name in claims]

    remarks: dict[str, str] = {}
    with budget.applied():
        try:
            for conflict in conflicts():
                for claim in conflict:
                    others = ", ".join(
                        f"{formatted(other)} {other.status} ({other.location})"
                        for other in conflict
                        if other is not claim
                    )
                    remarks.setdefault(
                        claim.id,
                        f"Not consistent with {others} if registered victims are the sum of "
                        f"identified and presumed victims. This need not be an error: {STATUSES}.",
                    )
        except (SearchEnded, ThbstatsError) as error:
            together.left_open.append(f"the sums of statuses are not all checked: {error}")
    return remarks


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
    if claim.is_hedged:
        text = f"The text has {quoted(claim.wording)} before {formatted(claim)}."
        weaker = _HEDGED.get(judgement.verdict, judgement.verdict)
        return evolve(judgement, verdict=weaker, message=f"{text} {judgement.message}")
    return judgement


def _audited(
    claims: _Claims, claim: Claim, judgement: Judgement, audit: JointAudit
) -> AuditedClaim:
    together, several = audit.by_claim.get(claim.id), claims.several
    conflict = () if together is None else together.conflict
    verdicts = {judgement.verdict} if together is None else {judgement.verdict, together.verdict}
    if conflict:
        # A claim that cannot be true with others is not consistent with some of them.
        verdicts -= {ClaimVerdict.CONFIRMED, ClaimVerdict.CONSISTENT}
    if claim.id in audit.undecided and ClaimVerdict.CONTRADICTED in verdicts:
        # The search ended before it was clear whether every conflict contains the claim.
        verdicts.add(ClaimVerdict.DISPUTED)
    against = judgement.against if judgement.verdict is ClaimVerdict.CONTRADICTED else ()
    report, rivals = claims.evidence.publication, [*against, *conflict]
    apart = differences(dict.fromkeys([claim, *rivals]), report) if rivals else {}
    others = [] if claim.is_quoted else claims.figures(claim).same(claim)
    misquoted = [other for other in others if other.is_quoted and not agree(claim, other)]
    quotation = f"Quoted as {citations(misquoted)}." if misquoted else ""
    fit, share = None, claim.percent
    if claim.wording:
        fit = judge_wording(claim.wording, None)
        if share is not None and share.interval.overlaps(Interval(0, 1)):
            number, where = formatted(claim), claim.location
            fit = judge_wording(claim.wording, share.interval, printed=number, section=where)
    return AuditedClaim(
        claim=claim,
        verdict=next(verdict for verdict in _STRENGTH if verdict in verdicts),
        message=judgement.message,
        remark=" ".join(filter(None, [judgement.remark, quotation])),
        wording=fit,
        joint=together,
        publication=report.id if several is None else several.publication_of(claim).id,
        against=against,
        differences=tuple(apart),
        likely_reason=f"Likely reason: {'; '.join(apart.values())}." if apart else "",
        revision=None if several is None else several.revised.get(claim),
    )
