"""Comparison of each claim of a publication with all others together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import define, evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.auditing.judgements import QUOTED, blamed, formatted
from thbstats.auditing.verdicts import ClaimVerdict, Joint
from thbstats.bounds import Constraint, Evidence, Inequality, Linear, System
from thbstats.bounds._simplex import Budget, SearchEnded
from thbstats.bounds.claim_grid import has_number
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.bounds.conflicts import ConflictSearch
from thbstats.claims import Claim, ClaimKind, area_of, cell_of
from thbstats.display import count, percent, signed_percent
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import Area
from thbstats.panel import category_label, dimension_label
from thbstats.values import Certainty, Interval

Progress = Callable[[str, float], None]
"""A function that is called with the current step and the part of it that is done."""

_MOST_CONFLICTS = 200
_EFFORT = 600
"""The sets of claims that are searched for conflicts, in one part of a system."""

_MOST_PARTS = 8
"""The parts of a system of one search; an audit needs a search for each claim."""

_OPEN = "The other figures do not bound this value."
_OUTER = " (outer bounds; exact bounds can be narrower)"

Conflict = list[Claim | Constraint]


def _not_assessable(message: str) -> Joint:
    return Joint(verdict=ClaimVerdict.NOT_ASSESSABLE, message=message)


@define
class JointAudit:
    """Verdicts on claims by all others together."""

    by_claim: dict[str, Joint] = field(factory=dict)
    conflicts: list[tuple[Claim, ...]] = field(factory=list)
    left_open: list[str] = field(factory=list)
    undecided: set[str] = field(factory=set)

    def leave(self, claims: Iterable[Claim], reason: str) -> None:
        """List claims as not checked, with the reason."""
        left = [claim for claim in claims if claim.id not in self.by_claim]
        self.exclude((claim, reason) for claim in left)
        if left:
            number = "1 claim is" if len(left) == 1 else f"{count(len(left))} claims are"
            names = ", ".join(claim.id for claim in left)
            self.left_open.append(f"{number} not compared with all others ({reason}): {names}")

    def exclude(self, claims: Iterable[tuple[Claim, str]]) -> None:
        """Give claims no verdict, with the reason."""
        for claim, reason in claims:
            message = f"Excluded from the joint check: {reason}."
            self.by_claim[claim.id] = _not_assessable(message)


def joint(evidence: Evidence, budget: Budget, progress: Progress) -> JointAudit:
    """Return the verdict on each claim with a number by all other claims together.

    First conflicts are searched for, then each claim is compared with all others. The results
    until the budget is used up are kept.
    """
    audit = JointAudit()
    tables: list[_Table] = []
    with budget.applied():
        try:
            progress("reading claims", 0.0)
            for reading in evidence.claim_systems():
                try:
                    tables += _tables(reading, audit)
                except ThbstatsError as error:
                    audit.leave(reading.numbers, str(error).rstrip("."))
            for number, table in enumerate(tables):
                progress("searching for conflicts", number / len(tables))
                table.search()
            quantities = [(table, same) for table in tables for same in table.quantities]
            for number, (table, same) in enumerate(quantities):
                progress("checking claims", number / len(quantities))
                budget.spend()  # the solver of large systems does not
                table.judge(same)
        except SearchEnded as ended:
            searched = {n for table in tables if table.conflicts.is_complete for n in table.names}
            unreached = [
                claim
                for claim in evidence.publication.claims
                if (has_number(claim) or claim.kind is ClaimKind.RANKING)
                and claim.id not in audit.by_claim
            ]
            audit.undecided |= {claim.id for claim in unreached} - searched
            audit.leave(unreached, str(ended))
    return audit


def _tables(reading: ClaimSystem, audit: JointAudit) -> Iterator["_Table"]:
    """Yield the linked parts of a system of claims."""
    audit.exclude(reading.rejected)
    claims = {claim.id: claim for claim in reading.claims}
    names = [item.name for item in reading.system.constraints if item.name in claims]
    for part in reading.system.parts():
        if len(part.constraints) > 1 or not part.is_feasible:
            search = ConflictSearch(part.cells, part.constraints)
            yield _Table(part, search, claims, audit)
        elif len(names) > 1:
            for item in part.constraints:
                if item.part is not None and item.name in claims:
                    audit.by_claim[item.name] = _not_assessable(_OPEN)


@frozen(slots=False, eq=False)
class _Table:
    """Linked claims on one kind of count."""

    part: System
    conflicts: ConflictSearch
    claims: Mapping[str, Claim]
    audit: JointAudit

    @property
    def names(self) -> list[str]:
        return [e.name for e in self.part.constraints if e.name in self.claims]

    def search(self) -> None:
        """Find minimal sets of contradictory claims, and judge their claims."""
        sets: list[Conflict] = []
        try:
            for constraints in self.conflicts.sets(_EFFORT):
                sets.append([self.claims.get(item.name, item) for item in constraints])
                if len(sets) == _MOST_CONFLICTS:
                    break
        finally:
            self._contradict(sets)
        if not self.conflicts.is_complete:
            left = [self.claims[n] for n in self.names if n not in self.audit.by_claim]
            self.audit.undecided |= {claim.id for claim in left}
            reason = (
                f"the search for conflicts ended after {len(sets)} sets of claims that cannot all "
                "be true, and there can be more"
            )
            self.audit.leave(left, reason)

    def _contradict(self, sets: Sequence[Conflict]) -> None:
        ordered = sorted(sets, key=lambda conflict: (not _has_scope(conflict), len(conflict)))
        self.audit.conflicts += [tuple(_claims(conflict)) for conflict in ordered]
        # Sets with common claims are linked: each group has its claims and its sets.
        groups: list[tuple[frozenset[str], list[frozenset[str]]]] = []
        for conflict in filter(_has_scope, ordered):
            ids = frozenset(claim.id for claim in blamed(_claims(conflict)))
            joined = [group for group in groups if group[0] & ids]
            groups = [group for group in groups if group not in joined]
            members = ids.union(*(group[0] for group in joined))
            groups.append((members, [*(s for group in joined for s in group[1]), ids]))
        for conflict in ordered:
            for claim in blamed(_claims(conflict)):
                if claim.id in self.audit.by_claim:
                    continue
                alike = next((sets for ids, sets in groups if claim.id in ids), [])
                times = sum(claim.id in ids for ids in alike)
                is_needed = times == len(alike)
                if is_needed and not self.conflicts.is_complete:
                    try:
                        is_needed = self.conflicts.is_needed(claim.id)
                    except SearchEnded:
                        is_needed = False
                others = [other for other in conflict if other != claim]
                number = None if is_needed else f"{times} of {len(alike)}"
                self.audit.by_claim[claim.id] = _contradicted(claim, others, number)

    @cached_property
    def _judged(self) -> frozenset[str]:
        return frozenset(name for name in self.names if name in self.audit.by_claim)

    @cached_property
    def _sound(self) -> System:
        """The system without contradictory claims."""
        return self.part.without(*self._judged)

    @cached_property
    def _table(self) -> Mapping[str, int] | None:
        """A table that satisfies the system without contradictory claims."""
        return self._sound.table if self._judged else self.conflicts.table

    @cached_property
    def quantities(self) -> list[list[Constraint]]:
        if not self.conflicts.is_complete:
            return []
        same: dict[object, list[Constraint]] = {}
        for item in self._sound.constraints:
            quantity = (
                frozenset(item.inequalities) if item.part is None else (item.part, item.whole)
            )
            same.setdefault(quantity, []).append(item)
        return [
            item
            for item in same.values()
            if any(constraint.name in self.claims for constraint in item)
        ]

    def judge(self, same: list[Constraint]) -> None:
        others = self._sound.without(*(item.name for item in same))
        for item in same:
            if item.name not in self.claims:
                continue
            claim = self.claims[item.name]
            try:
                verdict = _compared(item, others, claim, self._table)
            except ThbstatsError as error:
                self.audit.leave([claim], str(error).rstrip("."))
            else:
                self.audit.by_claim[claim.id] = verdict


def _compared(
    constraint: Constraint, others: System, claim: Claim, table: Mapping[str, int] | None
) -> Joint:
    """Return the joint verdict on a claim without contradiction."""
    part, outer = constraint.part, False
    if not others.constraints:
        return _not_assessable("" if part is None else _OPEN)
    if part is None:
        if others.proves(constraint):
            message = "The other figures give this order."
            return Joint(verdict=ClaimVerdict.CONFIRMED, message=message)
        return _not_assessable("")
    if constraint.whole is None:
        try:
            bounds = others.bounds(part, most=_MOST_PARTS, known=table).interval
        except InvalidValue:
            bounds, outer = others.quick_bounds(part).interval, True
        text = count(bounds)
    else:
        bounds = others.relaxed_share(part, constraint.whole)
        text = (signed_percent if claim.kind is ClaimKind.CHANGE else percent)(bounds)
    if _is_open(part, constraint.whole, bounds, others):
        return _not_assessable(_OPEN)
    published = constraint.published
    if published is None or constraint.whole is not None:
        is_implied = others.proves(constraint)
    else:
        is_implied = published.overlaps(bounds) and published.intersect(bounds) == bounds
    message = f"The other figures allow {text}{_OUTER if outer else ''}."
    if is_implied:
        message = f"The other figures give {text}, published as {formatted(claim)}."
    verdict = ClaimVerdict.CONFIRMED if is_implied else ClaimVerdict.CONSISTENT
    return Joint(verdict=verdict, message=message, others=bounds, outer=outer)


def _is_open(part: Linear, whole: Linear | None, bounds: Interval, others: System) -> bool:
    """Whether the other claims cannot exclude any number of this kind."""
    if bounds.lower is None:
        return True
    if whole is None:
        if bounds.upper is not None:
            return False
        # Counts, and not percentages alone, give a lower bound above 0: their constants are 0.
        scaled = [
            item
            if item.whole is None
            else evolve(item, inequalities=[Inequality(i.left, 0) for i in item.inequalities])
            for item in others.constraints
        ]
        return not System(others.cells, scaled).quick_bounds(part).lower
    new = part + whole
    if all(number > 0 for _, number in new.terms) and bounds.lower <= -1:
        # The change from a denominator of 1 to the largest count is no bound.
        most = others.quick_bounds(new).upper
        return bounds.upper is None or most is None or bounds.upper >= most - 1
    return bounds.lower <= 0 and (bounds.upper is None or bounds.upper >= 1)


def _claims(conflict: Conflict) -> list[Claim]:
    return [item for item in conflict if isinstance(item, Claim)]


def _has_scope(conflict: Conflict) -> bool:
    """Whether area and period of all claims are stated."""
    return all(
        area_of(claim) and claim.period.certainty is Certainty.EXACT for claim in _claims(conflict)
    )


def _contradicted(claim: Claim, others: Conflict, number: str | None) -> Joint:
    """Return the verdict on a claim of a conflict.

    Without a number of sets, every set contains the claim.
    """
    conflict = tuple(_claims(others))
    if not others:
        return Joint(verdict=ClaimVerdict.CONTRADICTED, message="No table can contain this number.")
    dated = len({item.period for item in (claim, *conflict)}) > 1
    text = f"Not consistent with {'; '.join(_described(item, dated) for item in others)}."
    verdict, tail = ClaimVerdict.CONTRADICTED, QUOTED if claim.is_quoted else ""
    if not _has_scope([claim, *others]):
        verdict = ClaimVerdict.NOT_ASSESSABLE
        tail = " The text does not state whether all have the same area and period."
    elif number is not None:
        verdict = ClaimVerdict.DISPUTED
        sets = f"This one is in {number} such sets of figures."
        tail = f" At least one of these is wrong. {sets}{tail}"
    return Joint(verdict=verdict, message=f"{text}{tail}", conflict=conflict)


def _described(item: Claim | Constraint, dated: bool) -> str:
    if isinstance(item, Constraint):
        return f"that {item}"
    if item.kind is ClaimKind.RANKING:
        return f"{category_label(('', code) for code in item.ranks)} first ({item.location})"
    cell, area = cell_of(item), area_of(item)
    codes = dict(sorted(cell.codes))
    label = category_label(codes.items()) if codes else item.subject
    if cell.recorded:
        label += f" with recorded {dimension_label(sorted(cell.recorded))}"
    if area:
        is_own = cell.members == Area.parse(area).members
        label += f" in {area if is_own else item.of.get('area', item.area)}"
    if item.since is not None or dated:
        label += f" in {cell.period}"
    number = formatted(item) or f"'{item.wording}'"
    return f"{number} for {label} ({item.location})"
