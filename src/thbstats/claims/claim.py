"""Claims."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.claims import _fields
from thbstats.claims._fields import invalid
from thbstats.claims.selection import (
    BASES,
    CONTENT,
    DIMENSIONS,
    DIMENSIONS_OF,
    NEEDED,
    ONLY,
    SOURCE_KINDS,
    WITH_STATUS,
    CategoryCodes,
    ClaimDirection,
    ClaimKind,
    SourceKind,
    Subject,
    parse_code,
)
from thbstats.claims.wording import is_hedge, parse_number
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.languages import Message
from thbstats.values import Interval, Percent, Period


# An audit needs the hash and the numbers of each claim often, and claims are immutable.
@explain_arguments
@frozen(kw_only=True, cache_hash=True)
class Claim:
    """Figure, ranking, direction or statement of a publication.

    Parameters
    ----------
    id : str
        A name of small letters, digits and hyphens, unique in its publication.
    section : str
        The section, such as ``"II.1"``.
    kind : str
        The kind: a count (``count``), a percentage of a denominator (``share``), a percentage
        change since an earlier period (``change``), a count per 100,000 inhabitants (``rate``), a
        count divided by another (``ratio``), the largest categories (``ranking``), a trend
        (``direction``), any other statement on quantity (``statement``), a number that is not a
        count (``number``), or an estimate of all persons, listed or not (``estimate``).
    subject : str
        The subject.
    paragraph : str
        The paragraph in the section, such as ``"paragraph 2"`` or ``"bullet 4"``.
    printed : str
        The number exactly as published, such as ``"9,759"``, ``"75%"`` or ``"three"``; empty
        without a number.
    wording : str
        The published words that qualify the number: at most six, with ``" ... "`` for omitted
        text. A number with a hedge, such as ``"nearly"``, is not exact and contradicts nothing.
    status : str
        The status of victims, such as ``"registered"``; empty if it is not stated.
    unit : str
        The counting unit, such as ``"persons"`` or ``"convictions"``; empty if it is not stated.
    category : mapping
        The category by dimension, such as ``sex`` and ``female``; ``topic`` names a category that
        the vocabularies do not contain.
    of : mapping
        The denominator of a share, a ratio or a ranking; empty for all counts of the subject. A
        share repeats these codes in ``category``; only its area may differ.
    base : str
        Whether the denominator includes the unknown category: ``all`` (it does), ``known`` (it
        does not), ``not_stated``, or empty without a denominator. A count of persons of ``known``
        category names the dimension.
    base_printed : bool
        Whether the publication states the base at this location; otherwise it is an
        interpretation.
    base_dimension : str
        The dimension of a breakdown or a ranking.
    area : str
        The area, such as ``"EU28"``, ``"EU28 without UK"`` or ``"BE+FR"``; empty if it is not
        stated.
    period : str or Period
        The reference period, such as ``"2015-2016"``, or ``"~2014-2016"`` for an approximate one;
        by default ``"not stated"``.
    since : str, Period or None
        The base period of a change, whose count is the denominator; only for a change.
    per : int
        The number of inhabitants of a rate, such as 100000. A change with ``per`` is the change of
        a rate, not of a count.
    at_least : bool
        Whether the number of a count or a share is stated as a lower bound.
    reporters : int, iterable of str or None
        The number or the codes of the reporting countries, if stated.
    ranks : iterable of str
        The list of a ranking, in published order.
    ordered : bool
        Whether a ranking is stated to be in descending order; a text can have another order.
    direction : str
        The direction of a trend; ``not_down`` if no decrease was found. Empty if none is stated.
    makes : str
        The name of a group of shares that add up to 100%.
    read_at : str
        The URL of the figure if it is not in the document; ``section`` is then the name of that
        page.
    source_kind : str
        The source of that page: the publisher (``primary``), or a page that quotes it
        (``secondary``).
    note : str
        Remarks of the author of the claims file.

    Raises
    ------
    InvalidValue
        If a field has an invalid value, or two fields contradict each other.
    UnknownName
        If a dimension, code, country or area does not exist.

    Examples
    --------
    >>> claim = Claim(
    ...     id="sexual-share",
    ...     section="II.1",
    ...     kind="share",
    ...     printed="56%",
    ...     wording="over half",
    ...     subject="victims",
    ...     category={"exploitation": "sexual"},
    ...     base="known",
    ...     area="EU28",
    ...     period="2015-2016",
    ... )
    >>> claim.percent.bases(9759)
    Interval(17273 to 17583)

    References
    ----------
    COM(2018) 777, section II.1, for the figures of the example.
    """

    id: str = field(validator=_fields.slug)
    section: str = field(validator=_fields.filled)
    kind: ClaimKind = field(converter=_fields.kind)
    subject: Subject = field(converter=_fields.subject)
    paragraph: str = field(default="", validator=_fields.text)
    printed: str = field(default="", validator=_fields.text)
    wording: str = field(default="", validator=_fields.quoted)
    status: str = field(default="", converter=_fields.status)
    unit: str = field(default="", converter=_fields.unit)
    category: CategoryCodes = field(factory=CategoryCodes, converter=_fields.category)
    of: CategoryCodes = field(factory=CategoryCodes, converter=_fields.of)
    base: str = field(default="", validator=_fields.choice("", *BASES))
    base_printed: bool = field(default=True, validator=_fields.truth)
    base_dimension: str = field(default="", validator=_fields.choice("", *DIMENSIONS))
    area: str = field(default="", converter=_fields.area)
    period: Period = field(factory=Period.not_stated, converter=_fields.period)
    since: Period | None = field(default=None, converter=_fields.since)
    per: int = field(default=0, validator=_fields.per)
    at_least: bool = field(default=False, validator=_fields.truth)
    reporters: int | tuple[str, ...] | None = field(default=None, converter=_fields.reporters)
    ranks: tuple[str, ...] = field(default=(), converter=_fields.ranks)
    ordered: bool = field(default=False, validator=_fields.truth)
    direction: str = field(default="", validator=_fields.choice("", *ClaimDirection))
    makes: str = field(default="", validator=_fields.slug_or_nothing)
    read_at: str = field(default="", validator=_fields.text)
    source_kind: SourceKind = field(default="primary", validator=_fields.choice(*SOURCE_KINDS))
    note: str = field(default="", validator=_fields.text)

    def __attrs_post_init__(self) -> None:
        problems: list[ThbstatsError] = []
        for check in _CHECKS:
            # The first contradiction of each check.
            try:
                problems += islice(check(self), 1)
            except ThbstatsError as error:
                problems.append(error)
        if len(problems) == 1:
            raise problems[0]
        if problems:
            # The cause contains the single problems.
            message = " ".join(str(problem) for problem in problems).rstrip(".")
            raise InvalidValue(message) from ExceptionGroup("contradictions", problems)

    @cached_property
    def percent(self) -> Percent | None:
        """The published percentage of a share, or ``None``."""
        return _percent(self.printed) if self.kind is ClaimKind.SHARE and self.printed else None

    @cached_property
    def change(self) -> Percent | None:
        """The published percentage of a change, with its sign, or ``None``."""
        text = self.printed.strip()
        if self.kind is not ClaimKind.CHANGE or not text:
            return None
        sign = "-" if self.direction == ClaimDirection.DOWN else "+"
        return _percent(text if text.startswith(_SIGNS) else f"{sign}{text}")

    @cached_property
    def rounded(self) -> Percent | None:
        """The published percentage of a share or a change, or ``None``."""
        return self.percent or self.change

    @property
    def rate(self) -> Percent | None:
        """The published rate or ratio with its rounding, or ``None``.

        Its ``value`` is 1/100 of the number.
        """
        return _percent(self.printed) if self.kind in _DECIMALS and self.printed else None

    @cached_property
    def count(self) -> int | None:
        """The published integer, also if it is a number word, or ``None``."""
        rounded = self.kind in (ClaimKind.SHARE, ClaimKind.CHANGE, ClaimKind.ESTIMATE, *_DECIMALS)
        if rounded or not self.printed:
            return None
        return parse_number(self.printed, ordinal=self.kind is ClaimKind.NUMBER)

    @property
    def estimate(self) -> Interval | None:
        """The published estimate of all persons with both bounds, or ``None``."""
        if self.kind is not ClaimKind.ESTIMATE or not self.printed:
            return None
        bounds = list(map(parse_number, _RANGE.split(self.printed, maxsplit=1)))
        return Interval(bounds[0], bounds[-1])

    @cached_property
    def is_hedged(self) -> bool:
        """Whether the wording is a hedge, such as "nearly" before 100%."""
        return bool(self.printed) and not self.at_least and is_hedge(self.wording)

    @property
    def is_quoted(self) -> bool:
        """Whether the figure was read from a page that quotes the publication."""
        return self.source_kind == "secondary"

    @property
    def location(self) -> str:
        """The location as text: ``section II.1`` or ``the page emn.ie``."""
        if self.read_at:
            return Message("the page {page}", page=self.section)
        return Message("section {section}", section=self.section)

    @cached_property
    def is_counted(self) -> bool:
        """Whether the claim is a count of a category of the vocabularies."""
        countable = self.subject in ("victims", "justice", "protection", "cooperation")
        is_count = self.kind is ClaimKind.COUNT and self.count is not None
        return countable and is_count and "topic" not in self.category

    @property
    def runs(self) -> tuple[str, ...]:
        """The parts of the wording."""
        return _fields.runs(self.wording)

    @property
    def n_reporters(self) -> int | None:
        """The number of reporting countries, if stated."""
        return len(self.reporters) if isinstance(self.reporters, tuple) else self.reporters


_percent = lru_cache(maxsize=4096)(Percent)
_DECIMALS = (ClaimKind.RATE, ClaimKind.RATIO)
_SIGNS = ("+", "-", "\N{MINUS SIGN}")
_RANGE = re.compile(r"\s+(?:to|and)\s+|\s*[-\N{EN DASH}]\s*")


def _lacks(claim: Claim, *names: str) -> bool:
    """Whether a required field of the kind of claim is empty."""
    needed = NEEDED.get(claim.kind, ())
    return any(name in needed and not getattr(claim, name) for name in names)


def _is_idle(claim: Claim, *names: str) -> bool:
    """Whether a field is set that the kind of claim must not have."""
    return any(claim.kind not in ONLY[name] and bool(getattr(claim, name)) for name in names)


def _content(claim: Claim) -> Iterator[InvalidValue]:
    if not any(getattr(claim, name) for name in CONTENT):
        problem = "a claim must have a number or a wording"
        yield invalid("printed", "", problem, "Set `printed`, `wording` or both")
    if _lacks(claim, "direction"):
        hint = f"Use one of {', '.join(ClaimDirection)}"
        yield invalid("direction", "", "must be set for a direction", hint)


def _number(claim: Claim) -> Iterator[InvalidValue]:
    if _is_idle(claim, "printed"):
        hint = "Remove it, or change the kind to count, share or number"
        yield invalid("printed", claim.printed, f"must not be set for a {claim.kind}", hint)
    if _lacks(claim, "printed"):
        yield invalid("printed", "", f"must be set for a {claim.kind}", "Enter the number")
    # Parsing raises for an invalid number.
    _ = claim.rounded, claim.rate, claim.count, claim.estimate


def _change(claim: Claim) -> Iterator[InvalidValue]:
    since, period = claim.since, claim.period
    if _lacks(claim, "since") or _is_idle(claim, "since"):
        hint = "Set the base period of a change, and remove it otherwise"
        value = None if since is None else str(since)
        yield invalid("since", value, "must be set for a change only", hint)
    starts = (None if since is None else since.start, period.start)
    if starts[0] is not None and starts[1] is not None and starts[0] >= starts[1]:
        hint = "Swap `since` and `period`, or correct one of them"
        yield invalid("since", str(since), f"must start before the period {period}", hint)
    sign = {ClaimDirection.UP: 1, ClaimDirection.DOWN: -1}
    change, way = claim.change, sign.get(ClaimDirection(claim.direction or "same"), 0)
    if change is not None and change.digits * way < 0:
        hint = "Remove it, or correct `printed`"
        problem = "must agree with the sign of the number"
        yield invalid("direction", claim.direction, problem, hint)


def _rate(claim: Claim) -> Iterator[InvalidValue]:
    kind, printed = claim.kind, claim.printed
    if kind in _DECIMALS and ("%" in printed or printed.strip()[:1] in _SIGNS):
        hint = "Use a number such as '1.6', or change the kind to share or change"
        problem = f"must be a number without a sign or % for a {kind}"
        yield invalid("printed", printed, problem, hint)
    if _lacks(claim, "per") or _is_idle(claim, "per"):
        hint = "Use per = 100000 for a rate per 100,000 or a change of one; otherwise remove it"
        is_missing = kind is ClaimKind.RATE
        problem = "must be set for a rate" if is_missing else f"must not be set for a {kind}"
        yield invalid("per", claim.per, problem, hint)
    if kind is ClaimKind.RATIO and _lacks(claim, "of"):
        hint = "Use a table such as { stage = 'prosecuted' }"
        yield invalid("of", {}, "must be set for a ratio, as its denominator", hint)


def _lower_bound(claim: Claim) -> Iterator[InvalidValue]:
    has_own_number = bool(claim.printed) and not claim.makes
    if _is_idle(claim, "at_least") or (claim.at_least and not has_own_number):
        problem = "must be set only for a count or a share with a number and without `makes`"
        yield invalid("at_least", True, problem, "Remove it")


def _ranks(claim: Claim) -> Iterator[InvalidValue]:
    ranks = list(claim.ranks)
    if _is_idle(claim, "ranks", "ordered"):
        hint, name = "Remove it, or change the kind to ranking", "ranks" if ranks else "ordered"
        yield invalid(name, ranks or True, f"must not be set for a {claim.kind}", hint)
    if claim.kind is not ClaimKind.RANKING:
        return
    if _lacks(claim, "ranks", "base_dimension"):
        problem = "a ranking must have `ranks` and `base_dimension`"
        yield invalid("ranks", ranks, problem, "Set `ranks` and `base_dimension`")
    if claim.printed and claim.count != len(ranks):
        problem = f"must have as many items as `printed`, {claim.printed!r}, got {len(ranks)}"
        yield invalid("ranks", ranks, problem, "Correct `ranks` or `printed`")
    codes = [parse_code(claim.base_dimension, rank, field="ranks") for rank in ranks]
    if ranks != codes or len(set(codes)) < len(codes):
        hint = f"Use {[str(code) for code in dict.fromkeys(codes)]}"
        yield invalid("ranks", ranks, "must contain each code once", hint)


def _subject(claim: Claim) -> Iterator[InvalidValue]:
    subject = claim.subject
    known = DIMENSIONS_OF.get(subject)
    if known is None:
        return
    for name, codes in (("category", claim.category), ("of", claim.of)):
        if unknown := sorted(set(codes) - known):
            hint = f"Use dimensions such as {', '.join(sorted(known)[:5])}"
            problem = f"must contain dimensions of {subject} only, got {', '.join(unknown)}"
            yield invalid(name, dict(codes), problem, hint)
    if claim.status and subject is not WITH_STATUS:
        problem = f"must not be set for {subject}, only for victims"
        yield invalid("status", str(claim.status), problem, "Remove it")


def _denominator(claim: Claim) -> Iterator[InvalidValue]:
    kind, of = claim.kind, dict(claim.of)
    if _is_idle(claim, "of"):
        yield invalid("of", of, f"must not be set for a {kind}", "Use `category`")
    codes = {name: code for name, code in of.items() if name not in ("area", "topic")}
    if kind is ClaimKind.SHARE and not claim.category.includes(codes):
        hint = f"Add these codes to `category`: {of}"
        yield invalid("category", dict(claim.category), "must contain the codes of `of`", hint)
    if kind is ClaimKind.COUNT and claim.base == "known" and not claim.base_dimension:
        hint = "Use a dimension such as 'exploitation', or remove `base`"
        yield invalid("base_dimension", "", "must be set for a count with base 'known'", hint)


_CHECKS = (_content, _number, _change, _rate, _lower_bound, _ranks, _subject, _denominator)
"""The checks of the fields of a claim; each yields its contradictions."""
