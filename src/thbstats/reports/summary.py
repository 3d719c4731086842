"""The summary of a report."""

from collections.abc import Iterator

from thbstats.auditing import ClaimVerdict
from thbstats.display import Bullets, count, decimal
from thbstats.panel import ResultKind, Verdict
from thbstats.reports.content import Content
from thbstats.reports.figures import bounds_text, computed_share, quotable, unknown_counts
from thbstats.reports.indicators import Indicator, Scope, usual_scope
from thbstats.reports.naming import category_name, dimension_name, unit_name
from thbstats.reports.section import Section
from thbstats.values import Interval

__all__ = ["SUMMARY"]

_SHORT = {"form of exploitation": "form"}

_COUNTS, _SHARES = 4, 3
"""The number of totals and of shares in a summary."""


def _blocks(content: Content) -> Iterator[Bullets]:
    """Yield the main totals, shares, differences and ratios, and the result of the audit."""
    if content.of == "results":
        return
    items = [
        *_totals(content),
        *_shares(content),
        *_differences(content),
        *_ratios(content),
        *_checks(content),
    ]
    if items:
        yield Bullets(items)


SUMMARY = Section("summary", "Summary", _blocks)
"""The main figures in sentences."""


def _totals(content: Content) -> Iterator[str]:
    totals = [item for item in quotable(content, content.counts) if item.leading]
    if content.of == "publication":
        totals = [item for item in totals if item.result.numerator_kind.kind == "victims"]
    if not totals and (content.counts or content.of == "counts"):
        yield "No total can be quoted for the whole area."
    usual = usual_scope(content.indicators)
    texts = [_total(content, item, usual) for item in totals[:_COUNTS]]
    if texts:
        yield f"{'; '.join(texts)}."


def _total(content: Content, item: Indicator, usual: Scope) -> str:
    result = item.result
    value, scope = content.restyled(item.formatted), Scope.from_result(result).suffix(usual)
    if result.numerator_kind.kind != "victims" or content.of == "counts":
        partial = result.n_reporters is not None and len(result.area.members) > 1
        covered = f" ({item.coverage} countries)" if partial else ""
        return f"{item.name}{scope}: {value}{covered}"
    if not result.category:
        return f"{value} victims were {result.numerator_kind.get('status') or 'counted'}{scope}"
    form = item.name.partition(" of ")[2]
    return f"{value} were {f'victims of {form}' if form else item.name}{scope}"


def _shares(content: Content) -> Iterator[str]:
    """Yield the published shares of victims with a known category, or the largest shares."""
    show = content.restyled
    for item in content.printed:
        every = computed_share(content, item)
        if every is None or item.result.base.rule != "known":
            continue
        victims = unit_name(item.result.numerator_kind)
        dimension = dimension_name(item.result.category[0][0])
        text = (
            f"The published {item.formatted} refers to victims with a known {dimension}. Of all "
            f"{victims}, it is {show(every.formatted)}"
        )
        bounds, unknown = bounds_text(every.result), unknown_counts(content, item)
        if bounds != every.formatted and unknown is not None:
            text += (
                f" ({show(bounds)}, depending on the {show(count(unknown))} victims whose "
                f"{_SHORT.get(dimension, dimension)} is unknown)"
            )
        yield f"{text}."
    found = [item for item in quotable(content, content.shares) if item.leading]
    if content.of == "counts" and found:
        usual = usual_scope(content.indicators)
        texts = (
            f"{item.name}{Scope.from_result(item.result).suffix(usual)}: {show(item.formatted)}"
            for item in found[:_SHARES]
        )
        yield f"{'; '.join(texts)}."


def _differences(content: Content) -> Iterator[str]:
    """Yield the first difference between two areas."""
    pair = next(iter(content.pairs), None)
    if pair is None or pair.comparison.difference is None:
        return
    if pair.comparison.verdict is Verdict.NOT_COMPARABLE:
        return
    points = _points(pair.comparison.difference.scale(100))
    dimension, code = pair.first.result.category[-1]
    yield (
        f"{category_name(dimension, str(code))}: {pair.second.formatted} in "
        f"{pair.second.result.area.code}, {points} than in {pair.first.result.area.code}. "
        "This is a difference between areas, not a change over time."
    )


def _points(bounds: Interval) -> str:
    """Return a difference in percentage points as text."""
    lower, upper = bounds.lower or 0, bounds.upper or 0
    if lower < 0 < upper:
        return f"{decimal(bounds, 0)} percentage points more"
    word = "higher" if lower >= 0 else "lower"
    size = bounds if lower >= 0 else bounds.scale(-1)
    return f"{decimal(size, 0)} percentage points {word}"


def _ratios(content: Content) -> Iterator[str]:
    """Yield the ratio of convictions to prosecutions."""
    for item in quotable(content, content.ratios):
        result = item.result
        stages = result.numerator_kind.get("stage"), result.denominator_kind.get("stage")
        if result.kind is ResultKind.RATIO and stages == ("convicted", "prosecuted"):
            scope = Scope.from_result(result).suffix(usual_scope(content.indicators))
            value = content.restyled(decimal(result.value_or_bounds.scale(100), 0))
            yield (
                f"There were {value} {unit_name(result.numerator_kind)} per 100 "
                f"{unit_name(result.denominator_kind)} in the same period{scope}. This is not a "
                "conviction rate: cases often last several years."
            )
            return


def _checks(content: Content) -> Iterator[str]:
    """Yield the number of contradicted claims and issues, or of numbers below the coverage."""
    if content.of == "counts":
        total = len(content.indicators)
        refused = total - len(list(quotable(content, content.indicators)))
        if refused:
            yield (
                f"{count(refused)} of {count(total)} figures cannot be quoted for the whole area "
                "(see Limitations)."
            )
    elif content.audit:
        numbers, found = content.audit.counts(), len(content.audit.issues)
        wrong = numbers[ClaimVerdict.CONTRADICTED] + numbers[ClaimVerdict.DISPUTED]
        text = "No figure that could be checked is contradicted."
        if wrong:
            verb = "statement contradicts" if wrong == 1 else "statements contradict"
            text = f"{count(wrong)} published {verb} other figures of the publication."
        issues = f"{count(found)} {'issue needs' if found == 1 else 'issues need'} attention."
        yield f"{text} {issues if found else 'No issue was found.'}"
