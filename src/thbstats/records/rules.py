"""Counting rules of reporters, and their differences."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from thbstats.errors import require, require_name
from thbstats.geography import parse_country
from thbstats.records.kind_schema import KINDS
from thbstats.records.source import Source, to_source
from thbstats.values import Period
from thbstats.values.period import to_day
from thbstats.vocabulary import AgeConcept, CountingUnit, RegisteringBody

_NOT_STATED = "not stated"


def _code(value: object) -> str:
    return "_".join(str(value).casefold().split())


@frozen
class CountedGroup:
    """Group of people or cases that a reporter includes or excludes.

    Parameters
    ----------
    code : str
        Short name; groups with the same code are equal.
    label : str
        The group as a text; default the code with spaces.
    dimension : str
        The breakdown concerned, such as ``"citizenship"``; empty for all counts.

    Examples
    --------
    >>> CountedGroup("presumed victims").code, CountedGroup("presumed_victims").label
    ('presumed_victims', 'presumed victims')
    """

    code: str = field(converter=_code)
    label: str = field(default="", eq=False)
    dimension: str = field(default="", eq=False)

    def __attrs_post_init__(self) -> None:
        require(self.code, "must not be empty", "Use a short name", code=self.code)
        if not self.label:
            object.__setattr__(self, "label", self.code.replace("_", " "))

    def __str__(self) -> str:
        return self.label


def _groups(
    value: "Mapping[str, str] | Iterable[CountedGroup | str] | CountedGroup | str",
) -> frozenset[CountedGroup]:
    if isinstance(value, Mapping):
        return frozenset(CountedGroup(code, label) for code, label in value.items())
    items = [value] if isinstance(value, CountedGroup | str) else value
    return frozenset(
        item if isinstance(item, CountedGroup) else CountedGroup(item) for item in items
    )


def _text(value: str) -> str:
    return value.strip()


def _texts(value: Iterable[str] | str) -> frozenset[str]:
    texts: Any = [value] if isinstance(value, str) else value
    is_list = isinstance(texts, Iterable) and all(isinstance(text, str) for text in texts)
    hint = 'Use publications=["Global report"]'
    require(is_list, "must be a text or a list of texts", hint, publications=value)
    return frozenset(text.casefold().strip() for text in texts)


def _country(value: str) -> str:
    return parse_country(value) if value else ""


def _kind(value: str) -> str:
    require_name(value, KINDS, "must be a kind of count", field="about")
    return value


@frozen(kw_only=True)
class CountingRules:
    """Documented counting rules for one kind of count.

    A rule that is not given is not stated.

    Parameters
    ----------
    about : str
        The kind of count: ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.
    reporter : str
        The country to which the rules apply; empty for all countries of the publications.
    publications : str or iterable of str
        Parts of the title, document or publisher of the sources to which the rules apply; empty
        for all sources.
    includes, excludes : iterable of CountedGroup or str, or mapping of code to label
        Groups that are included although other reporters may exclude them, and the reverse.
    unit : CountingUnit
        The counting unit.
    moment : str
        Step of the procedure at which a person is counted, such as ``"referral"``.
    register : RegisteringBody
        The registering body.
    age_concept : AgeConcept
        Reference moment of the age: ``"at_registration"`` is also that of the identification.
    child_below : int or None
        Age limit of children: adults are at least this old.
    legal_basis : str
        The law on which the counts are based.
    sample : str
        Selection of the counted cases, if they are not all registered cases.
    valid_from, valid_to : datetime.date, str or None
        First and last day of the rules; ``None`` means not known.
    source : Source
        Source of the rules.

    Raises
    ------
    InvalidValue, UnknownName
        If a code, a country or a date is not valid, or the rules end before they start.

    Examples
    --------
    >>> belgium = CountingRules(
    ...     about="victims",
    ...     reporter="BE",
    ...     excludes=[CountedGroup("nationals", "Belgian victims", "citizenship")],
    ...     source="EIGE, metadata of crim_thb_vsage",
    ... )
    >>> [str(statement) for statement in belgium.excludes]
    ['Belgian victims']
    """

    about: str = field(converter=_kind)
    reporter: str = field(default="", converter=_country)
    publications: frozenset[str] = field(default=frozenset(), converter=_texts)
    includes: frozenset[CountedGroup] = field(default=frozenset(), converter=_groups)
    excludes: frozenset[CountedGroup] = field(default=frozenset(), converter=_groups)
    unit: CountingUnit = field(default=CountingUnit.NOT_STATED, converter=CountingUnit)
    moment: str = field(default="", converter=_text)
    register: RegisteringBody = field(default=RegisteringBody.NOT_STATED, converter=RegisteringBody)
    age_concept: AgeConcept = field(default=AgeConcept.NOT_STATED, converter=AgeConcept)
    child_below: int | None = None
    legal_basis: str = field(default="", converter=_text)
    sample: str = field(default="", converter=_text)
    valid_from: date | None = field(default=None, converter=to_day)
    valid_to: date | None = field(default=None, converter=to_day)
    source: Source = field(converter=to_source)

    def __attrs_post_init__(self) -> None:
        first, last = self.valid_from, self.valid_to
        is_valid = first is None or last is None or first <= last
        problem = f"must be on or after `valid_from` {first}"
        require(is_valid, problem, "Swap the days", valid_to=str(last))
        both = self.includes & self.excludes
        texts, hint = ", ".join(sorted(map(str, both))), "Keep the group in one of the two"
        require(not both, "must not contain a group of `includes`", hint, excludes=texts)

    def stated_value(self, name: str) -> object:
        """Return the value of a field, or ``None`` if it is not stated."""
        value = getattr(self, name)
        return None if value == "not_stated" else value or None

    def is_valid_in(self, period: Period) -> bool:
        """Return whether the rules are valid on a day of a period, as they are without days."""
        starts = self.valid_from is None or period.end is None or self.valid_from <= period.end
        ends = self.valid_to is None or period.start is None or period.start <= self.valid_to
        return starts and ends

    def applies_to(self, sources: Iterable[Source]) -> bool:
        """Return whether the rules apply to figures of the sources."""
        texts = [f"{s.title} {s.document} {s.publisher}".casefold() for s in sources]
        named = self.publications
        return not named or any(part in text for part in named for text in texts)

    def with_defaults(self, general: "CountingRules") -> "CountingRules":
        """Return the rules, completed by general rules that they do not contradict."""
        defaults = {
            name: getattr(general, name)
            for name in _SINGLE_FIELDS
            if self.stated_value(name) is None
        }
        return evolve(
            self,
            includes=self.includes | (general.includes - self.excludes),
            excludes=self.excludes | (general.excludes - self.includes),
            **defaults,
        )


_SET_FIELDS = ("includes", "excludes")
_SINGLE_FIELDS = (
    *("unit", "moment", "register", "age_concept", "child_below"),
    *("legal_basis", "sample"),
)


@frozen
class RuleDifference:
    """Field with different values in two counting rules."""

    field: str
    first: str
    second: str

    @property
    def is_one_sided(self) -> bool:
        """Whether one of the values is not stated."""
        return _NOT_STATED in (self.first, self.second)


def diff_rules(first: CountingRules, second: CountingRules) -> tuple[RuleDifference, ...]:
    """Return the differences between two counting rules.

    Parameters
    ----------
    first, second : CountingRules
        Rules of two reporters, publications or times.

    Returns
    -------
    tuple of RuleDifference
        Fields that both rules state with different values. A field that only one of them states is
        not a difference, except ``excludes``: the other rules may include the group.

    Examples
    --------
    >>> common = {"about": "victims", "source": "Metadata"}
    >>> wide = CountingRules(includes=["identified", "presumed"], **common)
    >>> narrow = CountingRules(includes=["identified"], unit="cases", **common)
    >>> for item in diff_rules(wide, narrow):
    ...     print(item.field, "|", item.first, "|", item.second)
    includes | presumed | none of these
    """
    items = []
    for name in _SET_FIELDS:
        left, right = getattr(first, name), getattr(second, name)
        if left != right and (name == "excludes" or (left and right)):
            texts = _listed(left - right, left), _listed(right - left, right)
            items.append(RuleDifference(name, *texts))
    for name in _SINGLE_FIELDS:
        values = first.stated_value(name), second.stated_value(name)
        if None not in values and values[0] != values[1]:
            items.append(RuleDifference(name, str(values[0]), str(values[1])))
    return tuple(items)


def _listed(only: frozenset[CountedGroup], groups: frozenset[CountedGroup]) -> str:
    if not groups:
        return _NOT_STATED
    return ", ".join(sorted(map(str, only))) or "none of these"
