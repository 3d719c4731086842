"""Sentences of passports: what a figure is, what it supports and what it does not support.

All texts are in ``sentences.toml``. `FigureText` has the values of their parameters, decides which
texts apply to a figure, and fills them in. A new form of figure needs a row in `_FORMS`, and a name
and a sentence of this key in ``sentences.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, cast

from attrs import frozen

from thbstats._files import package_text
from thbstats._properties import cached_property
from thbstats.display import FormattedNumber, NumberFormat, count, percent, signed
from thbstats.geography import COMPOSITIONS, Area
from thbstats.geography.countries import read_regions
from thbstats.languages import CountryName, Day, Message, capitalised, joined
from thbstats.panel import CountKind, Result, ResultKind, Severity, Status
from thbstats.panel.category_names import (
    categories_name,
    category_name,
    country_or_code,
    dimension_name,
    lowered,
    with_article,
)
from thbstats.panel.context import INFORMATION
from thbstats.panel.kind import CHANGES, NOT_BOUNDED
from thbstats.rules import compare
from thbstats.values import Certainty, Interval, Period
from thbstats.vocabulary import Offence, Overlap

TEXTS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    package_text("thbstats.passports", "sentences.toml")
)
"""The texts of passports in English, by table and key."""


def phrase(key: str, /, **values: object) -> str:
    """Return a phrase with its parameters."""
    return Message(TEXTS["phrases"][key], **values)


def heading(key: str, /, **values: object) -> str:
    """Return a heading with its parameters."""
    return Message(TEXTS["headings"][key], **values)


@frozen
class Noun:
    """The name of counts: "registered victims" and "of registered victims"."""

    plural: str
    part_of: str

    def of_known(self, rule: str, dimensions: str) -> "Noun":
        """Return the name of persons of known category, or of responses."""
        own = {"noun": self.plural, "dimensions": dimensions}
        if rule == "known":
            return Noun(phrase(rule, **own), phrase(rule, **own | {"noun": self.part_of}))
        return Noun(phrase(rule, **own), phrase(f"of_{rule}", **own))

    def with_details(self, details: Iterable[str]) -> "Noun":
        """Return the name with details in brackets."""
        listed = _listed(filter(None, details))
        if not listed:
            return self
        both = (phrase("details", noun=own, details=listed) for own in (self.plural, self.part_of))
        return Noun(*both)


def noun_of(kind: CountKind) -> Noun:
    """Return the name of a kind of count."""
    nouns, unit = TEXTS["nouns"], kind.get("unit") or "counts"
    unit = "amounts of money" if unit == "money" else unit
    plural: str = Message(unit if unit in nouns["units"] else "counts")
    if kind.kind == "victims" or kind.get("stage"):
        own = [pair for pair in kind.attributes if pair[0] in ("status", "stage", "unit")]
        plural = CountKind(kind.kind, own).label
    part_of = f"of {plural}"
    is_known = part_of in nouns["part_of"]
    noun = Noun(plural, Message(part_of) if is_known else Message(nouns["other"], noun=plural))
    stated = {name: kind.get(name) for name in ("body", "kind", "measure", "outcome", "register")}
    if kind.get("offence") == Offence.USE_OF_SERVICES:
        stated["offence"] = Offence.USE_OF_SERVICES
    details = [
        lowered(category_name(name, code))
        for name, code in stated.items()
        if code not in (None, "all", unit)
    ]
    return noun.with_details([*details, *kind.further.split(", ")])


def persons_of(category: Mapping[str, Any]) -> str:
    """Return the persons of some categories; empty for none."""
    own, known, parts = {name: str(code) for name, code in category.items()}, TEXTS["persons"], []
    person = {name: own[name] for name in ("sex", "age") if own.get(name) not in (None, "unknown")}
    if person and f"sex {own.get('sex')}" not in known:
        parts.append(lowered(categories_name(person)))
        own = {name: code for name, code in own.items() if name not in person}
    for name, code in own.items():
        title = dimension_name(name)
        if f"{name} {code}" in known:
            parts.append(Message(known[f"{name} {code}"]))
        elif code == "unknown":
            parts.append(Message(known["unknown"], dimensions=title))
        elif name in ("age", "citizenship"):
            parts.append(lowered(category_name(name, code)))
        else:
            label = lowered(category_name(name, code))
            parts.append(Message(known["category"], label=label, dimension=title))
    if len(parts) < 2:
        return parts[0] if parts else ""
    return phrase("details", noun=parts[0], details=_listed(parts[1:]))


LISTED = 40
"""A passport lists so many countries, which fit on its page."""


def countries_label(codes: Iterable[str]) -> str:
    """Return the names of countries in alphabetical order, or their number if there are many."""
    own = sorted(map(country_or_code, codes))
    if len(own) > LISTED:
        return phrase("countries", n=count(len(own)))
    return joined(map(with_article, own))


def area_label(area: Area) -> str:
    """Return the name of an area, with an article in English where it needs one."""
    label = area.label
    if not area.members:
        return phrase("no_area")
    base, _, removed = area.code.partition(" without ")
    if removed:
        codes = removed.split(", ")
        label, members = label.partition(" without ")[0], area.members | {*codes}
        whole = COMPOSITIONS.get(base, Area(code=base, label=label, members=members))
        return phrase("without", area=area_label(whole), countries=countries_label(codes))
    if area.code in COMPOSITIONS:
        is_named = area.code in TEXTS["phrases"]
        return phrase(area.code if is_named else "composition", n=str(len(area.members)))
    if area.code == "WORLD":
        return phrase("world")
    if len(area.members) > 1 and is_listed(area):
        return countries_label(area.members)
    regions = {own.name: own.m49 for own in read_regions().values()}
    return CountryName(label, regions[label]) if label in regions else with_article(label)


def is_listed(area: Area) -> bool:
    """Return whether the code of an area is the list of its members."""
    return area.code == "+".join(sorted(area.members))


def period_label(period: Period) -> str:
    """Return a period in words."""
    if period.start is None:
        return phrase("no_period")
    text = str(period).lstrip("~")
    if "/" in text:
        first, last = text.split("/")
        text = phrase("days", first=first, last=last)
    return phrase("about", period=text) if period.certainty is Certainty.APPROXIMATE else text


_SMALL = 20
"""A share or ratio with a smaller denominator is written as its two counts."""

_NAMED = 10
"""A statement names so many missing countries; the coverage names more."""

_NAMES: Mapping[str, str] = TEXTS["names"]

_PERIODS = re.compile(r"(\S+) to (\S+)(?: without .*)?$")
"""The two periods at the end of the label of a change."""

_UNITLESS = (ResultKind.INDEX, ResultKind.CORRELATION, ResultKind.EFFECTIVE_NUMBER)


class _Form(NamedTuple):
    """The texts of a form of figure, by key: what it is comparable with, its counts, two counts."""

    comparison: str
    counts: str = ""
    small: str = ""  # the sentence with two counts in place of a share or ratio


_FORMS = {
    "share": _Form("share", "share", small="share_small"),
    "concentration": _Form("share", "share", small="concentration"),
    "agreement": _Form("measure", small="agreement"),
    "ratio": _Form("ratio", "ratio", small="ratio_small"),
    "per_100": _Form("ratio", "ratio", small="ratio_small"),
    "rate": _Form("rate", "rate"),
    "change": _Form("change", "change"),
    "difference": _Form("share"),
    "decompose": _Form("share"),
    "decomposed": _Form("share"),
    "measure": _Form("measure"),
    "lists": _Form("measure"),
    "count": _Form("count"),
    "per_year": _Form("count"),
}
_FORM_OF_KIND = {
    **dict.fromkeys(_UNITLESS, "measure"),
    **dict.fromkeys(CHANGES, "change"),
    **dict.fromkeys((ResultKind.PER_100_000, ResultKind.PER_MILLION), "rate"),
}
_CHANGED = ("change", "difference", "decomposed")
"""The forms of changes."""


def _is_vague(number: Interval) -> bool:
    """Return whether the bounds of a count are too far apart for a reader."""
    return number.upper is None or number.upper > 4 * ((number.lower or 0) + 1)


def _listed(items: Iterable[str]) -> str:
    return joined(dict.fromkeys(items), last=", ")


def _published_bound(lower: Fraction) -> str:
    """Return the percentage that was published as a lower bound, from the bound of its rounding."""
    halves = {decimals: Fraction(1, 200 * 10**decimals) for decimals in range(4)}
    exact = (n for n, half in halves.items() if (lower + half) * 100 * 10**n % 1 == 0)
    decimals = next(exact, 3)
    return percent(lower + halves[decimals], decimals)


@frozen(slots=False, eq=False)
class FigureText:
    """A result with the values of its sentences.

    Parameters
    ----------
    result : Result
        The result.
    """

    result: Result

    def message(self, table: str, key: str, /, **more: object) -> str:
        """Return a text of a table of texts with the values of this figure."""
        return Message(TEXTS[table][key], **{**self.values, **more})

    def applying(self, table: str, conditions: Mapping[str, object]) -> Iterator[str]:
        """Yield the texts of the conditions that hold."""
        yield from (self.message(table, key) for key, holds in conditions.items() if holds)

    @cached_property
    def form(self) -> str:
        """The form of the figure: a key of `_FORMS`, and of the names and sentences."""
        indicator, kind, panel = self.result.indicator, self.result.kind, self.result.panel
        if indicator.startswith("lists."):
            return "lists"
        if kind is ResultKind.SHARE and indicator in ("agreement", "concentration"):
            return indicator
        if indicator == "decompose" and hasattr(panel, "change"):
            return "decompose"
        if kind in (*CHANGES, ResultKind.DIFFERENCE) and not hasattr(panel, "earlier"):
            return "decomposed" if _PERIODS.search(str(self.result.label)) else "lists"
        return _FORM_OF_KIND.get(kind, str(kind))

    @cached_property
    def is_published(self) -> bool:
        """Whether the figure is published and not calculated."""
        return self.result.indicator == "printed"

    @cached_property
    def is_of_area(self) -> bool:
        """Whether the figure is the share of a country in the counts of a publication."""
        return self.is_published and self.result.label == self.result.area.code

    @cached_property
    def is_small(self) -> bool:
        """Whether the two counts replace a share or ratio."""
        base, is_quotient = self.result.denominator.upper, bool(_FORMS[self.form].small)
        return is_quotient and not self.is_published and base is not None and base < _SMALL

    @cached_property
    def sides(self) -> "tuple[FigureText, FigureText]":
        """The earlier and the later number of a change."""
        panel: Any = self.result.panel
        own = (side.row(self.result.position) for side in (panel.earlier, panel.later))
        first, second = map(FigureText, own)
        return first, second

    @cached_property
    def whole(self) -> "FigureText | None":
        """The change to which a figure contributes."""
        return FigureText(self.result.panel.change) if self.form == "decompose" else None  # type: ignore[attr-defined]

    @cached_property
    def differs(self) -> bool:
        """Whether the two numbers of a change come from different countries."""
        if self.form not in ("change", "difference"):
            return False
        old, new = (side.result.reporters for side in self.sides)
        return None not in (old, new) and old != new

    @cached_property
    def inside(self) -> frozenset[str] | None:
        """The members of the area that are in the value; `None` if they are not listed."""
        result = self.result
        if result.value is None and result.status is not Status.UNDEFINED:
            return frozenset()
        return None if result.reporters is None else result.area.members & result.reporters

    @cached_property
    def missing(self) -> frozenset[str]:
        """The members of the area that are not in the value."""
        return frozenset() if self.inside is None else self.result.area.members - self.inside

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The countries with contradictory counts."""
        contradictions = self.result.contradictions
        return frozenset(own.area for own in contradictions if own.code not in INFORMATION)

    def number(self, number: Interval) -> str:
        """Return a number of this figure as text; empty if its bounds hold for any data."""
        kind, whole = self.result.kind, self.result.denominator.value
        text = kind.format_value(number, self.result.denominator)
        if text == NOT_BOUNDED:
            return ""
        if self.is_small and kind is ResultKind.SHARE and whole is not None:
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
        is_counts = self.is_small and self.result.bounds_with_unknown == self.result.value
        return self.value if is_counts else self.number(self.result.bounds_with_unknown)

    @cached_property
    def value(self) -> str:
        """The value as text, or the bounds without one."""
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
            "measure": _NAMES.get(label, label),
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
            return Message(_NAMES[indicator], **values) if is_known else self.result.estimand
        if indicator == "agreement" and self.form == "measure":  # has no counts
            is_index = self.result.kind is ResultKind.INDEX
            return Message(_NAMES["overlap"]) if is_index else values["measure"]
        return Message(_NAMES[self.form], **values)

    def _nouns(self, area: str) -> dict[str, object]:
        """Return the names of the counts, and of the persons in the numerator of a share.

        For girls among the children in the register, the persons are "girls", and the counts
        "registered victims (children)".
        """
        result, base, within = self.result, self.result.base, dict(self.result.base.within)
        # 1. The persons: the categories of the numerator that the denominator does not have.
        own = {name: code for name, code in result.category if name not in within}
        # Among children, the female persons are girls.
        person = {name: within[name] for name in ("sex", "age") if name in within}
        persons = persons_of(person | own if {"sex", "age"} & {*own} else own)
        if not persons or self.is_of_area:
            persons = Message(TEXTS["persons"]["area"], area=area)
        # 2. The counts, with the categories and the rule of the denominator in brackets.
        details = [persons_of(within)]
        if base.rule == "not_stated":
            details.append(phrase(base.rule))
        elif base.rule.startswith("lag_"):
            key = base.rule if base.rule == "lag_1" else "lag"
            details.append(phrase(key, n=base.rule.removeprefix("lag_")))
        divided = base.dimension or (own if result.kind is ResultKind.COUNT else ())
        names = joined(map(dimension_name, divided))
        kinds = [result.numerator_kind, result.denominator_kind]
        if result.status is Status.AMBIGUOUS:  # rows of several kinds of count
            kinds = [CountKind(own.kind, ()) for own in kinds]
        everyone = second = noun_of(kinds[1]).with_details(details)
        if base.rule in ("known", "responses"):
            second = second.of_known(base.rule, names)
        noun = first = noun_of(kinds[0])
        if result.kind not in (ResultKind.SHARE, ResultKind.DIFFERENCE, *_UNITLESS):
            first = noun.with_details([persons_of(dict(result.category))])
        people = "inhabitants" if result.period.years == 1 else "person_years"
        return {
            "noun": noun.plural, "first": first.plural, "second": second.plural,
            "part_of": second.part_of, "everyone": everyone.plural, "persons": persons,
            "people": phrase(people, n=count(result.denominator)), "dimensions": names,
            "by": phrase("by", dimensions=names) if base.dimension else phrase("by_country"),
        }  # fmt: skip

    def _countries(self, area: str) -> dict[str, object]:
        """Return the countries in the figure and others, and the place with their number."""
        result, members, hidden = self.result, self.result.area.members, self.result.suppression
        inside = result.n_reporters if self.inside is None else len(self.inside)
        location, some = area, {"n": count(inside or 0), "total": count(len(members))}
        if inside and inside < len(members) and result.value is not None:
            # The label of a list and of an area of the user has no article.
            is_named = result.area.code in COMPOSITIONS or isinstance(area, CountryName | Message)
            is_named &= not is_listed(result.area)
            location = phrase("some" if is_named else "some_listed", area=area, **some)
        breaks = (
            phrase("break", country=country_or_code(own), period=when)
            for own, when in sorted(result.breaks)
        )
        listed, n = countries_label(self.missing), count(len(self.missing))
        return {
            "place": location, "members": countries_label(members), "breaks": _listed(breaks),
            "total_members": some["total"], "n_inside": some["n"],
            "inside": countries_label(self.inside or ()), "missing_all": listed,
            "missing": listed if len(self.missing) <= _NAMED else n, "n_missing": n,
            "doubtful": countries_label(self.doubtful),
            "suppressed": countries_label(hidden.areas if hidden else ()),
            "n_suppressed": count(hidden.cells if hidden else 0),
        }  # fmt: skip

    def _periods(self) -> dict[str, object]:
        """Return the periods of a change."""
        own: dict[str, object] = {}
        if self.form in ("change", "difference"):
            old, new = self.sides
            own = {"old": old.values["period"], "new": new.values["period"]}
            own |= {"before": old.value, "after": new.value}
        elif self.form in ("decompose", "decomposed"):
            whole = self.whole or self
            ends = _PERIODS.search(str(whole.result.label))
            first, last = ("", "") if ends is None else ends.groups()
            own = {"old": first, "new": last, "whole": area_label(whole.result.area)}
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

    @cached_property
    def title(self) -> str:
        """The name of the figure."""
        return cast("str", self.values["Name"])

    @cached_property
    def counts(self) -> str:
        """The counts of the figure with their names; empty for a count."""
        result, has_counts = self.result, (Status.BOUNDED, Status.UNDEFINED)
        if result.value is None and result.status not in has_counts:
            return ""
        if any(_is_vague(own) for own in (result.numerator, result.denominator)):
            return ""
        key = _FORMS[self.form].counts
        return self.message("counts", key) if key else ""

    @cached_property
    def caution(self) -> str:
        """The advice of the most severe warnings; empty without one."""
        for level in reversed(Severity):
            titles = [lowered(own.title) for own in self.result.warnings if own.severity is level]
            if titles:
                key = "blocking" if self.differs else level
                return self.message("cautions", key, titles=[*dict.fromkeys(titles)])
        return ""

    @cached_property
    def possible(self) -> str:
        """The possible range with its reasons."""
        result, wide = self.result, self.result.bounds_with_unknown
        if result.status is Status.UNDEFINED:
            return self.message("ranges", "undefined")
        if result.indicator == "lists.model":
            return self.message("ranges", "model")
        if result.value == wide and wide.is_point:
            return self.message("ranges", "exact")
        unknown = result.unknown
        is_wider = wide != result.bounds and (unknown is None or unknown.upper != 0)
        is_counted = unknown is not None and unknown.upper is not None
        conditions = {
            "rounded": self.is_published,
            "missing": result.value is not None and self.missing and len(result.area.members) > 1,
            "suppressed": result.suppression,
            "unknown": is_wider and is_counted,
            "some_unknown": is_wider and not is_counted and self.values["dimensions"],
            "contradictory": self.doubtful,
        }
        reasons = _listed(self.applying("ranges", conditions))
        key = "reasons" if reasons else "plain" if result.area.members else "lists"
        return self.message("ranges", key, reasons=reasons)

    def sentences(self) -> Iterator[str]:
        """Yield the sentences that the figure supports."""
        result, status = self.result, self.result.status
        if status is Status.UNDEFINED:
            yield self.message("sentences", "undefined")
        elif result.value is None:
            reason = TEXTS["status"].get(status.code, TEXTS["status"]["bounded"])
            key = "unavailable" if result.area.members else "unavailable_lists"
            yield self.message("sentences", key, reason=Message(reason))
            if self.bounds:
                yield self.message("sentences", "allowed")
        elif self.differs:
            for side in self.sides:
                yield from side.sentences()
        else:
            key = "measure" if self.form == "lists" else self.form
            if self.is_small:
                key = _FORMS[self.form].small
            if self.is_published:
                key = "share_of_area" if self.is_of_area else "share_published"
            yield self.message("sentences", key)
            if hasattr(result.panel, "ranks"):
                rank, n = result.panel.ranks[result.position], len(result.panel)
                yield self.message("sentences", "rank", rank=count(rank), n_ranked=count(n))
            if result.value != result.bounds_with_unknown and self.bounds:
                yield self.message("sentences", "possible")

    def refusals(self) -> Iterator[str]:
        """Yield statements that the figure does not support, each with the reason."""
        result, rule, form = self.result, self.result.base.rule, self.form
        has_value, is_change = result.value is not None, form in _CHANGED
        status = result.numerator_kind.get("status")
        is_victims = result.numerator_kind.kind == "victims" and status is not None
        is_apart = form.startswith("decompose") and ("COVERAGE", "pair") in {
            (own.code, own.scope) for own in result.warnings
        }
        if has_value or result.status is Status.UNDEFINED:
            conditions: dict[str, object] = {
                "undefined": not has_value,
                "countries_differ": self.differs or is_apart,
                "change": is_change,
                "incomplete": self.missing and len(result.area.members) > 1 and not is_change,
                "small": self.is_small and has_value,
                "known": form == "share" and rule == "known",
                "overlapping": rule == "responses" or result.base.overlap is Overlap.OVERLAPPING,
                "not_stated": rule == "not_stated",
                "flows": form in ("ratio", "per_100")
                and has_value
                and result.numerator_kind != result.denominator_kind,
                "unit": form == "measure",
                "decompose": form == "decompose",
                "model": result.indicator == "lists.model",
                "interval": has_value
                and not result.value_or_bounds.is_point
                and not self.is_published,
                "victims": is_victims and has_value and not is_change,
                "double": form == "count" and "DOUBLE_COUNTING" in result.limitations.codes,
            }
        else:
            wide = result.bounds_with_unknown
            conditions = {
                "zero": not (self.bounds and (wide.lower or 0) > 0),
                "bound": self.bounds and None not in (wide.lower, wide.upper),
            }
        refused = [*self.applying("refusals", conditions)] or [self.message("refusals", "other")]
        yield from map(capitalised, refused)

    def comparisons(self, published: Result | None) -> Iterator[str]:
        """Yield the figures that are comparable with the figure, and others that are not."""
        result, form, rule = self.result, self.form, self.result.base.rule
        is_share = form in ("share", "difference") and result.base.dimension
        is_victims = result.numerator_kind.kind == "victims"
        conditions = {
            _FORMS[form].comparison: True,
            **{name: is_share and rule == name for name in ("all", "known")},
            "status": is_victims and result.numerator_kind.get("status"),
            "countries": self.inside and self.missing and not self.differs,
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
        """Yield the countries that are in the figure, and those that are not."""
        sides = self.sides if self.differs else () if self.whole is None else (self.whole,)
        if sides:
            for side in sides:
                for text in side.coverage():
                    yield phrase("dated", period=period_label(side.result.period), text=text)
            return
        result, n = self.result, len(self.result.area.members)
        inside, is_single = self.inside, n == 1
        is_listed = bool(inside) and not is_single
        conditions = {
            "needed": is_single and inside == frozenset(),
            "single": is_single and inside != frozenset(),
            "nobody": n > 1 and inside == frozenset(),
            "unlisted": not is_single and not result.n_reporters and (inside is None or not n),
            "number": n > 1 and inside is None and result.n_reporters,
            "many": is_listed and n > LISTED,
            "inside": is_listed and n <= LISTED,
            "outside": is_listed and n <= LISTED and self.missing,
            "contradictory": self.doubtful,
            "suppressed": result.suppression,
            "derived": result.derived,
        }
        yield from self.applying("coverage", conditions)

    def sources(self) -> Iterator[str]:
        """Yield the sources, each once with its sections."""
        sections: dict[tuple[str, ...], dict[str, None]] = {}
        for source in self.result.all_sources:
            day = [] if source.published is None else [Day(source.published)]
            key = (source.title, source.document, source.publisher, *day)
            sections.setdefault(tuple(filter(None, key)), {})[source.section] = None
        for key, names in sections.items():
            named = ", ".join(filter(None, names))
            part = [self.message("sources", "section", section=named)] if named else []
            yield _listed([*key, *part])
        if not sections:
            yield self.message("sources", "none")

    def limitations(self) -> Iterator[str]:
        """Yield the warnings and limitations with their titles, each once."""
        texts = dict[str, None]()
        for own in (*self.result.warnings, *self.result.limitations):
            # A contradiction names cells by their codes; a reader needs the countries.
            key = "doubtful" if own.code == "CONTRADICTED" and self.doubtful else "limitation"
            text = capitalised(_with_countries(own.message))
            texts[self.message("sources", key, title=own.title, text=text)] = None
        yield from texts or [self.message("sources", "no_limitation")]


def _with_countries(message: str) -> str:
    """Return a message with names of countries in place of codes."""
    if type(message) is not Message:
        return message
    names = {
        name: with_article(country_or_code(own)) if own.isupper() else own
        for name, own in message.parameters.items()
    }
    return Message(message.template, **names)
