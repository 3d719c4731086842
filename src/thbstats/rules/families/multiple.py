"""Multiple response."""

import numpy as np
from numpy.typing import NDArray

from thbstats.display import count
from thbstats.panel import (
    Base,
    Message,
    Outcome,
    Panel,
    Result,
    ResultKind,
    Severity,
    dimension_label,
)
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Finding, library_rule, outcomes
from thbstats.rules.thresholds import Thresholds
from thbstats.vocabulary import Overlap

__all__ = ["RULES"]


def _check_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    # ADDITIVITY asks whether the source states it.
    return outcomes(panel.base.table(lambda base: base.overlap is Overlap.OVERLAPPING, np.bool_))


def _severity_number(panel: Panel, _thresholds: Thresholds) -> NDArray[np.int8]:
    """Return caution, and a note for shares of mentions and for counts."""
    counts = panel.kind.table(lambda kind: kind is not ResultKind.SHARE, np.bool_)
    mentions = panel.base.table(lambda base: base.rule == "mentions", np.bool_)
    codes = np.where(counts | mentions, Severity.NOTE.weight, Severity.CAUTION.weight)
    return codes.astype(np.int8)


def _words_number(number: Result, _thresholds: Thresholds, _outcome: Outcome) -> Finding:
    excess, dimension = number.excess, _dimension(number)
    hint = "Do not add these categories; if each person has one category, correct the counts"
    if excess is None or not excess.areas:
        return Finding(
            message=Message(
                "one person can have several categories of {dimension}", dimension=dimension
            ),
            hint=hint,
        )
    return Finding(
        message=Message(
            "one person can have several categories of {dimension}: the categories sum to "
            "{counted}, and the total is {total} {people}",
            dimension=dimension,
            counted=count(excess.counted),
            total=count(excess.total),
            people=number.against.label,
        ),
        evidence=(
            ("sum of categories", count(excess.counted)),
            ("total", count(excess.total)),
            ("areas", ", ".join(excess.areas)),
        ),
        hint=hint,
    )


def _dimension(number: Result) -> str:
    return dimension_label(number.base.dimension or [name for name, _ in number.category])


def _total_base(number: Result) -> Base | None:
    """Return the base of a share of all persons; BASE compares the recorded ones."""
    base = number.base
    is_share = number.kind is ResultKind.SHARE and base.dimension
    return base if is_share and base.rule == "all" else None


def _same(first: Base | None, second: Base | None) -> Outcome:
    if first is None or second is None or first.dimension != second.dimension:
        return Outcome.HOLDS
    stated = {first.overlap, second.overlap} - {Overlap.NOT_STATED}
    return Outcome.FAILS if len(stated) > 1 else Outcome.HOLDS


def _check_pair(pairs: Pairs, _thresholds: Thresholds) -> NDArray[np.int8]:
    return pairs.by_key(pairs.keys(["kind", "base"], _total_base), _same)


def _words_pair(
    first: Result, second: Result, _thresholds: Thresholds, _outcome: Outcome
) -> Finding:
    return Finding(
        message=Message(
            "a person has one category of {dimension} in one number, and can have several in the "
            "other",
            dimension=dimension_label(first.base.dimension),
        ),
        evidence=(("first", first.base.overlap.label), ("second", second.base.overlap.label)),
        hint='Find out how both are counted; pass overlap="overlapping" if both can overlap',
    )


RULES = (
    library_rule(
        "MULTIPLE_RESPONSE.number",
        check=_check_number,
        severity=_severity_number,
        words=_words_number,
    ),
    library_rule(
        "MULTIPLE_RESPONSE.pair", check=_check_pair, severity=Severity.CAUTION, words=_words_pair
    ),
)
