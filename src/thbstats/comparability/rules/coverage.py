"""COVERAGE: a figure speaks of the countries that reported."""

import numpy as np
from attrs import evolve

from thbstats.comparability.keys import by_key, kinds
from thbstats.comparability.matching import expected, listed, matched, number_of_reporters
from thbstats.comparability.rule import Answers, Finding, Rule, Weights, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import Source
from thbstats.results import Answer, Context, Message, Result, Results, Severity

__all__ = ["RULES"]


def _complete(number: Result) -> Answer:
    reported = number_of_reporters(number.context)
    if reported is None:
        return Answer.CANNOT_TELL
    return Answer.HOLDS if reported >= len(expected(number.context)) else Answer.FAILS


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _complete)


def _describe_number(a: Result, _b: Result, limits: Thresholds, _answer: Answer) -> Finding:
    context = a.context
    reported, should = number_of_reporters(context), expected(context)
    if reported is None:
        return Finding(
            severity=Severity.NOTE,
            message="which countries stand behind the figure is not documented",
            mend="Ask for the country rows, or for the list of reporting countries",
        )
    reporters = listed(context)
    lists = (
        ()
        if reporters is None
        else (("reporting", reporters & should), ("missing", should - reporters))
    )
    thin = reported < limits.coverage * len(should)
    return Finding(
        severity=Severity.CAUTION if thin else Severity.NOTE,
        message=Message(
            "{n} of {total} countries stand behind the figure", n=reported, total=len(should)
        )
        if reported
        else "nobody reported what the figure needs",
        evidence=tuple((name, _names(countries)) for name, countries in lists),
        mend="Say how many countries reported, and quote the bounds for the whole area",
    )


def _names(countries: frozenset[str]) -> str:
    return ", ".join(sorted(countries)) or "none"


_Lists = tuple[frozenset[str], frozenset[str] | None]


def _lists(number: Result) -> _Lists:
    return number.context.area.members, listed(number.context)


def _same_lists(one: _Lists, two: _Lists) -> Answer:
    """Whether the same countries are listed, among those that both areas have."""
    if not one[1] or not two[1]:
        return Answer.CANNOT_TELL
    common = one[0] & two[0]
    return Answer.HOLDS if one[1] & common == two[1] & common else Answer.FAILS


def _context(number: Result) -> Context:
    return number.context


def _same_numbers(one: Context, two: Context) -> Answer:
    """What can be told of the reporters where one of two numbers does not list any."""
    numbers = {number_of_reporters(one), number_of_reporters(two)}
    if 0 in numbers:
        return Answer.CANNOT_TELL
    if one.area == two.area and None not in numbers and len(numbers) == 2:
        return Answer.FAILS
    published = _publications(one)
    same_table = bool(published) and published == _publications(two) and one.period == two.period
    return Answer.HOLDS if same_table else Answer.CANNOT_TELL


def _publications(context: Context) -> frozenset[Source]:
    """Where the inputs were published, whichever section they stand in."""
    return frozenset(evolve(source, section="") for source in context.sources)


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    codes = by_key(a, b, _lists, _same_lists)
    unlisted = np.flatnonzero(codes == Answer.CANNOT_TELL.code)
    one, two = a.pick(unlisted), b.pick(unlisted)
    codes[unlisted] = by_key(one, two, _context, _same_numbers)
    return codes


def _weight(a: Results, b: Results, limits: Thresholds) -> Weights:
    """Caution, unless both numbers are the same over the countries that they share."""
    pairs, kind_of = kinds(a, b, _lists)
    both = [_shared(*pair) for pair in pairs]
    matters = np.array([not countries for countries in both], dtype=np.bool_)[kind_of]
    for numbers in (a, b):
        rest = np.flatnonzero(~matters)
        whole, places = numbers.distinct
        asked, which = np.unique(places[rest] * len(both) + kind_of[rest], return_inverse=True)
        moved = [
            _moves(whole.items[place], both[kind] or frozenset(), limits)
            for place, kind in (divmod(ask, len(both)) for ask in asked.tolist())
        ]
        matters[rest] = np.array(moved, dtype=np.bool_)[which]
    return np.where(matters, Severity.CAUTION.weight, Severity.NOTE.weight).astype(np.int8)


def _shared(one: _Lists, two: _Lists) -> frozenset[str] | None:
    return None if one[1] is None or two[1] is None else one[1] & two[1] & one[0] & two[0]


def _moves(number: Result, countries: frozenset[str], limits: Thresholds) -> bool:
    """Whether a number is another one over some countries, or they hold too little of its base."""
    found = matched(number, countries)
    if found is None or found.held < limits.coverage:
        return True
    return number.measure.show(found.value) != number.shown


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return _untold(a, b)
    return Finding(
        message="different countries stand behind the two numbers",
        evidence=_evidence(a, b),
        mend="Compare the figures over the countries that reported both",
    )


def _untold(a: Result, b: Result) -> Finding:
    numbers = {"first": number_of_reporters(a.context), "second": number_of_reporters(b.context)}
    silent = [name for name, reporters in numbers.items() if reporters == 0]
    if silent:
        return Finding(
            severity=Severity.CAUTION,
            message=Message("nobody reported what the figure needs: {numbers}", numbers=silent),
            mend="Take figures that somebody reported: bounds only say what is possible",
        )
    return Finding(
        severity=Severity.NOTE,
        message="whether the same countries stand behind both numbers is not documented",
        mend="Ask for the lists of reporting countries of both publications",
    )


def _evidence(a: Result, b: Result) -> tuple[tuple[str, str], ...]:
    one, two = listed(a.context), listed(b.context)
    if one is None or two is None:
        return tuple(
            (name, Message("{n} countries, not listed", n=number_of_reporters(number.context)))
            for name, number in (("first", a), ("second", b))
        )
    common = a.context.area.members & b.context.area.members
    both = one & two & common
    figures = [
        number.measure.show(found.value)
        for number in (a, b)
        if (found := matched(number, both)) is not None
    ]
    return (
        ("only in the first", _names((one & common) - two)),
        ("only in the second", _names((two & common) - one)),
        ("in both", f"{len(both)} ({_names(both)})"),
        *([("like for like", " and ".join(figures))] if len(figures) == 2 else []),
    )


RULES = (
    Rule(
        code="COVERAGE",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        essential=True,
        definition="Every expected country reported every input.",
        trigger="Fails where expected countries are missing, caution where fewer than `coverage` "
        "of them reported; cannot tell where an aggregate neither lists nor numbers its "
        "reporters.",
        source="COM(2018) 777, section III.1: three Member States; Eurostat 2014 edition: the "
        "number of states varies by table",
        example="The use of services was reported by three Member States of 28.",
        mend="Say how many countries reported, and quote the bounds for the whole area.",
    ),
    Rule(
        code="COVERAGE",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=_weight,
        essential=True,
        definition="The same countries reported both numbers, among those that both areas have.",
        trigger="Fails where reporters differ; caution where like for like prints another number "
        "or the shared countries hold less than `coverage` of a base; cannot tell where nobody "
        "reported one of them. Presumed to hold for two numbers of one publication and period.",
        source="Eurostat, 9 February 2023: convictions +54.9 % over countries with both years, "
        "+94.4 % from the raw totals 1 295 and 2 517",
        example="Convictions grew by 54.9 % over the countries with both years, and by 94.4 % "
        "between the raw totals of 2020 and 2021.",
        mend="Compare the figures over the countries that reported both.",
    ),
)
