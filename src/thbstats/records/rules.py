"""How a reporter counts, as a record, and what sets two such records apart."""

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve, field, frozen

from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.geography import parse_country
from thbstats.records.reading import to_age_concept, to_register, to_unit
from thbstats.records.schema import KINDS
from thbstats.records.source import Source, to_day
from thbstats.values import Period
from thbstats.vocabulary import AgeConcept, CountingUnit, RegisteringBody

__all__ = ["CountingRules", "Difference", "Statement", "diff"]

_NOT_STATED = "not stated"


def _code(value: object) -> str:
    return "_".join(str(value).casefold().split())


@frozen
class Statement:
    """One thing that a reporter counts, or leaves out.

    Parameters
    ----------
    code : str
        A short name; two reporters say the same where their codes are the same.
    words : str
        The same in words; by default those of the code.
    dimension : str
        The breakdown of which it speaks, such as ``"citizenship"``; empty for all counts.

    Examples
    --------
    >>> Statement("presumed victims").code, Statement("presumed_victims").words
    ('presumed_victims', 'presumed victims')
    """

    code: str = field(converter=_code)
    words: str = field(default="", eq=False)
    dimension: str = field(default="", eq=False)

    def __attrs_post_init__(self) -> None:
        if not self.code:
            raise InvalidValue("a statement has a code", field="code", hint="Give a short name")
        if not self.words:
            object.__setattr__(self, "words", self.code.replace("_", " "))

    def __str__(self) -> str:
        return self.words


def _statements(
    value: "Mapping[str, str] | Iterable[Statement | str] | Statement | str",
) -> frozenset[Statement]:
    if isinstance(value, Mapping):
        return frozenset(Statement(code, words) for code, words in value.items())
    given = [value] if isinstance(value, Statement | str) else value
    return frozenset(item if isinstance(item, Statement) else Statement(item) for item in given)


def _text(value: str) -> str:
    return value.strip()


def _texts(value: Iterable[str] | str) -> frozenset[str]:
    given = [value] if isinstance(value, str) else value
    return frozenset(text.casefold().strip() for text in given)


def _country(value: str) -> str:
    return parse_country(value) if value else ""


def _kind(value: str) -> str:
    if value not in KINDS:
        raise UnknownName(
            "no such kind of count", field="about", value=value, hint=did_you_mean(value, KINDS)
        )
    return value


def _source(value: Source | str) -> Source:
    return value if isinstance(value, Source) else Source(title=value)


