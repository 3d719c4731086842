"""Remarks on the cases of a register."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from thbstats.cases.answers import Declarations, FlagAnswers, spelling
from thbstats.cases.counted import CountedCases
from thbstats.collection.return_checks import Finding
from thbstats.collection.return_inputs import EMPTY
from thbstats.collection.variables import Variable

_ZEROS = ("0", "false", "False")


class _Answer(NamedTuple):
    """A distinct answer: the texts of its columns, its categories and its number of cases."""

    texts: list[str | None]
    codes: set[str] | frozenset[str]
    cases: int


def remarks_if(code: str, variable: Variable, number: int, **parts: Any) -> list[Finding]:
    """Return a remark on the cases of a variable, or no remark if its number is 0."""
    return [Finding.of(code, variable.name, number=number, **parts)] if number else []


def remarks_on_answers(
    variable: Variable, cases: Declarations, counted: CountedCases, stage: str, bands: set[str]
) -> Iterator[Finding]:
    """Yield remarks on the answers of one dimension.

    Three persons of 15-19 and two of 12 are the answers ``(["15-19"], {"unknown"}, 3)`` and
    ``(["12"], {"child"}, 2)``. ``bands`` are the age bands that include 18.
    """
    (column,), (positions,), numbers = counted.columns, counted.tally.digits, counted.tally.counts
    name, read = column.name, column.answers
    is_flagged = isinstance(read, FlagAnswers)
    if isinstance(read, FlagAnswers):
        read = read.resolve(counted.schema[name])
    answers = [
        _Answer([spelling(text) for text in column.values[row]], read[row].codes, number)
        for row, number in zip(positions.tolist(), numbers.tolist(), strict=True)
    ]
    if is_flagged:
        yield from _remarks_on_blanks(variable, column.reading.columns, answers)
    # Age bands that include 18: their persons can be children or adults.
    in_band = sum(own.cases for own in answers if name == "age" and own.texts[0] in bands)
    children = sum(own.cases for own in answers if own.codes == {"child"})
    total = sum(own.cases for own in answers)
    parts = {"total": total, "lower": children, "upper": children + in_band}
    yield from remarks_if(
        "AGE_BANDS", variable, in_band, bands=", ".join(sorted(bands)[:5]), **parts
    )
    # Unknown answers, of which some are blank and some are stated as unknown.
    no_answer = {variable.unknown(name)}
    unknown = sum(own.cases for own in answers if own.codes <= no_answer) - in_band
    missing = {*map(spelling, cases.no_answers["missing"])}
    blank = sum(
        own.cases for own in answers if ({*own.texts} <= missing if is_flagged else not own.codes)
    )
    parts = {"total": total, "blank": blank, "stated": unknown - blank}
    code = "UNKNOWN_OF_STAGE" if len(variable.groups) > 1 else "UNKNOWN"
    yield from remarks_if(code, variable, unknown, **parts, label=name, stage=stage)


def _remarks_on_blanks(
    variable: Variable, columns: Sequence[str], answers: Sequence[_Answer]
) -> Iterator[Finding]:
    """Yield a remark on each column of yes or no that has blanks next to zeros."""
    for number, name in enumerate(columns):
        blank = sum(own.cases for own in answers if own.texts[number] in EMPTY)
        zero = sum(own.cases for own in answers if own.texts[number] in _ZEROS)
        if blank and zero:
            parts = {"blank": blank, "zero": zero}
            yield from remarks_if("BLANK_AND_ZERO", variable, blank, item=name, **parts)
