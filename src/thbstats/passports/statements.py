"""Sentences of passports: the figure, the statements that it supports, and those it does not.

All texts are in ``sentences.toml``. `Facts` decides which of them apply. `FigureText` has the
values of their parameters, and fills them in. A new form of figure needs a row in `_FORMS`, and a
name and a sentence of this key in ``sentences.toml``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple, cast

from attrs import frozen

from thbstats._properties import cached_property
from thbstats.display import FormattedNumber, NumberFormat, count, percent, signed
from thbstats.geography import COMPOSITIONS
from thbstats.languages import CountryName, Day, Message, capitalised, joined
from thbstats.panel import CountKind, Result, ResultKind, Severity, Status
from thbstats.panel.category_names import country_or_code, dimension_name, lowered, with_article
from thbstats.panel.kind import CHANGES, NOT_BOUNDED
from thbstats.panel.names import categories_of, inhabitants_details, inhabitants_name
from thbstats.passports.facts import PERIODS, UNITLESS, Facts
from thbstats.passports.figure_names import (
    LISTED,
    TEXTS,
    area_label,
    countries_label,
    is_listed,
    listed_once,
    noun_of,
    period_label,
    persons_of,
    phrase,
    units_of,
)
from thbstats.rules import compare
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

_NAMED = 10
"""A statement names so many countries; the coverage names more."""

_NAMES: Mapping[str, str] = TEXTS["names"]


def _share_refusals(figure: Facts) -> Iterator[str]:
    base = figure.result.base
    if base.rule in ("known", "not_stated") and not figure.is_comparison:
        yield base.rule
    if base.rule == "responses" or base.overlap is Overlap.OVERLAPPING:
        yield "overlapping"


def _ratio_refusals(figure: Facts) -> Iterator[str]:
    if figure.result.numerator_kind != figure.result.denominator_kind:
        yield "flows"


def _count_refusals(figure: Facts) -> Iterator[str]:
    if "DOUBLE_COUNTING" in figure.result.limitations.codes:
        yield "double"


def _change_refusals(figure: Facts) -> Iterator[str]:
    if figure.differs:
        yield "countries_differ"
    yield "contribution" if figure.form == "contribution" else "change"


def _measure_refusals(figure: Facts) -> Iterator[str]:
    yield "unit"


def _lists_refusals(figure: Facts) -> Iterator[str]:
    indicator = figure.result.indicator
    if indicator in TEXTS["refusals"]:
        yield indicator
    elif indicator.startswith("lists."):
        yield "assumption"


class _Form(NamedTuple):
    """The texts of a form of figure, by key."""

    comparison: str
    refusals: Callable[[Facts], Iterator[str]]
    counts: str = ""
    small: str = ""  # the sentence with two counts in place of a share or ratio


_FORMS = {
    "share": _Form("share", _share_refusals, "share", "share_small"),
    "concentration": _Form("share", _share_refusals, "share", "concentration_small"),
    "agreement": _Form("agreement", _share_refusals, small="agreement"),
    "agreement_measure": _Form("agreement", _measure_refusals),
    "ratio": _Form("ratio", _ratio_refusals, "ratio", "ratio_small"),
    "per_100": _Form("ratio", _ratio_refusals, "ratio", "ratio_small"),
    "rate": _Form("rate", _count_refusals, "rate"),
    "change": _Form("change", _change_refusals, "change"),
    "difference": _Form("change_of_share", _change_refusals),
    "contribution": _Form("contribution", _change_refusals),
    "decomposed": _Form("change_of_share", _change_refusals),
    "measure": _Form("measure", _measure_refusals),
    "lists": _Form("lists", _lists_refusals),
    "count": _Form("count", _count_refusals),
    "per_year": _Form("count", _count_refusals),
}


def _is_vague(number: Interval) -> bool:
    """Return whether the bounds of a count are too far apart to inform a reader."""
    return number.upper is None or number.upper > 4 * ((number.lower or 0) + 1)


def _published_bound(lower: Fraction) -> str:
    """Return the percentage that was published as a lower bound, from its rounded bound."""
    halves = {decimals: Fraction(1, 200 * 10**decimals) for decimals in range(4)}
    exact = (n for n, half in halves.items() if (lower + half) * 100 * 10**n % 1 == 0)
    decimals = next(exact, 3)
    return percent(lower + halves[decimals], decimals)


@frozen(slots=False, eq=False)
class FigureText(Facts):
    """A figure with its texts and the values of their parameters.

    Parameters
    ----------
    result : Result
        The result.
    """

    def message(self, table: str, key: str, /, **more: object) -> str:
        """Return a text of a table of texts with the values of this figure."""
        return Message(TEXTS[table][key], **{**self.values, **more})

    def applying(self, table: str, conditions: Mapping[str, object]) -> Iterator[str]:
        """Yield the texts whose conditions are true."""
        yield from (self.message(table, key) for key, holds in conditions.items() if holds)

    # Numbers

    def number(self, number: Interval, *, has_counts: bool = True) -> str:
        """Return a number of this figure as text; empty if its bounds hold for any data.

        The counts replace a small share only if it has the denominator of the figure.
        """
        kind, whole = self.result.kind, self.result.denominator.value
        text = kind.format_value(number, self.result.denominator)
        if text == NOT_BOUNDED:
            return ""
        if has_counts and self.is_small and kind is ResultKind.SHARE and whole is not None:
            cases = (None if end is None else whole * end for end in (number.lower, number.upper))
            return phrase("n_of_total", n=count(Interval(*cases)), total=count(whole))
        if kind is not ResultKind.DIFFERENCE:
            return text
        ends = (None if own is None else Fraction(own) for own in (number.lower, number.upper))
        points = (None if own is None or abs(own) >= 1 else 100 * own for own in ends)
        return phrase("percentage_points", n=signed(Interval(*points), 1))

    @cached_property
    def bounds(self) -> str:
        """The possible range as text; empty if it holds for any data."""
        if self.is_not_applicable:
            return ""
        result, wide = self.result, self.result.bounds_with_unknown
        if self.is_small and wide == result.value:
            return self.value
        # With missing countries or unknown persons, the bounds have a larger denominator.
        has_counts = not self.has_value or not (self.n_missing or self.has_other_range)
        return self.number(wide, has_counts=has_counts)

    @cached_property
    def value(self) -> str:
        """The value as text, or the bounds without a value."""
        result, value, printed = self.result, self.result.value, self.result.printed
        if printed is not None:
            exact, form = printed.digits * printed.unit, NumberFormat("percent", printed.decimals)
            return FormattedNumber(printed.printed, exact, form)
        if self.is_published and value is not None:
            return phrase("at_least", value=_published_bound(Fraction(value.lower or 0)))
        if self.is_small and value is not None:
            return phrase("n_of_total", n=count(result.numerator), total=count(result.denominator))
        number = result.bounds if value is None and result.status is Status.BOUNDED else value
        return (number and self.number(number)) or phrase("none")

    # Values of the parameters of texts

    @cached_property
    def values(self) -> dict[str, object]:
        """The values of the parameters of texts, by the names in ``sentences.toml``."""
        result, area, label = self.result, area_label(self.result.area), str(self.result.label)
        values: dict[str, object] = {
            "area": area, "Area": capitalised(area), "period": period_label(result.period),
            "value": self.value, "bounds": self.bounds or phrase("not_bounded"),
            "n": count(result.numerator), "total": count(result.denominator),
            "unknown": "" if result.unknown is None else count(result.unknown),
            "scale": count(result.kind.scale), "largest": self._largest,
            "measure": _NAMES.get(label, result.label), "estimand": lowered(result.estimand),
        }  # fmt: skip
        # Names consist of the values above them: the name of a change has that of a share.
        values |= self._nouns(area) | self._countries(area)
        key = "concentration" if result.indicator == "concentration" else "share"
        is_count = result.kind in CHANGES
        values["share"] = values["first"] if is_count else Message(_NAMES[key], **values)
        values |= self._periods()
        values["name"] = self._name(values)
        return values | {"Name": capitalised(cast("str", values["name"]))}

    def _name(self, values: Mapping[str, object]) -> object:
        """Return the name of the figure."""
        indicator = str(self.result.indicator)
        if self.form == "lists":
            is_known = indicator in _NAMES and indicator.startswith("lists.")
            # A number of all persons has its assumption, without the result of the test.
            stated = getattr(self.result.estimand, "parameters", {}).get("condition", "")
            own = {**values, "condition": stated or self.result.label}
            return Message(_NAMES[indicator], **own) if is_known else self.result.estimand
        return Message(_NAMES[self.form], **values)

    def _nouns(self, area: str) -> dict[str, object]:
        """Return the names of the counts, and of the persons in the numerator of a share.

        For girls among the children in the register, the persons are "girls", and the counts
        "registered victims (children)".
        """
        result, base, within = self.result, self.result.base, dict(self.result.base.within)
        kinds = [result.numerator_kind, result.denominator_kind]
        if result.status is Status.AMBIGUOUS:  # rows of several kinds of count
            kinds = [CountKind(own.kind, ()) for own in kinds]
        units = units_of(kinds[1])
        # 1. The persons: the categories of the numerator that the denominator does not have.
        category = categories_of(result)
        own = {name: code for name, code in category.items() if name not in within}
        # Among children, the female persons are girls.
        person = {name: within[name] for name in ("sex", "age") if name in within}
        is_person = units == "persons" and {"sex", "age"} & {*own}
        persons = persons_of(person | own if is_person else own, kinds[1])
        if not persons or self.is_of_area:
            persons = Message(TEXTS["persons"]["area"], units=units, area=area)
        # 2. The counts, with the categories and the rule of the denominator in brackets.
        details = [persons_of(within, kinds[1])]
        if base.rule == "not_stated":
            details.append(phrase(base.rule))
        elif base.rule.startswith("lag_"):
            key = base.rule if base.rule == "lag_1" else "lag"
            details.append(phrase(key, n=base.rule.removeprefix("lag_")))
        is_count = result.kind in (ResultKind.COUNT, ResultKind.RATIO)
        divided = base.dimension or (within | category if is_count else ())
        names = joined(map(dimension_name, divided))
        everyone = second = noun_of(kinds[1]).with_details(details)
        if base.rule in ("known", "responses"):
            second = second.of_known(base.rule, names)
        noun = first = noun_of(kinds[0])
        if result.kind not in (ResultKind.SHARE, ResultKind.DIFFERENCE, *UNITLESS):
            first = noun.with_details([persons_of(category, kinds[0])])
        # 3. The persons for which a figure stands: not all victims of trafficking.
        counted = noun
        if self.form in ("count", "per_year", "rate"):
            counted = first
        elif self.form == "share" and base.rule != "not_stated":
            counted = everyone
        key = "inhabitants" if result.period.years == 1 else "person_years"
        people, described = phrase(key, n=count(result.denominator)), inhabitants_details(result)
        if described:
            people = phrase("described", people=people, details=described)
        return {
            "units": units, "noun": noun.plural, "first": first.plural, "second": second.plural,
            "part_of": second.part_of, "everyone": everyone.plural, "persons": persons,
            "counted": counted.plural, "people": people, "inhabitants": inhabitants_name(result),
            "dimensions": names,
            "by": phrase("by", dimensions=names) if base.dimension else phrase("by_country"),
        }  # fmt: skip

    def _countries(self, area: str) -> dict[str, object]:
        """Return the countries in the figure, other countries, and the place with their number."""
        result, members, hidden = self.result, self.result.area.members, self.result.suppression
        inside = result.n_reporters if self.inside is None else len(self.inside)
        location, some = area, {"n": count(inside or 0), "total": count(len(members))}
        named = countries_label(self.inside or ())
        if inside and inside < len(members) and self.has_value:
            is_list = is_listed(result.area)
            # The label of a list and of an area of the user has no article.
            is_named = result.area.code in COMPOSITIONS or isinstance(area, CountryName | Message)
            is_named &= not is_list
            key = "some_world" if result.area.code == "WORLD" else "some"
            location = phrase(key if is_named else "some_listed", area=area, **some)
            if is_list and self.inside and inside <= _NAMED:
                location = named
        breaks = (
            phrase("break", country=country_or_code(own), period=when)
            for own, when in sorted(result.breaks)
        )
        listed, n = countries_label(self.missing), count(self.n_missing)
        is_short = listed and len(self.missing) <= _NAMED
        doubtful, few = countries_label(self.doubtful), len(self.doubtful) <= _NAMED
        checked = {own.area for own in result.contradictions} - self.doubtful
        return {
            "place": location, "members": countries_label(members), "breaks": listed_once(breaks),
            "total_members": some["total"], "n_inside": some["n"], "inside": named,
            "missing_all": listed, "missing": listed if is_short else n,
            "n_missing": n, "doubtful_all": doubtful,
            "doubtful": doubtful if few else phrase("countries", n=count(len(self.doubtful))),
            "checked": countries_label(checked),
            "differing": countries_label(self.differing),
            "suppressed": countries_label(hidden.areas if hidden else ()),
            "n_suppressed": count(hidden.cells if hidden else 0),
        }  # fmt: skip

    def _periods(self) -> dict[str, object]:
        """Return the periods of a change."""
        own: dict[str, object] = {}
        if self.sides:
            old, new = self.sides
            own = {"old": old.values["period"], "new": new.values["period"]}
            own |= {"before": old.value, "after": new.value}
        elif self.form in ("agreement", "agreement_measure"):  # of rankings of two periods
            return {"period": phrase("two_rankings")}
        elif self.form in ("contribution", "decomposed"):
            ends = PERIODS.search(str(self.whole.result.label))
            first, last = ("", "") if ends is None else ends.groups()
            whole = self.whole
            is_joint = self.form == "contribution" and not self.differs
            location = whole.values["place"] if is_joint else area_label(whole.result.area)
            own = {"old": first, "new": last, "whole": location}
        if own:
            own["period"] = phrase("days", first=own["old"], last=own["new"])
        return own

    @cached_property
    def _largest(self) -> str:
        """The countries or categories of a concentration."""
        digits = re.search(r"the (\d+) largest", str(self.result.label))
        if digits is None:
            return with_article(country_or_code(str(self.result.label)))
        if self.result.base.dimension:
            return phrase("largest_categories", n=digits[1])
        return phrase("one_largest" if digits[1] == "1" else "largest", n=digits[1])

    # Lines below the title

    @cached_property
    def location(self) -> str:
        """The place of the value, with the number of its countries if others are missing."""
        key = "area" if self.differs else "place"
        return capitalised(cast("str", self.values[key]))

    @cached_property
    def title(self) -> str:
        """The name of the figure."""
        return cast("str", self.values["Name"])

    @cached_property
    def counts(self) -> str:
        """The counts of the figure with their names; empty for a count."""
        result, has_counts = self.result, (Status.BOUNDED, Status.UNDEFINED)
        if not self.has_value and result.status not in has_counts:
            return ""
        if any(_is_vague(own) for own in (result.numerator, result.denominator)):
            return ""
        key = _FORMS[self.form].counts
        return self.message("counts", key) if key else ""

    @cached_property
    def caution(self) -> str:
        """The advice of the most severe warnings; empty without warnings."""
        for level in reversed(Severity):
            titles = [lowered(own.title) for own in self.result.warnings if own.severity is level]
            if titles:
                key = "blocking" if self.differs and self.form != "contribution" else level
                return self.message("cautions", key, titles=[*dict.fromkeys(titles)])
        return ""

    @cached_property
    def possible(self) -> str:
        """The possible range with its reasons."""
        result, wide, unknown = self.result, self.result.bounds_with_unknown, self.result.unknown
        if result.status is Status.UNDEFINED:
            return self.message("ranges", "undefined")
        if self.is_not_applicable:
            return self.message("ranges", "not_applicable")
        if result.indicator in ("lists.model", "lists.models"):
            return self.message("ranges", result.indicator)
        if result.value == wide and wide.is_point:
            return self.message("ranges", "exact")
        key = "plain" if result.area.members else "no_area"
        if self.has_other_range:
            key = "known_change" if self.is_comparison else "known"
        span = self.message("ranges", key)
        if not self.has_value and not self.bounds:  # the sentence of the status has the reason
            return span
        is_stated = result.base.rule != "not_stated"
        is_wider = wide != result.bounds and (unknown is None or unknown.upper != 0) and is_stated
        is_counted = unknown is not None and unknown.upper is not None
        # A change has the unknown persons of two periods.
        is_counted &= not self.is_comparison
        conditions = {
            "rounded": result.printed is not None,
            "not_stated": not is_stated,
            "missing": self.has_value and self.n_missing and self.is_of_countries,
            "suppressed": result.suppression,
            "unknown": is_wider and is_counted,
            "some_unknown": is_wider and not is_counted and self.values["dimensions"],
            "contradictory": self.doubtful,
            "differing": self.differing,
        }
        reasons = listed_once(self.applying("ranges", conditions))
        return self.message("ranges", "reasons", range=span, reasons=reasons) if reasons else span

    # Sections

    def sentences(self) -> Iterator[str]:
        """Yield the sentences that the figure supports."""
        result = self.result
        if result.status is Status.UNDEFINED:
            yield self.message("sentences", "undefined")
        elif not self.has_value:
            yield from self._without_value()
        elif self.differs and self.sides:
            for side in self.sides:
                first, *others = side.sentences()
                yield first
                when = period_label(side.result.period)
                yield from (phrase("dated", period=when, text=text) for text in others)
        elif self.differs and self.form != "contribution":
            yield self.message("sentences", "countries_differ")
        else:
            key = "measure" if self.form == "lists" else self.form
            if self.is_small:
                key = _FORMS[self.form].small
            if self.is_published:
                key = "share_of_area" if self.is_of_area else "share_published"
            yield self.message("sentences", key)
            if self.differs:
                yield self.message("coverage", "differ")
            if hasattr(result.panel, "ranks"):
                rank, ranking = result.panel.ranks[result.position], lowered(result.panel.caption)
                yield self.message("sentences", "rank", rank=count(rank), ranking=ranking)
            if result.value != result.bounds_with_unknown and self.bounds:
                key = "possible_known" if self.has_other_range else "possible"
                is_change = self.has_other_range and self.is_comparison
                yield self.message("sentences", f"{key}_change" if is_change else key)

    def _without_value(self) -> Iterator[str]:
        """Yield the reason why a figure has no value, and its bounds."""
        if self.form == "lists" and self.bounds:
            is_models = self.result.indicator == "lists.models"
            yield self.message("sentences", "models" if is_models else "lists_bounds")
            return
        code = "not_applicable" if self.is_not_applicable else self.result.status.code
        code = "open" if self.result.value is not None else code
        reason = TEXTS["status"].get(code, TEXTS["status"]["bounded"])
        key = "unavailable" if self.result.area.members else "unavailable_lists"
        yield self.message("sentences", key, reason=Message(reason))
        if self.bounds:
            yield self.message("sentences", "allowed")

    def refusals(self) -> Iterator[str]:
        """Yield statements that the figure does not support, each with the reason."""
        result, wide = self.result, self.result.bounds_with_unknown
        of_form = [*_FORMS[self.form].refusals(self)]
        if result.status is Status.UNDEFINED:
            keys = ["undefined", *of_form]
        elif not self.has_value:
            ends = None not in (wide.lower, wide.upper)
            keys = [] if self.bounds and (wide.lower or 0) > 0 else ["zero"]
            keys += ["bound" if ends else "one_bound"] if self.bounds else []
            keys += of_form if self.form == "lists" else []
        else:
            status = result.numerator_kind.get("status")
            is_victims = result.numerator_kind.kind == "victims" and status is not None
            is_open = not result.value_or_bounds.is_point and not self.is_published
            is_partial = self.n_missing and self.is_of_countries and not self.differs
            keys = ["incomplete"] if is_partial else []
            keys += [*(["small"] if self.is_small else []), *of_form]
            keys += ["short"] if self.form == "count" and result.period.is_part_of_year else []
            keys += ["interval"] if is_open else []
            keys += ["victims"] if is_victims and not self.is_comparison else []
        yield from (capitalised(self.message("refusals", key)) for key in keys or ["other"])

    def comparisons(self, published: Result | None) -> Iterator[str]:
        """Yield the figures that are comparable with the figure, and other figures that are not."""
        result, rule = self.result, self.result.base.rule
        is_share = self.form in ("share", "difference") and result.base.dimension
        is_victims = result.numerator_kind.kind == "victims"
        conditions = {
            _FORMS[self.form].comparison: True,
            **{name: is_share and rule == name for name in ("all", "known")},
            "status": is_victims and result.numerator_kind.get("status"),
            "countries": self.inside != frozenset() and self.n_missing and not self.differs,
            "breaks": result.breaks,
        }
        yield from self.applying("comparisons", conditions)
        if published is not None:
            comparison = compare(result, published)
            pair = (own for own in comparison.warnings if own.scope == "pair")
            titles = [*dict.fromkeys(lowered(own.title) for own in pair)]
            yield self.message(
                "comparisons", "published_reasons" if titles else "published", titles=titles,
                published=FigureText(published).value, verdict=comparison.verdict.label,
            )  # fmt: skip

    def coverage(self) -> Iterator[str]:
        """Yield the countries that are in the figure, and the countries that are not."""
        if self.form in ("contribution", "decomposed"):  # the panel has the later period only
            yield from self.whole.dated_coverage()
            if self.differs:
                yield self.message("coverage", "differ")
        elif self.differs:
            for side in self.sides:
                yield from side.dated_coverage()
        else:
            yield from self._covered()

    def dated_coverage(self) -> Iterator[str]:
        """Yield the countries in the figure and other countries, with the period of the figure."""
        for text in self._covered():
            yield phrase("dated", period=period_label(self.result.period), text=text)

    def _covered(self) -> Iterator[str]:
        result, n, inside = self.result, len(self.result.area.members), self.inside
        is_listed_here = bool(inside) and n != 1
        conditions = {
            "no_area": not n and not result.n_reporters,
            "no_figure": n == 1 and inside == frozenset() and self.form != "lists",
            "single": n == 1 and (inside != frozenset() or self.form == "lists"),
            "nobody": n > 1 and inside == frozenset(),
            "unlisted": n > 1 and not result.n_reporters and inside is None,
            "number": n > 1 and inside is None and result.n_reporters,
            "many": is_listed_here and n > LISTED,
            "inside": is_listed_here and n <= LISTED,
            "outside": is_listed_here and n <= LISTED and self.missing,
            "contradictory": self.doubtful,
            "suppressed": result.suppression,
            "derived": result.derived,
        }
        yield from self.applying("coverage", conditions)

    def sources(self) -> Iterator[str]:
        """Yield the distinct sources with their sections."""
        sections: dict[tuple[str, ...], dict[str, None]] = {}
        for source in self.result.all_sources:
            day = [] if source.published is None else [Day(source.published)]
            key = (source.title, source.document, source.publisher, *day)
            sections.setdefault(tuple(filter(None, key)), {})[source.section] = None
        for key, names in sections.items():
            named = ", ".join(filter(None, names))
            part = [self.message("sources", "section", section=named)] if named else []
            yield listed_once([*key, *part])
        if not sections:
            has_counts = self.result.status is not Status.NO_DATA
            yield self.message("sources", "none" if has_counts else "no_counts")

    def limitations(self) -> Iterator[str]:
        """Yield the distinct warnings and limitations with their titles."""
        texts: dict[tuple[str, str, str], set[str]] = {}
        for own in (*self.result.warnings, *self.result.limitations):
            # A contradiction names cells by their codes; a reader needs the countries.
            is_named = own.code == "CONTRADICTED" and bool(self.result.contradictions)
            named = "doubtful" if self.doubtful else "checked"
            key = named if is_named else "limitation"
            text = "" if is_named else capitalised(_with_countries(own.message))
            periods = texts.setdefault((key, own.title, text), set())
            periods |= {value for name, value in own.evidence if name == "period"}
        for (key, title, text), periods in texts.items():
            # A property of one of two numbers has its period.
            is_dated = len(periods) == 1
            dated = phrase("dated", period=min(periods), text=text) if is_dated else text
            yield self.message("sources", key, title=title, text=dated)
        if not texts and self.result.indicator == "lists.model":
            yield self.message("ranges", "lists.model")
        elif not texts:
            yield self.message("sources", "no_limitation" if self.has_value else "no_value")


def _with_countries(message: str) -> str:
    """Return a message with names of countries in place of codes."""
    if type(message) is not Message:
        return message
    names = {
        name: with_article(country_or_code(own)) if own.isupper() else own
        for name, own in message.parameters.items()
    }
    return Message(message.template, **names)