@frozen(kw_only=True)
class CountingRules:
    """What is documented of how one kind of count is made; what is not given is not stated.

    Parameters
    ----------
    about : str
        The kind of count: ``"victims"``, ``"justice"``, ``"protection"`` or ``"cooperation"``.
    reporter : str
        The country that counts so; empty for all countries of the publications.
    publications : str or iterable of str
        Where such counts stand: parts of the title, document or publisher of their source;
        empty for wherever the reporter's counts stand.
    includes, excludes : iterable of Statement or str, or mapping from code to words
        What is counted although others might not, and what is left out although others might
        count it.
    unit : CountingUnit
        What one count is one of.
    moment : str
        The step of the procedure at which somebody is counted, such as ``"referral"``.
    register : RegisteringBody
        Who registers.
    age_concept : AgeConcept
        The moment at which an age is taken.
    child_below : int or None
        The age at which a child is counted as an adult.
    legal_basis : str
        The law by which it is counted.
    sample : str
        How the counted were chosen, where they are not all that the reporter knows of.
    valid_from, valid_to : datetime.date, str or None
        The first and the last day on which it was counted so; ``None`` where no end is known.
    source : Source
        Who says so.

    Raises
    ------
    InvalidValue, UnknownName
        If a word, a country or a day is none, or the rules end before they start.

    Examples
    --------
    >>> belgium = CountingRules(
    ...     about="victims",
    ...     reporter="BE",
    ...     excludes=[Statement("nationals", "Belgian victims", "citizenship")],
    ...     source="EIGE, metadata of crim_thb_vsage",
    ... )
    >>> [str(statement) for statement in belgium.excludes]
    ['Belgian victims']
    """

    about: str = field(converter=_kind)
    reporter: str = field(default="", converter=_country)
    publications: frozenset[str] = field(default=frozenset(), converter=_texts)
    includes: frozenset[Statement] = field(default=frozenset(), converter=_statements)
    excludes: frozenset[Statement] = field(default=frozenset(), converter=_statements)
    unit: CountingUnit = field(default=CountingUnit.NOT_STATED, converter=to_unit)
    moment: str = field(default="", converter=_text)
    register: RegisteringBody = field(default=RegisteringBody.NOT_STATED, converter=to_register)
    age_concept: AgeConcept = field(default=AgeConcept.NOT_STATED, converter=to_age_concept)
    child_below: int | None = None
    legal_basis: str = field(default="", converter=_text)
    sample: str = field(default="", converter=_text)
    valid_from: date | None = field(default=None, converter=to_day)
    valid_to: date | None = field(default=None, converter=to_day)
    source: Source = field(converter=_source)

    def __attrs_post_init__(self) -> None:
        first, last = self.valid_from, self.valid_to
        if first is not None and last is not None and last < first:
            raise InvalidValue(
                "the rules end before they start",
                field="valid_to",
                value=str(last),
                hint=f"Give a day on or after {first}",
            )
        both = self.includes & self.excludes
        if both:
            raise InvalidValue(
                "something is counted and left out",
                field="excludes",
                value=", ".join(sorted(map(str, both))),
                hint="Say one of the two",
            )

    def stated(self, name: str) -> object:
        """Return a field, or ``None`` where it is not stated."""
        value = getattr(self, name)
        return None if value == "not_stated" else value or None

    def hold(self, period: Period) -> bool:
        """Whether it was counted so on any day of a period; one without days is taken as such."""
        starts = self.valid_from is None or period.end is None or self.valid_from <= period.end
        ends = self.valid_to is None or period.start is None or period.start <= self.valid_to
        return starts and ends

    def speak_of(self, sources: Iterable[Source]) -> bool:
        """Whether figures of some sources are counted so."""
        texts = [f"{s.title} {s.document} {s.publisher}".casefold() for s in sources]
        named = self.publications
        return not named or any(part in text for part in named for text in texts)

    def beside(self, general: "CountingRules") -> "CountingRules":
        """Return these rules with what more general ones say and these do not contradict."""
        taken = {name: getattr(general, name) for name in _ONE if self.stated(name) is None}
        return evolve(
            self,
            includes=self.includes | (general.includes - self.excludes),
            excludes=self.excludes | (general.excludes - self.includes),
            **taken,
        )


_MANY = ("includes", "excludes")
_ONE = ("unit", "moment", "register", "age_concept", "child_below", "legal_basis", "sample")


@frozen
class Difference:
    """A field in which two counting rules differ, and what each of them says there."""

    field: str
    first: str
    second: str

    @property
    def one_sided(self) -> bool:
        """Whether one of the two says nothing there."""
        return _NOT_STATED in (self.first, self.second)


def diff(first: CountingRules, second: CountingRules) -> tuple[Difference, ...]:
    """Return what sets two counting rules apart.

    Parameters
    ----------
    first, second : CountingRules
        What is documented of two reporters, publications or times.

    Returns
    -------
    tuple of Difference
        The fields in which both say something and not the same. What only one of them says is
        no difference, except that something is left out: the other may well count it.

    Examples
    --------
    >>> common = {"about": "victims", "source": "Metadata"}
    >>> wide = CountingRules(includes=["identified", "presumed"], **common)
    >>> narrow = CountingRules(includes=["identified"], unit="cases", **common)
    >>> for found in diff(wide, narrow):
    ...     print(found.field, "|", found.first, "|", found.second)
    includes | presumed | none of these
    """
    found = [_sets(name, first, second) for name in _MANY]
    found += [_single(name, first, second) for name in _ONE]
    return tuple(item for item in found if item is not None)


def _sets(name: str, first: CountingRules, second: CountingRules) -> Difference | None:
    one, two = getattr(first, name), getattr(second, name)
    told = name == "excludes" or (one and two)
    if one == two or not told:
        return None
    return Difference(name, _listed(one - two, one), _listed(two - one, two))


def _listed(only: frozenset[Statement], all_of_them: frozenset[Statement]) -> str:
    if not all_of_them:
        return _NOT_STATED
    return ", ".join(sorted(map(str, only))) or "none of these"


def _single(name: str, first: CountingRules, second: CountingRules) -> Difference | None:
    one, two = first.stated(name), second.stated(name)
    if one is None or two is None or one == two:
        return None
    return Difference(name, str(one), str(two))
