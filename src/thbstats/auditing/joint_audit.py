"""Comparison of each claim of a publication with all others together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, evolve, field, frozen

from thbstats.auditing.audited_claims import ClaimVerdict, Joint
from thbstats.auditing.judgements import QUOTED, formatted
from thbstats.bounds import Constraint, Evidence, Inequality, Linear, System
from thbstats.bounds._budget import Budget, SearchEnded
from thbstats.bounds.claim_reading import has_number
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.bounds.contradictions import ConflictSearch, searches
from thbstats.claims import Claim, ClaimKind, area_of, cell_of
from thbstats.display import count, percent, signed_percent
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import Area
from thbstats.panel import category_label, dimension_label
from thbstats.values import Certainty, Interval

__all__ = ["JointAudit", "Progress", "joint"]

Progress = Callable[[str, float], None]
"""A function that is called with the step at hand and which part of it is done."""

_MOST_CONFLICTS = 200
_EFFORT = 600
"""Sets of claims that are looked at for conflicts, in one part of a system."""

_MOST_PARTS = 8
"""Parts of a system that one search looks at: an audit asks about every claim."""

_OPEN = "The other figures do not bound this value."


@define
class JointAudit:
    """The result of comparing all claims together.

    Parameters
    ----------
    found : dict of str to Joint
        By the id of a claim.
    conflicts : list of tuple of Claim
        The smallest sets of claims that cannot all be true.
    left_open : list of str
        What was not checked, and why, in sentences without full stops.
    undecided : set of str
        The ids of claims that can be in further sets.
    """

    by_claim: dict[str, Joint] = field(factory=dict)
    conflicts: list[tuple[Claim, ...]] = field(factory=list)
    left_open: list[str] = field(factory=list)
    undecided: set[str] = field(factory=set)


def joint(evidence: Evidence, budget: Budget, progress: Progress) -> JointAudit:
    """Return the verdict on each claim with a number by all other claims together.

    First conflicts are searched for, then each claim is compared with all others. What is found
    before the budget is used up is kept.
    """
    audit = JointAudit()
    claims = evidence.publication.claims
    tables: list[_Table] = []
    with budget.applied():
        try:
            progress("reading claims", 0.0)
            for reading in evidence.claim_systems():
                try:
                    tables += _tables(reading, audit)
                except ThbstatsError as error:
                    _leave(audit, reading.numbers, str(error).rstrip("."))
            for number, table in enumerate(tables):
                progress("searching for conflicts", number / len(tables))
                table.search()
            steps = sum(len(table.quantities) for table in tables)
            done = 0
            for table in tables:
                for same in table.quantities:
                    progress("checking claims", done / steps)
                    budget.spend()  # the solver of large systems does not
                    done += 1
                    table.judge(same)
        except SearchEnded as ended:
            searched = {n for table in tables if table.conflicts.is_complete for n in table.names}
            checkable = filter(_is_checkable, claims)
            unreached = [claim for claim in checkable if claim.id not in audit.by_claim]
            audit.undecided |= {claim.id for claim in unreached} - searched
            _leave(audit, unreached, str(ended))
    return audit


def _is_checkable(claim: Claim) -> bool:
    return has_number(claim) or claim.kind is ClaimKind.RANKING


def _leave(audit: JointAudit, claims: Iterable[Claim], why: str) -> None:
    """List claims as not checked, with the reason."""
    left = [claim for claim in claims if claim.id not in audit.by_claim]
    audit.by_claim |= {
        claim.id: _untold(f"Excluded from the joint check: {why}.") for claim in left
    }
    if left:
        number = "1 claim is" if len(left) == 1 else f"{count(len(left))} claims are"
        names = ", ".join(claim.id for claim in left)
        audit.left_open.append(f"{number} not compared with all others ({why}): {names}")


def _tables(reading: ClaimSystem, audit: JointAudit) -> Iterator["_Table"]:
    """Yield the linked parts of a system of claims."""
    audit.by_claim |= {
        claim.id: _untold(f"Excluded from the joint check: {why}.")
        for claim, why in reading.rejected
    }
    claims = {claim.id: claim for claim in reading.claims}
    names = [each.name for each in reading.system.constraints if each.name in claims]
    for search in searches(reading.system):
        if len(search.part.constraints) > 1 or not search.part.is_feasible:
            yield _Table(search, claims, audit)
        elif len(names) > 1:
            audit.by_claim |= {
                each.name: _untold(_OPEN)
                for each in search.part.constraints
                if each.part is not None and each.name in claims
            }


def _untold(why: str) -> Joint:
    return Joint(verdict=ClaimVerdict.NOT_ASSESSABLE, message=why)


@frozen(slots=False, eq=False)
class _Table:
    """Linked claims on one kind of count."""

    conflicts: ConflictSearch
    claims: Mapping[str, Claim]
    audit: JointAudit

    def search(self) -> None:
        """Find minimal sets of contradictory claims, and judge their claims."""
        sets: list[list[Claim | Constraint]] = []
        try:
            for found in self.conflicts.sets(_EFFORT):
                sets.append([self.claims.get(each.name, each) for each in found])
                if len(sets) == _MOST_CONFLICTS:
                    break
        finally:
            self._contradict(sets)
        if not self.conflicts.is_complete:
            others_system = [self.claims[n] for n in self.names if n not in self.audit.by_claim]
            self.audit.undecided |= {claim.id for claim in others_system}
            _leave(
                self.audit,
                others_system,
                f"the search for conflicts ended after {len(sets)} sets of claims that cannot all "
                "be true, and there can be more",
            )

    @property
    def names(self) -> list[str]:
        """The ids of the claims."""
        return [e.name for e in self.conflicts.part.constraints if e.name in self.claims]

    def _contradict(self, sets: Sequence[list[Claim | Constraint]]) -> None:
        """Judge the claims of contradictory sets."""
        ordered = sorted(sets, key=lambda conflict: (not _has_scope(conflict), len(conflict)))
        self.audit.conflicts += [
            tuple(each for each in together if isinstance(each, Claim)) for together in ordered
        ]
        stated = [frozenset(c.id for c in _blamed(each)) for each in ordered if _has_scope(each)]
        groups = _linked(stated)
        for together in ordered:
            for claim in _blamed(together):
                if claim.id in self.audit.by_claim:
                    continue
                others = [other for other in together if other != claim]
                alike = next((group for group in groups if claim.id in group[0]), (set(), []))[1]
                needed = all(claim.id in ids for ids in alike)
                if needed and not self.conflicts.is_complete:
                    needed = self._is_needed(claim)
                number = sum(claim.id in ids for ids in alike)
                self.audit.by_claim[claim.id] = _contradicted(
                    claim, others, needed=needed, number=(number, len(alike))
                )

    def _is_needed(self, claim: Claim) -> bool:
        """Whether every contradictory set contains a claim; false if the budget ends first."""
        try:
            return self.conflicts.is_needed(claim.id)
        except SearchEnded:
            return False

    @cached_property
    def _sound(self) -> System:
        """The system without contradictory claims."""
        return self.conflicts.part.without(*self._judged)

    @cached_property
    def _table(self) -> Mapping[str, int] | None:
        """A table that satisfies the system without contradictory claims."""
        return self._sound.table if self._judged else self.conflicts.subsets.table

    @cached_property
    def _judged(self) -> frozenset[str]:
        return frozenset(name for name in self.names if name in self.audit.by_claim)

    @cached_property
    def quantities(self) -> list[list[Constraint]]:
        """The constraints of the consistent system, by quantity."""
        if not self.conflicts.is_complete:
            return []
        same: dict[object, list[Constraint]] = {}
        for each in self._sound.constraints:
            stated = frozenset(each.inequalities) if each.part is None else (each.part, each.whole)
            same.setdefault(stated, []).append(each)
        return [each for each in same.values() if any(one.name in self.claims for one in each)]

    def judge(self, same: list[Constraint]) -> None:
        """Judge claims on one quantity by all other claims."""
        others_system = self._sound.without(*(each.name for each in same))
        for each in same:
            if each.name not in self.claims:
                continue
            claim = self.claims[each.name]
            if not others_system.constraints:
                self.audit.by_claim[claim.id] = _untold("" if each.part is None else _OPEN)
                continue
            try:
                self.audit.by_claim[claim.id] = _against(each, others_system, claim, self._table)
            except ThbstatsError as error:
                _leave(self.audit, [claim], str(error).rstrip("."))


def _linked(sets: Iterable[frozenset[str]]) -> list[tuple[set[str], list[frozenset[str]]]]:
    """Return sets in groups without common members, with the members of each group."""
    groups: list[tuple[set[str], list[frozenset[str]]]] = []
    for ids in sets:
        joined = [group for group in groups if group[0] & ids]
        groups = [group for group in groups if group not in joined]
        members = ids.union(*(group[0] for group in joined))
        groups.append((set(members), [*(s for group in joined for s in group[1]), ids]))
    return groups


def _label(claim: Claim) -> str:
    cell = cell_of(claim)
    codes = dict(sorted(cell.codes))
    place = area_of(claim)
    if place and cell.members != Area.parse(place).members:
        place = claim.of.get("area", claim.area)
    known = f" with recorded {dimension_label(sorted(cell.recorded))}" if cell.recorded else ""
    where = f" in {place}" if place else ""
    when = f" in {cell.period}" if claim.since is not None else ""
    return f"{category_label(codes.items()) if codes else claim.subject}{known}{where}{when}"


def _against(
    statement: Constraint, others_system: System, claim: Claim, table: Mapping[str, int] | None
) -> Joint:
    """Return the joint verdict on a claim without contradiction."""
    if statement.part is None:
        if others_system.proves(statement):
            order = "The other figures give this order."
            return Joint(verdict=ClaimVerdict.CONFIRMED, message=order)
        return _untold("")
    if statement.whole is None:
        others, outer = _ends(others_system, statement.part, table)
        text = count(others)
    else:
        others, outer = others_system.relaxed_share(statement.part, statement.whole), False
        text = (signed_percent if claim.kind is ClaimKind.CHANGE else percent)(others)
    if _is_open(statement, others, others_system):
        return _untold(_OPEN)
    if _is_settled(statement, others, others_system):
        return Joint(
            verdict=ClaimVerdict.CONFIRMED,
            message=f"The other figures give {text}, published as {formatted(claim)}.",
            others=others,
            outer=outer,
        )
    return Joint(
        verdict=ClaimVerdict.CONSISTENT,
        message=f"The other figures allow {text}{_OUTER if outer else ''}.",
        others=others,
        outer=outer,
    )


_OUTER = " (outer bounds; exact bounds can be narrower)"


def _is_settled(statement: Constraint, others: Interval, others_system: System) -> bool:
    """Whether the other claims imply the published number."""
    stated = statement.published
    if stated is None or statement.whole is not None:
        return others_system.proves(statement)
    return stated.intersect(others) == others if stated.overlaps(others) else False


def _is_open(statement: Constraint, others: Interval, others_system: System) -> bool:
    """Whether the other claims cannot exclude any number of this kind."""
    if statement.part is None or others.lower is None:
        return True
    if statement.whole is None:
        return others.upper is None and not _is_bounded_by_counts(statement.part, others_system)
    new = statement.part + statement.whole
    if all(number > 0 for _, number in new.terms) and others.lower <= -1:
        # What a base of one would make of the largest count is as good as no end.
        most = others_system.quick_bounds(new).upper
        return others.upper is None or most is None or others.upper >= most - 1
    return others.lower <= 0 and (others.upper is None or others.upper >= 1)


def _is_bounded_by_counts(part: Linear, others_system: System) -> bool:
    """Whether counts, and not percentages alone, give a lower bound above 0."""
    stated = [
        each if each.whole is None else evolve(each, inequalities=_scaled(each))
        for each in others_system.constraints
    ]
    return bool(System(others_system.cells, stated).quick_bounds(part).lower)


def _scaled(statement: Constraint) -> list[Inequality]:
    """Return the inequalities of a percentage without its constants."""
    return [Inequality(each.left, 0) for each in statement.inequalities]


def _ends(system: System, sum_: Linear, table: Mapping[str, int] | None) -> tuple[Interval, bool]:
    """Return the bounds of a count, and whether they are outer bounds."""
    try:
        return system.bounds(sum_, most=_MOST_PARTS, known=table).interval, False
    except InvalidValue:
        return system.quick_bounds(sum_).interval, True


def _blamed(together: list[Claim | Constraint]) -> list[Claim]:
    """Return the contradicted claims: quoting pages before the publication."""
    claims = [each for each in together if isinstance(each, Claim)]
    quoted = [claim for claim in claims if claim.is_quoted]
    return quoted or claims


def _has_scope(together: list[Claim | Constraint]) -> bool:
    """Whether area and period of all claims are stated."""
    claims = [each for each in together if isinstance(each, Claim)]
    return all(area_of(each) and each.period.certainty is Certainty.EXACT for each in claims)


def _contradicted(
    claim: Claim, others: list[Claim | Constraint], *, needed: bool, number: tuple[int, int]
) -> Joint:
    claims = tuple(each for each in others if isinstance(each, Claim))
    if not others:
        return Joint(verdict=ClaimVerdict.CONTRADICTED, message="No table can contain this number.")
    dated = len({each.period for each in (claim, *claims)}) > 1
    phrases = "; ".join(_described(each, dated=dated) for each in others)
    text = f"Not consistent with {phrases}."
    if not _has_scope([claim, *others]):
        return Joint(
            verdict=ClaimVerdict.NOT_ASSESSABLE,
            message=f"{text} The text does not state whether all have the same area and period.",
            conflict=claims,
        )
    quoted = QUOTED if claim.is_quoted else ""
    if needed:
        return Joint(verdict=ClaimVerdict.CONTRADICTED, message=f"{text}{quoted}", conflict=claims)
    own, all_ = number
    return Joint(
        verdict=ClaimVerdict.DISPUTED,
        message=f"{text} At least one of these is wrong. This one is in {own} of "
        f"{all_} such sets of figures.{quoted}",
        conflict=claims,
    )


def _described(item: Claim | Constraint, *, dated: bool) -> str:
    if isinstance(item, Constraint):
        return f"that {item}"
    number = formatted(item) or f"'{item.wording}'"
    if item.kind is ClaimKind.RANKING:
        return f"{category_label(('', code) for code in item.ranks)} first ({item.location})"
    when = f" in {item.period}" if dated and item.since is None else ""
    return f"{number} for {_label(item)}{when} ({item.location})"
