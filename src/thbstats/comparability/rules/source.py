"""SOURCE: whose page a figure was read from, and which system made it."""

from collections.abc import Iterable
from functools import partial

from attrs import frozen

from thbstats.comparability.documentation import speaking
from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, Weights, each
from thbstats.comparability.rules._series import publications
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import CountingRules, Source
from thbstats.results import Answer, Result, Results, Severity

__all__ = ["RULES", "source_rules"]

_Own = tuple[CountingRules, ...]


@frozen
class _Origin:
    """Where a number comes from: publications, and how the counted were chosen."""

    publications: frozenset[Source]
    samples: frozenset[str]

    @property
    def publishers(self) -> frozenset[str]:
        return frozenset(source.publisher for source in self.publications) - {""}

    @property
    def secondary(self) -> bool:
        return any(source.kind == "secondary" for source in self.publications)

    @property
    def words(self) -> str:
        titles = sorted(source.title for source in self.publications)
        return "; ".join([*titles, *sorted(self.samples)]) or "not stated"


def _origin(own: _Own, number: Result) -> _Origin:
    context = number.context
    samples = (
        rules.sample
        for side in (context.counted, context.against)
        for rules in speaking(own, context, side)
    )
    return _Origin(publications(number), frozenset(samples) - {""})


def _check_number(own: _Own, a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda number: Answer.FAILS if _problems(_origin(own, number)) else Answer.HOLDS)


def _problems(origin: _Origin) -> list[str]:
    found = []
    if origin.samples:
        found.append("the counted are no random sample")
    if len(origin.publishers) > 1:
        found.append("two systems of statistics stand behind one number")
    if origin.secondary:
        found.append("read from a page that quotes the publisher")
    return found


def _describe_number(
    own: _Own, a: Result, _b: Result, _limits: Thresholds, _answer: Answer
) -> Finding:
    origin = _origin(own, a)
    return Finding(
        severity=Severity.CAUTION
        if origin.samples or len(origin.publishers) > 1
        else Severity.NOTE,
        message=_problems(origin)[0],
        evidence=(("source", origin.words),),
        mend="Speak of these cases only"
        if origin.samples
        else "Look the figure up where it was published first",
    )


def _one_system(one: _Origin, two: _Origin) -> Answer:
    if _apart(one, two) or one.samples != two.samples or one.secondary != two.secondary:
        return Answer.FAILS
    named = one.publishers and two.publishers
    same = one.publications == two.publications
    return Answer.HOLDS if named or same else Answer.CANNOT_TELL


def _apart(one: _Origin, two: _Origin) -> bool:
    """Whether the publishers are named, and not the same ones."""
    return bool(one.publishers and two.publishers) and one.publishers != two.publishers


def _check_pair(own: _Own, a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, partial(_origin, own), _one_system)


def _weight(own: _Own, a: Results, b: Results, _limits: Thresholds) -> Weights:
    return by_key(a, b, partial(_origin, own), _weighed)


def _weighed(one: _Origin, two: _Origin) -> Severity:
    systems = _apart(one, two) or one.samples != two.samples
    return Severity.CAUTION if systems else Severity.NOTE


def _describe_pair(own: _Own, a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(message="whether both numbers come from one system of statistics")
    one, two = _origin(own, a), _origin(own, b)
    return Finding(
        message="the two numbers come from different systems of statistics"
        if _weighed(one, two) is Severity.CAUTION
        else "one of the two numbers was read from a page that quotes the publisher",
        evidence=(("first", one.words), ("second", two.words)),
        mend="Take both from one publisher's own tables",
    )


def source_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with what somebody knows beside the library.

    Parameters
    ----------
    documents : iterable of CountingRules
        How reporters count, and of what sample.

    Returns
    -------
    tuple of Rule
        One for numbers, one for pairs.
    """
    own = tuple(documents)
    return (
        Rule(
            code="SOURCE",
            scope="number",
            check=partial(_check_number, own),
            describe=partial(_describe_number, own),
            definition="A figure was read where it was published, and comes from one system that "
            "counts everybody whom it knows of.",
            trigger="Fails, as a note, for figures read from a page that quotes the publisher; "
            "with caution where two publishers stand behind one number, or where the counted are "
            "documented to be no random sample.",
            source="CTDC, codebook of the Global Dataset: cases of its contributors",
            example="Convictions of 2017-2018 are 2 426 in the Commission's report and 2 424 on a "
            "page that quotes it.",
            mend="Look the figure up where it was published first; of a collection of cases, speak "
            "of these cases only.",
        ),
        Rule(
            code="SOURCE",
            scope="pair",
            check=partial(_check_pair, own),
            describe=partial(_describe_pair, own),
            weight=partial(_weight, own),
            definition="Both numbers come from one system of statistics, or neither is a sample.",
            trigger="Fails with caution where the publishers differ, or one number is of a sample; "
            "as a note where one was read from a page that quotes the publisher; cannot tell "
            "where the sources differ and a publisher is not stated.",
            source="UNODC GLOTIP, Eurostat and CTDC count victims of one country and year each in "
            "their own way",
            example="Detected victims of GLOTIP beside registered victims of Eurostat.",
            mend="Take both from one publisher's own tables.",
        ),
    )


RULES = source_rules()
