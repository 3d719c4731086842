"""What is documented of how figures are counted, and which of it speaks of a number."""

import tomllib
from collections.abc import Iterable
from functools import cache, reduce
from importlib.resources import files
from typing import Any

from thbstats.records import CountingRules, Source, Statement
from thbstats.results import Context, Series

__all__ = ["counting", "documented", "speaking"]


@cache
def documented() -> tuple[CountingRules, ...]:
    """Return what this library documents of Eurostat, GLOTIP, CTDC and national statistics.

    Returns
    -------
    tuple of CountingRules
        Each with its source. What is not there is not known here.

    Examples
    --------
    >>> [rules.moment for rules in documented() if rules.reporter == "UK"]
    ['referral', 'positive decision on reasonable grounds']
    """
    text = files("thbstats.rules").joinpath("documentation.toml").read_text("utf-8")
    return tuple(_rules(**entry) for entry in tomllib.loads(text)["rules"])


def _rules(
    source: dict[str, Any],
    includes: Iterable[dict[str, str]] = (),
    excludes: Iterable[dict[str, str]] = (),
    **entry: Any,
) -> CountingRules:
    return CountingRules(
        includes=[Statement(**item) for item in includes],
        excludes=[Statement(**item) for item in excludes],
        source=Source(**source),
        **entry,
    )


def speaking(
    own: Iterable[CountingRules], context: Context, series: Series, *, ever: bool = False
) -> tuple[CountingRules, ...]:
    """Return the rules by which one side of a number was counted, wholly or in part.

    Parameters
    ----------
    own : iterable of CountingRules
        What somebody knows; what the library documents comes after it.
    context : Context
        The sources, the period and the reporters of the number.
    series : Series
        The kind of count on that side.
    ever : bool
        Whether to return also what held at other times.
    """
    reporters = context.area.members if context.reporters is None else context.reporters
    return tuple(
        rules
        for rules in (*own, *documented())
        if rules.about == series.kind
        and (not rules.reporter or rules.reporter in reporters)
        and (ever or rules.hold(context.period))
        and rules.speak_of(context.sources)
    )


def counting(
    own: Iterable[CountingRules], context: Context, series: Series
) -> CountingRules | None:
    """Return the rules of one side of a number as one, those of its only country in front.

    Parameters
    ----------
    own : iterable of CountingRules
        What somebody knows; it goes before what the library documents.
    context : Context
        The sources, the period and the area of the number.
    series : Series
        The kind of count on that side.

    Returns
    -------
    CountingRules or None
        ``None`` where nothing is documented. What holds for one of several countries only is
        not among them.
    """
    found = speaking(own, context, series)
    alone = len(context.area.members) == 1
    special = [rules for rules in found if rules.reporter] if alone else []
    general = [rules for rules in found if not rules.reporter]
    ordered = [*special, *general]
    return reduce(CountingRules.beside, ordered) if ordered else None
