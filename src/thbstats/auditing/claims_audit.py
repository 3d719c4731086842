"""Audit of the claims of publications."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

from attrs import evolve, field, frozen

from thbstats.auditing.arithmetic import contradiction, explanation, has_sum, later_stage
from thbstats.auditing.consistency import Consistency, Progress, judge_together
from thbstats.auditing.judgements import UNPLACED, Judgement, again, citations, formatted
from thbstats.auditing.nonlinear_claims import compared, judge_estimate
from thbstats.auditing.orders import compared_direction
from thbstats.auditing.verdicts import (
    Audit,
    AuditedClaim,
    ClaimVerdict,
    ContradictionReason,
)
from thbstats.bounds import Evidence
from thbstats.bounds._simplex import Budget, SearchEnded
from thbstats.bounds.conflicts import ConflictSearch
from thbstats.claims import Claim, ClaimKind, Figures, Publication
from thbstats.claims.collection import Collection
from thbstats.claims.counted_cells import area_of
from thbstats.claims.relations import STATUSES
from thbstats.claims.wording import judge_wording
from thbstats.errors import ThbstatsError
from thbstats.geography import COMPOSITIONS
from thbstats.lists import Lists
from thbstats.values import Interval

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
    """Return the audit of publications, as far as a budget allows."""
    evidence = report if isinstance(report, Evidence) else Evidence(report)
    of, claims = evidence.publication, _Claims(evidence)
    result, assumptions = claims.together(budget, progress), tuple[str, ...]()
    remarks = _status_remarks(evidence, result, budget)
    for claim in of.claims:
        if claim.kind is ClaimKind.ESTIMATE:
            own = lists.get(claim.id) if isinstance(lists, Mapping) else lists
            claims.estimates[claim.id], remarks[claim.id] = judge_estimate(claim, own)
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
        """Return the figures to compare with a claim, without wrong ones.

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
        """Return the verdicts on all claims; on revised ones, within their publication."""
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
    """Return remarks on claims that break the sum of statuses."""
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
            message = f"{message.rstrip('.')}: {UNPLACED}"
        return Judgement(own.verdict, message or own.message, own.conflict if own.is_wrong else ())
    if own is None:
        reason, judgement = result.excluded.get(claim.id), compared(sound, claim)
        if reason is not None and not claims.evidence.has_unstated_base(claim):
            message = f"{judgement.message} Not compared with all others: {reason}."
            judgement = evolve(judgement, message=message)
    elif claim.kind is ClaimKind.RANKING:
        judgement = compared(sound, claim)
        if judgement.verdict is ClaimVerdict.NOT_ASSESSABLE:
            judgement = evolve(judgement, verdict=own.verdict)
    else:
        text = explanation(sound, claim) if claim.printed else ""
        judgement = Judgement(own.verdict, text or own.message)
        is_open = own.verdict is ClaimVerdict.NOT_ASSESSABLE and not claim.at_least
        if is_open and (again(sound, claim) or has_sum(sound, claim)):
            judgement = evolve(judgement, verdict=ClaimVerdict.CONSISTENT)
    order = compared_direction(sound, claim, claim.direction) if claim.percent else None
    if order is None:
        return judgement
    if order.verdict is ClaimVerdict.CONTRADICTED:
        return evolve(order, against=tuple(other for other in order.against if other != claim))
    verdict = judgement.verdict
    if verdict is ClaimVerdict.NOT_ASSESSABLE and order.verdict is not verdict:
        verdict = ClaimVerdict.CONSISTENT
    return evolve(judgement, verdict=verdict, message=f"{judgement.message} {order.message}")


def _contradiction(claims: _Claims, claim: Claim, others: Iterable[Claim]) -> str:
    """Return how the claims of a contradictory set contradict each other, or an empty text."""
    together = [claim, *others]
    text = contradiction(claims.of(together), claim)
    if text:
        return text
    rankings = (item for item in together if item.kind is ClaimKind.RANKING)
    orders = (compared(claims.figures(item), item) for item in rankings)
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
    agree = claims.evidence.rules.agree
    misquoted = [other for other in others if other.is_quoted and not agree(claim, other)]
    quotation = f"Quoted as {citations(misquoted)}." if misquoted else ""
    later = later_stage(claims.figures(claim), claim)
    fit, share = None, claim.percent
    if claim.wording:
        fit = judge_wording(claim.wording, None)
        if share is not None and share.interval.overlaps(Interval(0, 1)):
            number, where = formatted(claim), claim.location
            fit = judge_wording(claim.wording, share.interval, printed=number, section=where)
    return AuditedClaim(
        claim=claim,
        verdict=judgement.verdict,
        message=judgement.message,
        remark=" ".join(filter(None, [later or remarks.get(claim.id, ""), quotation])),
        wording=fit,
        joint=own,
        publication=report.id if several is None else several.publication_of(claim).id,
        against=judgement.against if judgement.verdict is ClaimVerdict.CONTRADICTED else (),
        differences=tuple(apart),
        likely_reason=f"Likely reason: {'; '.join(apart.values())}." if apart else "",
        revision=None if several is None else several.revised.get(claim),
    )


def _explained_differences(
    claims: Iterable[Claim], report: Publication
) -> dict[ContradictionReason, str]:
    """Return how claims that contradict each other differ, and each difference in words."""
    claims = list(claims)
    result: dict[ContradictionReason, str] = {}
    releases: dict[str, None] = {}
    if isinstance(report, Collection):
        items = sorted(map(report.publication_of, claims), key=report.publications.index)
        names = ((item.document or item.title, item.published) for item in items)
        releases = dict.fromkeys(f"{name}, {day}" if day else name for name, day in names)
    if len(releases) > 1:
        result[ContradictionReason.RELEASE] = (
            f"the figures are of different releases ({', '.join(releases)}), and later releases "
            "revise earlier ones"
        )
    areas = sorted({area_of(claim) for claim in claims} & set(COMPOSITIONS))
    if len(areas) > 1:
        text = f"{' and '.join(areas)} are different compositions of the European Union"
        result[ContradictionReason.AREA] = text
    sizes = dict.fromkeys(claim.n_reporters for claim in claims)
    if len(sizes) > 1:
        texts = ["all countries" if n is None else f"{n} countries" for n in sizes]
        result[ContradictionReason.COVERAGE] = f"the data are of {' and of '.join(texts)}"
    pages = dict.fromkeys(claim.read_at or "the publication" for claim in claims)
    if len(releases) < 2 and len(pages) > 1:
        text = f"the figures were read at different pages ({', '.join(pages)})"
        result[ContradictionReason.SOURCE] = text
    return result
