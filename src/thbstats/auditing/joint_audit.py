"""Each claim of a publication against all others together."""

from collections.abc import Iterator
from functools import cached_property

from attrs import evolve, frozen

from thbstats.auditing.audited import ClaimVerdict, Joint
from thbstats.auditing.verdict import QUOTED, shown
from thbstats.bounds import (
    Bounds,
    Evidence,
    Inequality,
    Linear,
    Statement,
    System,
    conflicts,
    narrowing,
)
from thbstats.bounds.reading import Reading
from thbstats.claims import Cell, Claim, ClaimKind, cell_of, dimension_of, place_of, whole_of
from thbstats.display import count, percent, signed_percent
from thbstats.errors import InvalidValue
from thbstats.geography import parse_area
from thbstats.panel import category_label, dimension_label
from thbstats.values import Certainty, Interval

__all__ = ["joint"]

_MOST_CONFLICTS = 200
"""Sets that contradict each other before the rest is no longer searched for all of them."""

_MOST_PARTS = 8
"""Parts of a system that one search looks at: an audit asks about every claim."""


def joint(evidence: Evidence) -> dict[str, Joint]:
    """Return what all other claims together say of each claim with a number, by its id."""
    found: dict[str, Joint] = {}
    for reading in evidence.readings():
        try:
            found |= _Table(reading).verdicts()
        except InvalidValue as error:
            why = f"They are too many to be held against each other all at once: {error}"
            found |= {claim.id: _untold(why) for claim in reading.numbers}
    return found


def _untold(why: str) -> Joint:
    return Joint(verdict=ClaimVerdict.CANNOT_TELL, message=why)


@frozen(slots=False, eq=False)
class _Table:
    """The claims about one kind of count, as a system."""

    reading: Reading

    @cached_property
    def claims(self) -> dict[str, Claim]:
        return {claim.id: claim for claim in self.reading.claims}

    def verdicts(self) -> dict[str, Joint]:
        found = {
            claim.id: _untold(f"Not held against all others: {why}.")
            for claim, why in self.reading.set_aside
        }
        refuted = self._refuted
        for same in self._quantities():
            if len(same) < len(self._sound.statements):
                found |= self._judged(same)
        return found | refuted

    @cached_property
    def _refuted(self) -> dict[str, Joint]:
        """The claims that others contradict, each with the smallest set that does."""
        found: dict[str, Joint] = {}
        for together in sorted(self._conflicts, key=lambda each: (not _is_said(each), len(each))):
            for claim in _blamed(together):
                others = [other for other in together if other != claim]
                found.setdefault(claim.id, _contradicted(claim, others))
        return found

    @cached_property
    def _conflicts(self) -> list[list[Claim | Statement]]:
        found = conflicts(self.reading.system, most=_MOST_CONFLICTS)
        return [[self.claims.get(each.name, each) for each in together] for together in found]

    @cached_property
    def _sound(self) -> System:
        """What is left once claims that contradict each other are out: they say nothing of it."""
        return self.reading.system.without(*self._refuted)

    def _quantities(self) -> Iterator[list[Statement]]:
        """The claims of the sound system; those that print the same quantity belong together."""
        same: dict[object, list[Statement]] = {}
        for each in self._sound.statements:
            said = frozenset(each.inequalities) if each.part is None else (each.part, each.whole)
            same.setdefault(said, []).append(each)
        yield from same.values()

    def _judged(self, same: list[Statement]) -> dict[str, Joint]:
        names = frozenset(each.name for each in same)
        rest = self._sound.without(*names)
        own = same[0].part if same[0].whole is None else None
        counts = {sum_: ends for sum_, ends in self._counts.items() if sum_ != own}
        lost = narrowing(rest, counts, names=names)
        without = [
            f"It narrows the counts behind all claims by {percent(lost.share)}: without it, "
            f"{self._labels[sum_]} would be {count(alone)}, not "
            f"{count(counts[sum_].interval)}."
            for sum_, alone in list(lost.wider.items())[:1]
        ]
        found = {}
        for each in same:
            if each.name in self.claims:
                told = _against(each, rest, self.claims[each.name])
                message = " ".join(filter(None, [told.message, *without]))
                found[each.name] = evolve(told, message=message, narrows=lost.share)
        return found

    @cached_property
    def _counts(self) -> dict[Linear, Bounds]:
        return {sum_: self._sound.proved(sum_) for sum_ in self._labels}

    @cached_property
    def _labels(self) -> dict[Linear, str]:
        """The counts of which the claims speak, in words: numerators, bases, both ends."""
        found: dict[Linear, str] = {}
        for claim in self.reading.entered:
            for cell in self._cells(claim):
                sum_ = self.reading.grid.sum(cell, recorded=cell.recorded)
                found.setdefault(sum_, _label(cell, claim))
        return found

    def _cells(self, claim: Claim) -> Iterator[Cell]:
        cell = cell_of(claim)
        yield cell
        if claim.since is not None:
            yield evolve(cell, period=claim.since)
        if claim.kind is ClaimKind.SHARE:
            known = dimension_of(claim).split() if self.reading.base_of(claim) == "recorded" else ()
            yield evolve(whole_of(claim), recorded=frozenset(known))


