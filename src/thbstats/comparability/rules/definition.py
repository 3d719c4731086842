"""DEFINITION: what reporters count and what they leave out."""

from collections.abc import Iterable

from attrs import frozen

from thbstats.comparability.documentation import counting, speaking
from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, Weights, each, worst
from thbstats.comparability.rules._series import Kept, breakdowns, kept, presumed
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import CountingRules, Difference, diff
from thbstats.results import Answer, Context, Message, Result, Results, Series, Severity

__all__ = ["RULES", "definition_rules"]

_Side = CountingRules | None


@frozen
class _Told:
    """What is documented of a number, and what stands in for documentation."""

    sides: tuple[_Side, _Side]
    kept: Kept
    flagged: bool
    breakdowns: frozenset[str] = frozenset()


@frozen(eq=False)
class _Definitions:
    """The questions about definitions, asked of what is documented."""

    own: tuple[CountingRules, ...]

    def left_out(self, number: Result) -> list[tuple[CountingRules, str, bool]]:
        """Who leaves out what, and whether that concerns the breakdown of the number."""
        asked = breakdowns(number)
        return [
            (rules, str(statement), statement.dimension in asked)
            for series in _sides(number.context)
            for rules in speaking(self.own, number.context, series)
            for statement in sorted(rules.excludes, key=str)
        ]

    def check_number(self, a: Results, _b: Results, _limits: Thresholds) -> Answers:
        return each(a, lambda number: Answer.FAILS if self.left_out(number) else Answer.HOLDS)

    def describe_number(
        self, a: Result, _b: Result, _limits: Thresholds, _answer: Answer
    ) -> Finding:
        found = self.left_out(a)
        concerns = any(concerned for _, _, concerned in found)
        return Finding(
            severity=Severity.CAUTION if concerns else Severity.NOTE,
            message=Message(
                "left out by some reporters: {what}",
                what=tuple(dict.fromkeys(t for _, t, _ in found)),
            ),
            evidence=tuple(
                (rules.reporter or str(rules.source), f"{what} ({rules.source})")
                for rules, what, _ in found
            ),
            mend="Say what is left out beside the figure, or ask the reporter for it",
        )

    def told(self, number: Result) -> _Told:
        context = number.context
        one, two = (counting(self.own, context, side) for side in _sides_of(context))
        return _Told((one, two), kept(number), "d" in context.flags)

    def told_with_breakdowns(self, number: Result) -> _Told:
        found = self.told(number)
        return _Told(found.sides, found.kept, found.flagged, breakdowns(number))

    def check_pair(self, a: Results, b: Results, _limits: Thresholds) -> Answers:
        return by_key(a, b, self.told, _alike)

    def weight(self, a: Results, b: Results, _limits: Thresholds) -> Weights:
        return by_key(a, b, self.told_with_breakdowns, _weight)

    def describe_pair(self, a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
        one, two = self.told(a), self.told(b)
        if answer is Answer.CANNOT_TELL:
            flagged = one.flagged or two.flagged
            return Finding(
                message="in what the definition of a flagged figure differs"
                if flagged
                else "whether both reporters count alike"
            )
        found = _differences(one, two)
        return Finding(
            message=Message(
                "the two numbers are counted by different rules: {what}",
                what=tuple(dict.fromkeys(_words(item.field) for item, _ in found)),
            ),
            evidence=tuple(
                evidence for item, sources in found for evidence in _evidence(item, sources)
            ),
            mend="Compare what both count, or each reporter with itself over time",
        )


def _sides_of(context: Context) -> tuple[Series, Series]:
    return context.counted, context.against


def _sides(context: Context) -> Iterable[Series]:
    return dict.fromkeys(_sides_of(context))


def _alike(one: _Told, two: _Told) -> Answer:
    if _differences(one, two):
        return Answer.FAILS
    if one.flagged or two.flagged:
        return Answer.CANNOT_TELL
    if presumed(one.kept, two.kept):
        return Answer.HOLDS
    return worst(*(map(_both_told, one.sides, two.sides)))


def _both_told(one: _Side, two: _Side) -> Answer:
    """Whether both reporters' own rules are known; a common definition is applied by each."""
    told = one is not None and two is not None and bool(one.reporter and two.reporter)
    return Answer.HOLDS if told else Answer.CANNOT_TELL


def _differences(one: _Told, two: _Told) -> list[tuple[Difference, str]]:
    """What sets the two apart, each once, and who says so."""
    found: dict[Difference, str] = {}
    for first, second in zip(one.sides, two.sides, strict=True):
        known = first or second
        if known is not None:
            nothing = CountingRules(about=known.about, source=known.source)
            one_side, other = first or nothing, second or nothing
            sources = "; ".join(dict.fromkeys((str(one_side.source), str(other.source))))
            found |= dict.fromkeys(diff(one_side, other), sources)
    return list(found.items())


def _weight(one: _Told, two: _Told) -> Severity:
    apart = one.kept.countries != two.kept.countries
    asked = one.breakdowns | two.breakdowns
    excluded = [
        (first.excludes if first else frozenset()) ^ (second.excludes if second else frozenset())
        for first, second in zip(one.sides, two.sides, strict=True)
    ]
    concerned = any(item.dimension in asked for items in excluded for item in items)
    grave = any(
        concerned if item.one_sided else not (item.field == "legal_basis" and apart)
        for item, _ in _differences(one, two)
    )
    return Severity.CAUTION if grave else Severity.NOTE


def _words(field: str) -> str:
    return field.replace("_", " ")


def _evidence(item: Difference, sources: str) -> tuple[tuple[str, object], ...]:
    name = _words(item.field)
    return (
        (Message("{field}, first", field=name), item.first),
        (Message("{field}, second", field=name), item.second),
        (Message("{field}, source", field=name), sources),
    )


def definition_rules(documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    """Return the rules of this family, with what somebody knows beside the library.

    Parameters
    ----------
    documents : iterable of CountingRules
        How reporters count; they stand before what the library documents itself.

    Returns
    -------
    tuple of Rule
        One for numbers, one for pairs.
    """
    ask = _Definitions(tuple(documents))
    return (
        Rule(
            code="DEFINITION",
            scope="number",
            check=ask.check_number,
            describe=ask.describe_number,
            definition="No reporter is documented to leave out what others count.",
            trigger="Fails, as a note, where the counting rules of a reporter exclude something; "
            "with caution where the number is divided by the breakdown that this concerns.",
            source="EIGE, metadata of crim_thb_vsage; records `CountingRules`, each with its own "
            "source",
            example="Belgium's figures hold no Belgian victims from the Immigration Office: their "
            "division by citizenship is one-sided.",
            mend="Say what is left out beside the figure, or ask the reporter for it.",
        ),
        Rule(
            code="DEFINITION",
            scope="pair",
            check=ask.check_pair,
            describe=ask.describe_pair,
            weight=ask.weight,
            definition="Both numbers are counted by the same rules: what is included and left out, "
            "when, under which law.",
            trigger="Fails where the documented rules differ: with caution, or as a note where "
            "only one side states something or two countries have laws of their own; cannot tell "
            "where the rules of a reporter are not documented, or a figure has the flag d. "
            "Presumed to hold for one source, place and series.",
            source="EIGE, metadata of the view genvio_tra_adm_conv: imprecise definitions, "
            "improper classifications and differing units make figures incomparable",
            example="A table of referrals (17 004) beside one of positive decisions on reasonable "
            "grounds, in the United Kingdom.",
            mend="Compare what both count, or each reporter with itself over time.",
        ),
    )


RULES = definition_rules()
