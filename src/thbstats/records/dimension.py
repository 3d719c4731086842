"""Dimensions of a table of counts."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal

from attrs import field, frozen

from thbstats.geography import ACCESSIONS, COMPOSITIONS, Area, eu_members, with_successors
from thbstats.geography.subdivisions import may_overlap
from thbstats.records.converters import area_members, to_code_or_country, to_period
from thbstats.vocabulary import CitizenshipGroup, Classification, Code, code_list

_EVER_EU = frozenset().union(*ACCESSIONS.values())


@frozen(kw_only=True)
class Dimension:
    """Dimension of a table of counts.

    Parameters
    ----------
    name : str
        Name of the field.
    content : {"codes", "area", "period", "citizenship", "countries"}
        Type of the values: codes of a code list, areas, periods, groups of citizenship and
        countries, or codes of a code list and countries.
    vocabulary : type of Code or None
        The code list; for citizenship the list of groups.
    total : str or None
        Code of "not broken down"; ``None`` for an attribute.
    default : str or None
        Code of rows without the dimension; ``None`` if the dimension is required.
    """

    name: str
    content: Literal["codes", "area", "period", "citizenship", "countries"]
    vocabulary: type[Code] | None
    total: str | None
    default: str | None
    reader: Callable[[Any], object] = field(repr=False, eq=False)

    @classmethod
    def from_classification(cls, classification: Classification) -> "Dimension":
        """Return the dimension of a classification."""
        codes, is_attribute = code_list(classification), classification.kind == "attribute"
        total = None if is_attribute else "total"
        return cls(
            name=classification.name,
            content="countries" if classification.has_countries else "codes",
            vocabulary=codes,
            total=total,
            default="not_stated" if is_attribute and not classification.is_required else total,
            reader=(
                partial(to_code_or_country, codes, classification.name)
                if classification.has_countries
                else codes
            ),
        )

    @property
    def title(self) -> str:
        """The name for readers."""
        if self.vocabulary is None:
            return self.name.replace("_", " ").capitalize()
        return self.vocabulary.classification().title

    def is_country(self, code: str) -> bool:
        """Return whether a code of the dimension is a country next to its code list."""
        return (
            self.content in ("citizenship", "countries")
            and self.vocabulary is not None
            and code not in self.vocabulary._value2member_map_
        )

    def parse(self, value: object) -> str:
        """Return the canonical code of a value."""
        return str(self.reader(value))

    def parent(self, code: str) -> str | None:
        """Return the code of the parent category, or ``None`` at the top.

        The parent of a country of citizenship is the total: its group depends on the reporting
        country and the period.
        """
        if self.vocabulary is None:
            return None
        if self.is_country(code):
            return self.total
        parent = self.vocabulary(code).parent
        return None if parent is None else str(parent)

    def residual(self, code: str) -> str | None:
        """Return the category of the remainder of a category, such as ``other_labour``."""
        if self.vocabulary is None or self.content != "codes" or code == self.total:
            return None
        remainders = (own for own in self.vocabulary(code).children if own.category.is_residual)
        return next(map(str, remainders), None)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the parent categories, the nearest first."""
        parent = self.parent(code)
        return () if parent is None else (parent, *self.ancestors(parent))

    def common_parent(self, codes: Iterable[str]) -> str:
        """Return the narrowest category that includes all codes of a breakdown."""
        paths = [(code, *self.ancestors(code)) for code in codes]
        return next(code for code in paths[0] if all(code in path for path in paths))

    def overlaps(
        self, first: str, second: str, *, area: str | None = None, period: str | None = None
    ) -> bool:
        """Return whether counts of two codes can include the same person or case.

        True for a category and its parent, for areas with a common country or region, for a
        region and its country, for periods with a common day or not stated, and for a country of
        citizenship and a group that may include it. The area and period of the counts decide the
        last case more precisely.
        """
        if self.content == "area":
            return may_overlap(area_members(first), area_members(second))
        if self.content == "period":
            return to_period(first).overlaps(to_period(second)) is not False
        if self.content == "citizenship" and _is_group(first) != _is_group(second):
            country, group = (second, first) if _is_group(first) else (first, second)
            return _may_belong(country, CitizenshipGroup(group), area, period)
        return first in self.ancestors(second) or second in self.ancestors(first)

    def sort_key(self, code: str) -> tuple[object, ...]:
        """Return the sort key of a code: order of the list, alphabet or time."""
        if self.content == "period":
            period = to_period(code)
            return (str(period.start), str(period.end), code)
        if self.content == "area":
            return (len(area_members(code)) == 1, code)
        if self.vocabulary is None or self.is_country(code):
            return (len(self.vocabulary or ()), code)
        return (list(self.vocabulary).index(self.vocabulary(code)), code)


def _is_group(code: str) -> bool:
    return code in CitizenshipGroup._value2member_map_


def _may_belong(
    country: str, group: CitizenshipGroup, area: str | None, period: str | None
) -> bool:
    """Return whether a group may include citizens of a country."""
    if group in (CitizenshipGroup.EU, CitizenshipGroup.OTHER_EU):
        return not with_successors(country).isdisjoint(_EVER_EU)
    if group is CitizenshipGroup.REPORTING_COUNTRY:
        return area is None or not with_successors(country).isdisjoint(Area.parse(area).countries)
    if group is CitizenshipGroup.NON_EU:
        days = to_period(period or "not stated")
        if days.start is None or days.end is None:
            return True
        # Not if it is a member in every composition, also applied backwards, and on every day.
        current = COMPOSITIONS["EU27_2020"].members
        return country not in current & eu_members(days.start) & eu_members(days.end)
    return group is CitizenshipGroup.TOTAL
