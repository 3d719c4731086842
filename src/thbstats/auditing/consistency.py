"""Consistency of each claim of a publication with all other claims."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction

from attrs import define, evolve, field

from thbstats._properties import cached_property
from thbstats.auditing.verdicts import ClaimVerdict, Joint
from thbstats.bounds import Constraint, Evidence, Inequality, Linear, System
from thbstats.bounds._simplex import Budget, SearchEnded
from thbstats.bounds.claim_system import ClaimSystem, QueryType, is_audited
from thbstats.bounds.system import ConflictSearch
from thbstats.claims import Claim, ClaimKind, area_of, cell_of
from thbstats.claims.claim_sentences import QUOTED, number_text
from thbstats.claims.wording import quoted
from thbstats.display import count, percent, signed_percent
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import Area
from thbstats.languages import Message, paragraph
from thbstats.panel import category_label, dimension_label
from thbstats.values import Certainty, Interval
from thbstats.vocabulary import code_text

Progress = Callable[[str, float], None]
"""A function that is called with the current step and the part of it that is done."""

_MOST_CONFLICTS = 200
_EFFORT = 600
"""The sets of claims that are searched for conflicts, in one part of a system."""

_MOST_PARTS = 8
"""The parts of a system of one search; an audit needs a search for each claim."""

_LEAST = Fraction(1, 2000)
"""The share below which a lower bound is printed as 0.0%, which is no bound."""

_OPEN = Message("The other figures do not bound this value.")

_ORDER_OF_NUMBERS = Joint(
    verdict=ClaimVerdict.CONSISTENT,
    message=Message("The other figures show this order for the categories with a number."),
)
"""The verdict on a ranking if categories without a number can be larger than the listed ones."""

Conflict = list[Claim | Constraint]


def _not_assessable(message: str) -> Joint:
    return Joint(verdict=ClaimVerdict.NOT_ASSESSABLE, message=message)


@define
class Consistency:
    """Verdicts on claims of systems, contradictory sets, and the claims that were not checked.

    A claim without a verdict is in no system.
    """

    by_claim: dict[str, Joint] = field(factory=dict)
    conflicts: list[tuple[Claim, ...]] = field(factory=list)
    left_open: list[str] = field(factory=list)
    excluded: dict[str, str] = field(factory=dict)

    def leave(self, claims: Iterable[Claim], reason: str) -> None:
        """List claims as not checked, with the reason."""
        left = [claim.id for claim in claims if claim.id not in self.by_claim]
        message = Message("Not compared with the other figures: {reason}.", reason=reason)
        self.by_claim |= dict.fromkeys(left, _not_assessable(message))
        number = "1 claim is" if len(left) == 1 else f"{count(len(left))} claims are"
        text = f"{number} not compared with all others ({reason})"
        self.left_open.append(f"{text}: {', '.join(left)}" if left else reason)

    @property
    def wrong(self) -> frozenset[str]:
        """The claims that belong to a contradictory set."""
        return frozenset(n for n, item in self.by_claim.items() if item.is_wrong or item.conflict)


def judge_together(evidence: Evidence, budget: Budget, progress: Progress) -> Consistency:
    """Return the verdict on each claim that a system of counts contains.

    First contradictory sets are searched for, then each claim is compared with all others. The
    results until the budget is used up are kept.
    """
    result = Consistency()
    tables: list[_Table] = []
    with budget.applied():
        try:
            try:
                progress("reading claims", 0.0)
                for reading in evidence.claim_systems():
                    claims = {claim.id: claim for claim in reading.options.publication.claims}
                    try:
                        for part in reading.system.parts():
                            if len(part.constraints) > 1 or not part.is_feasible:
                                own = {
                                    c.name: claims[c.name]
                                    for c in part.constraints
                                    if c.name in claims
                                }
                                tables.append(_Table(part, own, reading))
                        if reading.type is QueryType.ALL:
                            result.excluded |= {c.id: why for c, why in reading.selection.rejected}
                    except ThbstatsError as error:
                        result.leave(reading.selection.numbers, str(error).rstrip("."))
                for number, table in enumerate(tables):
                    progress("searching for conflicts", number / len(tables))
                    table.search()
            finally:
                _contradict(tables, result)
            for table in tables:
                table.leave(result)
            quantities = [(table, same) for table in tables for same in table.quantities(result)]
            for number, (table, same) in enumerate(quantities):
                progress("checking claims", number / len(quantities))
                budget.spend()  # the solver of large systems does not
                table.judge(same, result)
        except SearchEnded as ended:
            is_needed = (
                claim
                for claim in evidence.publication.claims
                if is_audited(claim) and claim.id not in result.excluded
            )
            result.leave(is_needed, str(ended))
    return result


@define(slots=False, eq=False)
class _Table:
    """Linked claims on one kind of count, by the name of their constraint."""

    part: System
    claims: Mapping[str, Claim]
    reading: ClaimSystem
    sound: System = field(default=System((), ()), init=False)
    sets: list[tuple[Conflict, bool]] = field(factory=list, init=False)

    @cached_property
    def conflicts(self) -> ConflictSearch:
        return ConflictSearch(self.part.cells, self.part.constraints)

    def search(self) -> None:
        """Find contradictory sets of claims, and whether each is minimal."""
        for conflict in self.conflicts.sets(_EFFORT):
            claims = [self.claims.get(item.name, item) for item in conflict.constraints]
            self.sets.append((claims, conflict.is_minimal))
            if len(self.sets) == _MOST_CONFLICTS:
                break

    def leave(self, result: Consistency) -> None:
        """List the claims of a search that did not end."""
        if self.conflicts.is_complete:
            return
        number = len(self.sets)
        text = "the search for conflicts ended after {n} sets of claims; there can be more"
        if self.conflicts.undecided:
            number = len(self.conflicts.undecided)
            text = "it is not decided whether all claims of {n} sets can be true"
        result.leave(self.claims.values(), Message(text, n=number))

    def quantities(self, result: Consistency) -> list[list[Constraint]]:
        """Return the constraints of each number that is not contradicted."""
        if not self.conflicts.is_complete:
            return []
        self.sound = self.part.without(*(self.claims.keys() & result.wrong))
        same: dict[object, list[Constraint]] = {}
        for item in self.sound.constraints:
            quantity = (
                frozenset(item.inequalities) if item.part is None else (item.part, item.whole)
            )
            same.setdefault(quantity, []).append(item)
        return [items for items in same.values() if any(i.name in self.claims for i in items)]

    def judge(self, same: list[Constraint], result: Consistency) -> None:
        """Compare the claims of one number with all other claims."""
        table = self.conflicts.table or self.sound.table
        others = self.sound.without(*(item.name for item in same))
        for item in (item for item in same if item.name in self.claims):
            claim = self.claims[item.name]
            known = result.by_claim.get(claim.id)
            if known is not None and known.verdict is not ClaimVerdict.NOT_ASSESSABLE:
                continue
            is_open = self.reading.options.has_open_base(claim)
            try:
                verdict = _compared(item, others, claim, table, has_open_base=is_open)
                if claim.kind is ClaimKind.RANKING and verdict.verdict is ClaimVerdict.CONFIRMED:
                    strict = self.reading.grid.order(claim, of_groups=True)
                    left_out = {other.name for other in same} | result.wrong
                    if strict and not self.reading.system.without(*left_out).proves(strict):
                        verdict = _ORDER_OF_NUMBERS
            except ThbstatsError as error:
                result.leave([claim], str(error).rstrip("."))
                continue
            result.by_claim[claim.id] = verdict


def _contradict(tables: Iterable[_Table], result: Consistency) -> None:
    """Judge the claims of contradictory sets.

    The reason states how many sets contain a claim, unless it is every set that is linked with its
    own by common claims.
    """
    known: dict[frozenset[Claim | Constraint], tuple[Conflict, bool]] = {}
    for table in tables:
        for conflict, is_minimal in sorted(table.sets, key=lambda pair: not pair[1]):
            known.setdefault(frozenset(conflict), (conflict, is_minimal))
    every = [conflict for conflict, _ in known.values()]
    ordered = sorted(every, key=lambda conflict: (not _has_scope(conflict), len(conflict)))
    result.conflicts += [tuple(_claims(conflict)) for conflict in ordered]
    for conflict, is_minimal in known.values():
        if not is_minimal:
            names = ", ".join(claim.id for claim in _claims(conflict))
            text = (
                f"it is not decided whether a smaller set of these claims is contradictory: {names}"
            )
            result.left_open.append(text)
    groups: list[tuple[frozenset[str], list[frozenset[str]]]] = []
    for conflict in filter(_has_scope, ordered):
        ids = frozenset(claim.id for claim in blamed(_claims(conflict)))
        joined = [group for group in groups if group[0] & ids]
        groups = [group for group in groups if group not in joined]
        members = ids.union(*(group[0] for group in joined))
        groups.append((members, [*(s for group in joined for s in group[1]), ids]))
    for conflict in ordered:
        for claim in blamed(_claims(conflict)):
            if claim.id in result.by_claim:
                continue
            alike = next((sets for ids, sets in groups if claim.id in ids), [])
            times = sum(claim.id in ids for ids in alike)
            is_needed = times == len(alike) and all(
                _is_needed(table, claim) for table in tables if claim.id in table.claims
            )
            others = [other for other in conflict if other != claim]
            number = None if is_needed else f"{times} of {len(alike)}"
            result.by_claim[claim.id] = _contradicted(claim, others, number)


def _is_needed(table: _Table, claim: Claim) -> bool:
    """Return whether every contradictory set of a table is known to contain a claim."""
    if table.conflicts.is_complete and all(is_minimal for _, is_minimal in table.sets):
        return True
    with suppress(SearchEnded):
        return table.conflicts.is_needed(claim.id)
    return False


def _compared(
    constraint: Constraint,
    others: System,
    claim: Claim,
    table: Mapping[str, int] | None,
    *,
    has_open_base: bool,
) -> Joint:
    """Return the verdict on a claim without contradiction."""
    part, whole, published = constraint.part, constraint.whole, constraint.published
    if not others.constraints:
        return _not_assessable("" if part is None else _OPEN)
    if part is None or published is None:
        if others.proves(constraint):
            message = Message("The other figures show this order.")
            return Joint(verdict=ClaimVerdict.CONFIRMED, message=message)
        return _not_assessable("")
    outer = False
    if whole is None:
        try:
            bounds = others.bounds(part, most=_MOST_PARTS, known=table, time_limit=None).interval
        except InvalidValue:
            bounds, outer = others.quick_bounds(part).interval, True
        is_open, is_implied = _is_open_count(part, bounds, others), bounds.within(published)
    elif claim.kind is ClaimKind.CHANGE:
        bounds = _of_change(part, whole, others)
        is_open, is_implied = bounds == Interval(None, None), others.proves(constraint)
    else:
        bounds = others.relaxed_share(part, whole)
        if has_open_base:  # the share of a part of all persons is larger
            bounds = Interval(bounds.lower, 1)
        is_open = (bounds.lower or 0) < _LEAST and (bounds.upper is None or bounds.upper >= 1)
        is_implied = not has_open_base and others.proves(constraint)
    if is_open:
        if not _has_few_values(constraint, others):
            return _not_assessable(_OPEN)
        message = Message("The denominator is so small that not every percentage is possible.")
        return Joint(verdict=ClaimVerdict.CONSISTENT, message=message)
    verdict, text = ClaimVerdict.CONSISTENT, "The other figures allow {bounds}."
    if outer:
        text = "The other figures allow {bounds} (outer bounds; exact bounds can be narrower)."
    if is_implied:
        verdict = ClaimVerdict.CONFIRMED
        text = "The other figures give {bounds}, published as {number}."
    styles = {ClaimKind.COUNT: count, ClaimKind.CHANGE: signed_percent}
    formatted_bounds = styles.get(claim.kind, percent)(bounds)
    message = Message(text, bounds=formatted_bounds, number=number_text(claim))
    return Joint(verdict=verdict, message=message, others=bounds, outer=outer)


def _of_change(part: Linear, whole: Linear, others: System) -> Interval:
    """Return the bounds of a change, without bounds that hold for any counts.

    Every change is at least -100%, and a denominator of 1 gives the largest change.
    """
    bounds = others.relaxed_share(part, whole)
    lower = None if bounds.lower is None or bounds.lower <= -1 else bounds.lower
    upper = bounds.upper
    if upper is not None and (others.quick_bounds(whole).lower or 0) <= 1:
        most = others.quick_bounds(part + whole).upper
        upper = None if most is None or upper >= most - 1 else upper
    return Interval(lower, upper)


def _is_open_count(part: Linear, bounds: Interval, others: System) -> bool:
    """Whether the other claims cannot exclude any count."""
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


def _has_few_values(constraint: Constraint, others: System) -> bool:
    """Whether a denominator is so small that not every percentage is possible."""
    published, whole = constraint.published, constraint.whole
    shares, most = [constraint], None if published is None else published.upper
    if whole is None:
        shares = [item for item in others.constraints if item.whole == constraint.part]
    else:
        most = others.quick_bounds(whole).upper
    widths = (item.published.width for item in shares if item.published is not None)
    return most is not None and any(most * width < 1 for width in widths if width)


def blamed(claims: list[Claim]) -> list[Claim]:
    """Return the claims to contradict: those of quoting pages if there are any, else all claims."""
    return [claim for claim in claims if claim.is_quoted] or claims


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
        message = Message("No table can contain this number.")
        return Joint(verdict=ClaimVerdict.CONTRADICTED, message=message)
    dated = len({item.period for item in (claim, *conflict)}) > 1
    figures = [_described(item, dated) for item in others]
    verdict, texts = ClaimVerdict.CONTRADICTED, [QUOTED if claim.is_quoted else ""]
    if not _has_scope([claim, *others]):
        verdict = ClaimVerdict.NOT_ASSESSABLE
        texts = [Message("The text does not state whether all have the same area and period.")]
    elif number is not None:
        wrong = Message(
            "At least one of these is wrong. This one is in {number} such sets of figures.",
            number=number,
        )
        texts = [wrong, *texts]
    text = Message("Not consistent with {figures}.", figures=figures)
    return Joint(verdict=verdict, message=paragraph([text, *texts]), conflict=conflict)


def _described(item: Claim | Constraint, dated: bool) -> str:
    if isinstance(item, Constraint):
        return Message("that {constraint}", constraint=item.text or item.name)
    if item.kind is ClaimKind.RANKING:
        label = category_label(("", code) for code in item.ranks)
        return Message("{category} first ({location})", category=label, location=item.location)
    cell, area = cell_of(item), area_of(item)
    codes = dict(sorted(cell.codes))
    label = category_label(codes.items()) if codes else code_text(item.subject)
    if cell.recorded:
        name = dimension_label(sorted(cell.recorded))
        label = Message("{category} with recorded {dimension}", category=label, dimension=name)
    is_own = bool(area) and cell.members == Area.parse(area).members
    area_name = area if is_own or not area else item.of.get("area", item.area)
    day = str(cell.period) if item.since is not None or dated else ""
    for scope in filter(None, (area_name, day)):
        label = Message("{number} in {scope}", number=label, scope=scope)
    number = number_text(item) or quoted(item.wording)
    text = "{number} for {category} ({location})"
    return Message(text, number=number, category=label, location=item.location)