def _label(cell: Cell, claim: Claim) -> str:
    codes = dict(sorted(cell.codes))
    place = place_of(claim)
    if place and cell.members != parse_area(place).members:
        place = claim.of.get("area", claim.area)
    known = f" with recorded {dimension_label(sorted(cell.recorded))}" if cell.recorded else ""
    where = f" in {place}" if place else ""
    when = f" in {cell.period}" if claim.since is not None else ""
    return f"{category_label(codes.items()) if codes else claim.subject}{known}{where}{when}"


def _against(statement: Statement, rest: System, claim: Claim) -> Joint:
    """What all others say of a claim that they do not contradict."""
    if statement.part is None:
        if rest.proves(statement):
            order = "All other figures together give this order."
            return Joint(verdict=ClaimVerdict.CONFIRMED, message=order)
        return _untold("")
    if statement.whole is None:
        others = _ends(rest, statement.part)
        text = count(others)
    else:
        others = rest.room(statement.part, statement.whole)
        text = (signed_percent if claim.kind is ClaimKind.CHANGE else percent)(others)
    if _is_open(statement, others, rest):
        return _untold("All other figures together leave open what it is.")
    if _is_settled(statement, others, rest):
        return Joint(
            verdict=ClaimVerdict.CONFIRMED,
            message=f"All other figures together give {text}, which is printed as {shown(claim)}.",
            others=others,
        )
    return Joint(
        verdict=ClaimVerdict.CONSISTENT,
        message=f"All other figures together leave {text}.",
        others=others,
    )


def _is_settled(statement: Statement, others: Interval, rest: System) -> bool:
    """Whether whatever the others leave is what the claim says."""
    said = statement.said
    if said is None or statement.whole is not None:
        return rest.proves(statement)
    return said.intersect(others) == others if said.overlaps(others) else False


def _is_open(statement: Statement, others: Interval, rest: System) -> bool:
    """Whether others could not have forbidden a number of this kind, whatever its size."""
    if statement.part is None or others.lower is None:
        return True
    if statement.whole is None:
        return others.upper is None and not _is_held(statement.part, rest)
    new = statement.part + statement.whole
    if all(number > 0 for _, number in new.terms) and others.lower <= -1:
        # What a base of one would make of the largest count is as good as no end.
        most = rest.proved(new).upper
        return others.upper is None or most is None or others.upper >= most - 1
    return others.lower <= 0 and (others.upper is None or others.upper >= 1)


def _is_held(part: Linear, rest: System) -> bool:
    """Whether counts put somebody here, and not only that percentages need somebody."""
    said = [
        each if each.whole is None else evolve(each, inequalities=_scaled(each))
        for each in rest.statements
    ]
    return bool(System(rest.cells, said).proved(part).lower)


def _scaled(statement: Statement) -> list[Inequality]:
    """What a percentage says of numbers of any size."""
    return [Inequality(each.left, 0) for each in statement.inequalities]


def _ends(system: System, sum_: Linear) -> Interval:
    """From where to where a count is; where that takes long, as far as it is proved at once."""
    try:
        return system.bounds(sum_, most=_MOST_PARTS).interval
    except InvalidValue:
        return system.proved(sum_).interval


def _blamed(together: list[Claim | Statement]) -> list[Claim]:
    """Who is contradicted: pages that quote the publication before its own."""
    claims = [each for each in together if isinstance(each, Claim)]
    quoted = [claim for claim in claims if claim.is_quoted]
    return quoted or claims


def _is_said(together: list[Claim | Statement]) -> bool:
    """Whether the text says of what place and time all of some claims are."""
    claims = [each for each in together if isinstance(each, Claim)]
    return all(place_of(each) and each.period.certainty is Certainty.EXACT for each in claims)


def _contradicted(claim: Claim, others: list[Claim | Statement]) -> Joint:
    claims = tuple(each for each in others if isinstance(each, Claim))
    if not others:
        return Joint(verdict=ClaimVerdict.CONTRADICTED, message="No table has this number.")
    dated = len({each.period for each in (claim, *claims)}) > 1
    told = "; ".join(_told(each, dated=dated) for each in others)
    text = f"Cannot be true together with {told}."
    if not _is_said([claim, *others]):
        return Joint(
            verdict=ClaimVerdict.CANNOT_TELL,
            message=f"{text} The text does not say whether all are of one place and time.",
            conflict=claims,
        )
    quoted = QUOTED if claim.is_quoted else ""
    return Joint(verdict=ClaimVerdict.CONTRADICTED, message=f"{text}{quoted}", conflict=claims)


def _told(each: Claim | Statement, *, dated: bool) -> str:
    if isinstance(each, Statement):
        return f"that {each}"
    number = shown(each) or f"'{each.words}'"
    if each.kind is ClaimKind.RANKING:
        return f"{category_label(('', code) for code in each.ranks)} first ({each.place})"
    when = f" in {each.period}" if dated and each.since is None else ""
    return f"{number} for {_label(cell_of(each), each)}{when} ({each.place})"
