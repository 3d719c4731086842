"""Audit of rankings."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from attrs import evolve

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.judgements import Judgement, contradicted, formatted, not_assessable
from thbstats.claims import Claim, Figures, area_of, base_key, cell_of
from thbstats.claims.figures import less
from thbstats.geography import COMPOSITIONS, country_name, eu_members
from thbstats.records import KINDS, schema_of
from thbstats.values import Interval, Rational
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["judge"]

_UNTOLD = not_assessable("The ranked figures are not published.")
_INSIDE = {"eu": True, "non_eu": False}


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a ranking by other claims and by EU membership."""
    by_numbers, by_members = _by_numbers(figures, claim), _by_members(claim)
    if by_members is None or by_numbers.verdict is ClaimVerdict.CONTRADICTED:
        return by_numbers
    if by_members.verdict is ClaimVerdict.CONTRADICTED or by_numbers == _UNTOLD:
        return by_members
    return by_numbers


def _by_numbers(figures: Figures, claim: Claim) -> Judgement:
    """Compare a ranking with counts, or with shares of one denominator."""
    for printed in (figures.counts, figures.shares):
        found = _compared(figures, claim, _numbers(printed, claim))
        if found != _UNTOLD:
            return found
    return _UNTOLD


def _compared(figures: Figures, claim: Claim, numbers: Mapping[str, Claim]) -> Judgement:
    listed = {code: numbers[code] for code in claim.ranks if code in numbers}
    rivals = {code: numbers[code] for code in numbers if _is_rival(claim, code)}
    for code, number in listed.items():
        for other, rival in rivals.items():
            if less(number, rival):
                return contradicted(
                    f"{_described({other: rival})} is more than {_described({code: number})} "
                    "but is not listed.",
                    [rival, number],
                )
    if claim.ordered:
        for before, after in pairwise(listed):
            if less(listed[before], listed[after]):
                more = _described({after: listed[after]})
                fewer = _described({before: listed[before]})
                text = f"{more} is more than {fewer}, which is listed before it."
                return contradicted(text, [listed[after], listed[before]])
    if len(listed) < len(claim.ranks) or not rivals:
        return _UNTOLD
    message = f"{_described(listed)} against {_described(rivals)}"
    least = min(_amount(number).lower or 0 for number in listed.values())
    open_ = any((_amount(rival).upper or 0) > least for rival in rivals.values())
    if open_ or (claim.ordered and _can_turn(list(listed.values()))):
        return Judgement(verdict=ClaimVerdict.CONSISTENT, message=f"{message}.")
    left = _left(figures, claim, numbers)
    if left is None or left > least:
        text = f"{message}; other categories have no published number."
        return Judgement(verdict=ClaimVerdict.CONSISTENT, message=text)
    return Judgement(verdict=ClaimVerdict.CONFIRMED, message=f"{message}.")


def _can_turn(listed: list[Claim]) -> bool:
    """Whether rounding allows another order."""
    return any(
        (_amount(after).upper or 0) > (_amount(before).lower or 0)
        for before, after in pairwise(listed)
    )


def _numbers(printed: Iterable[Claim], claim: Claim) -> dict[str, Claim]:
    """Return the numbers of the ranked categories, each once."""
    found: dict[str, Claim] = {}
    for number in printed:
        code = _code(number, claim.base_dimension)
        first = next(iter(found.values()), number)
        alike = number.percent is None or base_key(number) == base_key(first)
        if code and alike and _ranked(number, claim) == _ranked(claim, claim):
            found.setdefault(code, number)
    return found


def _code(number: Claim, dimension: str) -> str:
    return area_of(number) if dimension == "area" else number.category.get(dimension, "")


def _ranked(claim: Claim, ranking: Claim) -> tuple[object, ...]:
    """Return the common attributes of the ranked numbers."""
    cell, dimension = cell_of(claim), ranking.base_dimension
    codes = {
        pair for pair in (*cell.codes, *claim.of.items()) if pair[0] not in (dimension, "area")
    }
    members = None if dimension == "area" else cell.members
    return (cell.subject, cell.status, cell.period, members, codes)


def _is_rival(claim: Claim, code: str) -> bool:
    """Whether an unlisted code belongs to the same group."""
    if code in ("total", "unknown") or any(_clash(claim, code, listed) for listed in claim.ranks):
        return False
    inside = _group(claim)
    return inside is None or _is_member(claim, code) is inside


def _clash(claim: Claim, first: str, other: str) -> bool:
    """Whether two codes can count the same person."""
    schema = schema_of(claim.subject) if claim.subject in KINDS else None
    if first == other or schema is None or claim.base_dimension not in schema.names:
        return first == other
    return schema[claim.base_dimension].overlaps(first, other)


def _left(figures: Figures, claim: Claim, numbers: Mapping[str, Claim]) -> Rational | None:
    """Return the largest value without a published number, or ``None``."""
    left = _whole(figures, claim, numbers)
    counted: list[str] = []
    for code, number in numbers.items():
        if left is not None and not any(_clash(claim, code, other) for other in counted):
            counted.append(code)
            left -= _amount(number).lower or 0
    return left


def _whole(figures: Figures, claim: Claim, numbers: Mapping[str, Claim]) -> Rational | None:
    number = next(iter(numbers.values()))
    if number.percent is not None:
        return 1
    cell, dimension = cell_of(number), claim.base_dimension
    everyone = evolve(cell, codes=frozenset(pair for pair in cell.codes if pair[0] != dimension))
    printed = figures.count(everyone)
    return None if printed is None or dimension == "area" else printed.upper


def _by_members(claim: Claim) -> Judgement | None:
    """Return the judgement by EU membership; ``None`` for other rankings."""
    inside = _group(claim)
    if inside is None:
        return None
    members = {code: _is_member(claim, code) for code in claim.ranks}
    union = claim.area if claim.area in COMPOSITIONS else f"the EU throughout {claim.period}"
    wrong = [country_name(code) for code, member in members.items() if member is (not inside)]
    if wrong:
        are = "is" if len(wrong) == 1 else "are"
        not_ = "not " if inside else ""
        return contradicted(f"{', '.join(wrong)} {are} {not_}in {union}.")
    if None in members.values():
        return not_assessable("Area and period do not determine the members of the EU.")
    are = "is" if inside else "is not"
    return Judgement(
        verdict=ClaimVerdict.CONSISTENT,
        message=f"Each country listed {are} in {union}; how many are counted for each is not "
        "printed.",
    )


def _group(claim: Claim) -> bool | None:
    """Whether EU citizenships are ranked; ``None`` for other rankings."""
    ranked = claim.base_dimension == "citizenship"
    return _INSIDE.get(claim.of.get("citizenship", "")) if ranked else None


def _is_member(claim: Claim, code: str) -> bool | None:
    """Whether a country is in the EU of a claim; ``None`` if this is not known."""
    if code in tuple(CitizenshipGroup):
        return None
    if claim.area in COMPOSITIONS:
        return code in COMPOSITIONS[claim.area].members
    days = [day for day in (claim.period.start, claim.period.end) if day is not None]
    found = {code in eu_members(day) for day in days}
    return found.pop() if len(found) == 1 else None


def _described(numbers: Mapping[str, Claim]) -> str:
    return ", ".join(f"{_name(code)} {formatted(number)}" for code, number in numbers.items())


def _name(code: str) -> str:
    return str(code).replace("_", " ")


def _amount(number: Claim) -> Interval:
    percent = number.percent
    return Interval.point(number.count or 0) if percent is None else percent.interval
