"""Comparison of each claim of a publication with all others together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, evolve, field, frozen

from thbstats.auditing.audited_claims import ClaimVerdict, Joint
from thbstats.auditing.judgements import QUOTED, formatted
from thbstats.bounds import Constraint, Evidence, Inequality, Linear, System
from thbstats.bounds._budget import Budget, SearchEnded
from thbstats.bounds.claim_system import ClaimSystem
from thbstats.bounds.contradictions import ConflictSearch, searches
from thbstats.bounds.numbers import has_number
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

    found: dict[str, Joint] = field(factory=dict)
    conflicts: list[tuple[Claim, ...]] = field(factory=list)
    left_open: list[str] = field(factory=list)
    undecided: set[str] = field(factory=set)


def joint(evidence: Evidence, budget: Budget, progress: Progress) -> JointAudit:
    """Return what all other claims together say of each claim with a number.

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
            rest = [claim for claim in filter(_is_checkable, claims) if claim.id not in audit.found]
            audit.undecided |= {claim.id for claim in rest} - searched
            _leave(audit, rest, str(ended))
    return audit


def _is_checkable(claim: Claim) -> bool:
    return has_number(claim) or claim.kind is ClaimKind.RANKING


def _leave(audit: JointAudit, claims: Iterable[Claim], why: str) -> None:
    """List claims as not checked, with the reason."""
    left = [claim for claim in claims if claim.id not in audit.found]
    audit.found |= {claim.id: _untold(f"Excluded from the joint check: {why}.") for claim in left}
    if left:
        number = "1 claim is" if len(left) == 1 else f"{count(len(left))} claims are"
        names = ", ".join(claim.id for claim in left)
        audit.left_open.append(f"{number} not compared with all others ({why}): {names}")


def _tables(reading: ClaimSystem, audit: JointAudit) -> Iterator["_Table"]:
    """Yield the parts of a system of claims that are linked by what they count."""
    audit.found |= {
        claim.id: _untold(f"Excluded from the joint check: {why}.")
        for claim, why in reading.rejected
    }
    claims = {claim.id: claim for claim in reading.claims}
    names = [each.name for each in reading.system.constraints if each.name in claims]
    for search in searches(reading.system):
        if len(search.part.constraints) > 1 or not search.part.is_feasible:
            yield _Table(search, claims, audit)
        elif len(names) > 1:
            audit.found |= {
                each.name: _untold(_OPEN)
                for each in search.part.constraints
                if each.part is not None and each.name in claims
            }


def _untold(why: str) -> Joint:
    return Joint(verdict=ClaimVerdict.NOT_ASSESSABLE, message=why)


@frozen(slots=False, eq=False)
class _Table:
    """Claims about one kind of count that are linked by what they count."""

    conflicts: ConflictSearch
    claims: Mapping[str, Claim]
    audit: JointAudit

    def search(self) -> None:
        """Find the smallest sets that contradict each other, and judge the claims in them."""
        sets: list[list[Claim | Constraint]] = []
        try:
            for found in self.conflicts.sets(_EFFORT):
                sets.append([self.claims.get(each.name, each) for each in found])
                if len(sets) == _MOST_CONFLICTS:
                    break
        finally:
            self._contradict(sets)
        if not self.conflicts.is_complete:
            rest = [self.claims[n] for n in self.names if n not in self.audit.found]
            self.audit.undecided |= {claim.id for claim in rest}
            _leave(
                self.audit,
                rest,
                f"the search for conflicts ended after {len(sets)} sets of claims that cannot all "
                "be true, and there can be more",
            )

    @property
    def names(self) -> list[str]:
        """The ids of the claims."""
        return [e.name for e in self.conflicts.part.constraints if e.name in self.claims]

    def _contradict(self, sets: Sequence[list[Claim | Constraint]]) -> None:
        """Judge the claims of sets: contradicted is what is in every set that shares claims."""
        ordered = sorted(sets, key=lambda each: (not _is_said(each), len(each)))
        self.audit.conflicts += [
            tuple(each for each in together if isinstance(each, Claim)) for together in ordered
        ]
        said = [frozenset(c.id for c in _blamed(each)) for each in ordered if _is_said(each)]
        groups = _linked(said)
        for together in ordered:
            for claim in _blamed(together):
                if claim.id in self.audit.found:
                    continue
                others = [other for other in together if other != claim]
                alike = next((group for group in groups if claim.id in group[0]), (set(), []))[1]
                needed = all(claim.id in ids for ids in alike)
                if needed and not self.conflicts.is_complete:
                    needed = self._is_needed(claim)
                number = sum(claim.id in ids for ids in alike)
                self.audit.found[claim.id] = _contradicted(
                    claim, others, needed=needed, number=(number, len(alike))
                )

    def _is_needed(self, claim: Claim) -> bool:
        """Whether every set has a claim; not, if that is not decided before the budget ends."""
        try:
            return self.conflicts.is_needed(claim.id)
        except SearchEnded:
            return False

    @cached_property
    def _sound(self) -> System:
        """What is left once claims that contradict each other are out: they say nothing of it."""
        return self.conflicts.part.without(*self._judged)

    @cached_property
    def _table(self) -> Mapping[str, int] | None:
        """Some table of the sound system, which fits whatever claim is taken out of it."""
        return self._sound.table if self._judged else self.conflicts.subsets.table

    @cached_property
    def _judged(self) -> frozenset[str]:
        return frozenset(name for name in self.names if name in self.audit.found)

    @cached_property
    def quantities(self) -> list[list[Constraint]]:
        """The statements of the sound system, by what they print."""
        if not self.conflicts.is_complete:
            return []
        same: dict[object, list[Constraint]] = {}
        for each in self._sound.constraints:
            said = frozenset(each.inequalities) if each.part is None else (each.part, each.whole)
            same.setdefault(said, []).append(each)
        return [each for each in same.values() if any(one.name in self.claims for one in each)]

    def judge(self, same: list[Constraint]) -> None:
        """Hold claims that print the same quantity against all others."""
        rest = self._sound.without(*(each.name for each in same))
        for each in same:
            if each.name not in self.claims:
                continue
            claim = self.claims[each.name]
            if not rest.constraints:
                self.audit.found[claim.id] = _untold("" if each.part is None else _OPEN)
                continue
            try:
                self.audit.found[claim.id] = _against(each, rest, claim, self._table)
            except ThbstatsError as error:
                _leave(self.audit, [claim], str(error).rstrip("."))


