"""SUPPRESSED: counts that their source hides, inside a number."""

from fractions import Fraction

from thbstats.comparability.rule import Answers, Finding, Rule, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.display import count
from thbstats.results import Answer, Measure, Message, Result, Results, Severity

__all__ = ["RULES"]

_PARTS_OF_ONE = (Measure.SHARE, Measure.DIFFERENCE, Measure.RELATIVE_CHANGE)


def _open(number: Result) -> Answer:
    """Whether a number says more than what is hidden in it allows, or nobody knows what is."""
    hidden, reported = number.context.hidden, number.reported
    if hidden is not None:
        wide = reported is not None and not reported.is_point
        return Answer.FAILS if wide else Answer.HOLDS
    return Answer.CANNOT_TELL if "c" in number.context.flags else Answer.HOLDS


def _check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, _open)


def _describe(a: Result, _b: Result, limits: Thresholds, answer: Answer) -> Finding:
    hidden = a.context.hidden
    if answer is Answer.CANNOT_TELL or hidden is None:
        return Finding(message="whether confidential counts are in the figure")
    return Finding(
        severity=Severity.CAUTION if _wide(a, limits) else Severity.NOTE,
        message=Message(
            "the source hides {n} of the counts in it, which are {counts} together",
            n=hidden.cells,
            counts=count(hidden.counts),
        ),
        evidence=(
            ("hidden in", ", ".join(sorted(hidden.areas))),
            ("hidden counts", count(hidden.counts)),
            ("number", a.shown),
        ),
        mend="Print both ends; put categories or years together so that less is hidden",
    )


def _wide(number: Result, limits: Thresholds) -> bool:
    """Whether the ends are further apart than what reports print: of a part, or of itself."""
    lower, upper = number.stated.lower, number.stated.upper
    if lower is None or upper is None:
        return True
    measured = Fraction(1 if number.measure in _PARTS_OF_ONE else max(-lower, upper))
    return upper - lower >= limits.suppressed * measured


RULES = (
    Rule(
        code="SUPPRESSED",
        scope="number",
        check=_check,
        describe=_describe,
        definition='No "fewer than n" and no suppressed count leaves the number open.',
        trigger="Fails where such counts make it an interval: with caution where its ends are "
        "`suppressed` apart or more (of a share, else of the number itself), else as a note; "
        "cannot tell where the source flags confidential counts (c) and does not say which.",
        source='UNODC GLOTIP prints "<5" for 29 558 of 58 769 values, which covers 0 to 4',
        example='Women in two countries, one with 97 and one with "<5", are 97..101.',
        mend="Print both ends; put categories or years together so that less is hidden.",
    ),
)