def _linked(sets: Iterable[frozenset[str]]) -> list[tuple[set[str], list[frozenset[str]]]]:
    """Return sets in groups of which no two share a member, with the members of each group."""
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
    statement: Constraint, rest: System, claim: Claim, table: Mapping[str, int] | None
) -> Joint:
    """What all others say of a claim that they do not contradict."""
    if statement.part is None:
        if rest.proves(statement):
            order = "The other figures give this order."
            return Joint(verdict=ClaimVerdict.CONFIRMED, message=order)
        return _untold("")
    if statement.whole is None:
        others, outer = _ends(rest, statement.part, table)
        text = count(others)
    else:
        others, outer = rest.relaxed_share(statement.part, statement.whole), False
        text = (signed_percent if claim.kind is ClaimKind.CHANGE else percent)(others)
    if _is_open(statement, others, rest):
        return _untold(_OPEN)
    if _is_settled(statement, others, rest):
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


def _is_settled(statement: Constraint, others: Interval, rest: System) -> bool:
    """Whether whatever the others leave is what the claim says."""
    said = statement.published
    if said is None or statement.whole is not None:
        return rest.proves(statement)
    return said.intersect(others) == others if said.overlaps(others) else False


def _is_open(statement: Constraint, others: Interval, rest: System) -> bool:
    """Whether others could not have forbidden a number of this kind, whatever its size."""
    if statement.part is None or others.lower is None:
        return True
    if statement.whole is None:
        return others.upper is None and not _is_held(statement.part, rest)
    new = statement.part + statement.whole
    if all(number > 0 for _, number in new.terms) and others.lower <= -1:
        # What a base of one would make of the largest count is as good as no end.
        most = rest.quick_bounds(new).upper
        return others.upper is None or most is None or others.upper >= most - 1
    return others.lower <= 0 and (others.upper is None or others.upper >= 1)


def _is_held(part: Linear, rest: System) -> bool:
    """Whether counts put somebody here, and not only that percentages need somebody."""
    said = [
        each if each.whole is None else evolve(each, inequalities=_scaled(each))
        for each in rest.constraints
    ]
    return bool(System(rest.cells, said).quick_bounds(part).lower)


def _scaled(statement: Constraint) -> list[Inequality]:
    """What a percentage says of numbers of any size."""
    return [Inequality(each.left, 0) for each in statement.inequalities]


def _ends(system: System, sum_: Linear, table: Mapping[str, int] | None) -> tuple[Interval, bool]:
    """From where to where a count is, and whether that is only as far as it is proved at once."""
    try:
        return system.bounds(sum_, most=_MOST_PARTS, known=table).interval, False
    except InvalidValue:
        return system.quick_bounds(sum_).interval, True


def _blamed(together: list[Claim | Constraint]) -> list[Claim]:
    """Who is contradicted: pages that quote the publication before its own."""
    claims = [each for each in together if isinstance(each, Claim)]
    quoted = [claim for claim in claims if claim.is_quoted]
    return quoted or claims


def _is_said(together: list[Claim | Constraint]) -> bool:
    """Whether the text says of what place and time all of some claims are."""
    claims = [each for each in together if isinstance(each, Claim)]
    return all(area_of(each) and each.period.certainty is Certainty.EXACT for each in claims)


def _contradicted(
    claim: Claim, others: list[Claim | Constraint], *, needed: bool, number: tuple[int, int]
) -> Joint:
    claims = tuple(each for each in others if isinstance(each, Claim))
    if not others:
        return Joint(verdict=ClaimVerdict.CONTRADICTED, message="No table can contain this number.")
    dated = len({each.period for each in (claim, *claims)}) > 1
    told = "; ".join(_told(each, dated=dated) for each in others)
    text = f"Not consistent with {told}."
    if not _is_said([claim, *others]):
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


def _told(each: Claim | Constraint, *, dated: bool) -> str:
    if isinstance(each, Constraint):
        return f"that {each}"
    number = formatted(each) or f"'{each.wording}'"
    if each.kind is ClaimKind.RANKING:
        return f"{category_label(('', code) for code in each.ranks)} first ({each.location})"
    when = f" in {each.period}" if dated and each.since is None else ""
    return f"{number} for {_label(each)}{when} ({each.location})"
