"""One figure, ranking, direction or statement that a publication prints."""

from collections.abc import Iterator

from attrs import field, frozen

from thbstats.claims import _fields
from thbstats.claims.kinds import (
    BASES,
    CONTENT,
    DIMENSIONS_OF,
    NEEDED,
    ONLY,
    WITH_STATUS,
    ClaimKind,
    Direction,
    SourceKind,
    Subject,
)
from thbstats.claims.printed import parse_number
from thbstats.claims.selection import Selection, parse_code
from thbstats.claims.wording import is_hedge
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.values import Percent, Period

__all__ = ["Claim"]


# Figures remember what they found of a claim, so its hash is asked for often.
@frozen(kw_only=True, cache_hash=True)
class Claim:
    """What one place of a publication says, as printed, and what it says it of.

    Parameters
    ----------
    id : str
        A name in small letters, digits and hyphens, unique in its report.
    section : str
        Where it stands, such as ``"II.1"``.
    paragraph : str
        Where it stands in its section, such as ``"paragraph 2"`` or ``"bullet 4"``.
    kind : str
        What it states: how many (``count``), which part (``share``), by how much since when
        (``change``), how many per 100,000 inhabitants (``rate``), one count divided by another
        (``ratio``), what comes first (``ranking``), which way (``direction``), anything else
        without a number (``statement``), or a number that counts nothing (``number``).
    subject : str
        What it is about.
    printed : str
        The number exactly as printed, such as ``"9,759"``, ``"75%"`` or ``"three"``; empty when
        there are only words.
    wording : str
        The words that qualify it, as printed: at most six, in one run or in several with
        ``" ... "`` between them. Words that are only a hedge, such as ``"nearly"``, belong to the
        number: it is not exact, and contradicts nothing.
    status : str
        How victims came to be counted, such as ``"registered"``; empty when not said.
    unit : str
        What one count is one of, such as ``"persons"`` or ``"convictions"``; empty when not said.
    category : mapping
        What is counted, by dimension, such as ``sex`` and ``female``; ``topic`` names what the
        vocabularies have no word for.
    of : mapping
        The whole of which a share or a ranking speaks; empty for everything in the subject. A share
        repeats in ``category`` what this says; only its area may be another. For a ratio, what it
        is divided by.
    base : str
        Whether that whole holds those whose category is unknown: ``all`` (it does),
        ``recorded`` (it does not), ``not_stated``, or empty where there is no base to name. A
        count of those ``recorded`` names the dimension.
    base_printed : bool
        Whether the publication prints the base at this place; if not, it is a reading of ours.
    base_dimension : str
        The dimension that is broken down or ranked.
    area : str
        The area, such as ``"EU28"``, ``"EU28 without UK"`` or ``"BE+FR"``; empty when not said.
    period : str or Period
        The reference period, such as ``"2015-2016"``, or ``"~2014-2016"`` for an approximate one;
        ``"not stated"`` unless said.
    since : str, Period or None
        The earlier period of a change, which is a percentage of what was counted then; nothing for
        everything else.
    per : int
        The number of inhabitants to which a rate refers, such as 100000. A change with ``per`` is
        one of that rate, and not of a count.
    at_least : bool
        Whether a count or a share is said to be no less than its number, and perhaps more.
    reporters : int, iterable of str or None
        How many countries gave the data, or which; nothing when not said.
    ranks : iterable of str
        What a ranking lists, in the order printed.
    ordered : bool
        Whether a ranking is said to have the largest first; the order in which a text names
        things need not mean that.
    direction : str
        Which way something goes; ``not_down`` where no decrease was found. Empty when none is
        claimed.
    makes : str
        The name of a group of shares that are said to make a whole together.
    read_at : str
        The page where the figure was read, if that is not the document itself; ``section`` is
        then the name of that page.
    source_kind : str
        Whose page that is: the publisher's own (``primary``), or one that quotes it
        (``secondary``).
    note : str
        Remarks, in words of our own.

    Raises
    ------
    InvalidValue
        If a field has a value that it cannot have, or two fields contradict each other.
    UnknownName
        If a dimension, code, country or area does not exist.

    Examples
    --------
    >>> claim = Claim(
    ...     id="sexual-share",
    ...     section="II.1",
    ...     paragraph="paragraph 2",
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

    Notes
    -----
    The figures of the example are those of COM(2018) 777, section II.1.
    """

    id: str = field(validator=_fields.slug)
    section: str = field(validator=_fields.filled)
    paragraph: str = field(validator=_fields.filled)
    kind: ClaimKind = field(converter=_fields.kind)
    subject: Subject = field(converter=_fields.subject)
    printed: str = field(default="", validator=_fields.text)
    wording: str = field(default="", validator=_fields.quoted)
    status: str = field(default="", converter=_fields.status)
    unit: str = field(default="", converter=_fields.unit)
    category: Selection = field(factory=Selection, converter=_fields.category)
    of: Selection = field(factory=Selection, converter=_fields.of)
    base: str = field(default="", validator=_fields.choice("", *BASES))
    base_printed: bool = field(default=True, validator=_fields.truth)
    base_dimension: str = field(default="", converter=_fields.base_dimension)
    area: str = field(default="", converter=_fields.area)
    period: Period = field(factory=Period.not_stated, converter=_fields.period)
    since: Period | None = field(default=None, converter=_fields.since)
    per: int = field(default=0, validator=_fields.per)
    at_least: bool = field(default=False, validator=_fields.truth)
    reporters: int | tuple[str, ...] | None = field(default=None, converter=_fields.reporters)
    ranks: tuple[str, ...] = field(default=(), converter=_fields.ranks)
    ordered: bool = field(default=False, validator=_fields.truth)
    direction: str = field(default="", validator=_fields.choice("", *Direction))
    makes: str = field(default="", validator=_fields.slug_or_nothing)
    read_at: str = field(default="", validator=_fields.text)
    source_kind: SourceKind = field(default="primary", converter=_fields.source_kind)
    note: str = field(default="", validator=_fields.text)

    def __attrs_post_init__(self) -> None:
        problems = list(_contradictions(self))
        if len(problems) == 1:
            raise problems[0]
        if problems:
            # Who wants them one by one finds them in the cause.
            message = " ".join(str(problem) for problem in problems).rstrip(".")
            raise InvalidValue(message) from ExceptionGroup("contradictions", problems)

    @property
    def percent(self) -> Percent | None:
        """The printed percentage of a share; None for everything else."""
        return Percent(self.printed) if self.kind is ClaimKind.SHARE and self.printed else None

    @property
    def change(self) -> Percent | None:
        """The printed percentage of a change, with the sign that its words give it."""
        text = self.printed.strip()
        if self.kind is not ClaimKind.CHANGE or not text:
            return None
        sign = "-" if self.direction == Direction.DOWN else "+"
        return Percent(text if text.startswith(_SIGNS) else f"{sign}{text}")

    @property
    def rounded(self) -> Percent | None:
        """The printed percentage, of a share or of a change."""
        return self.percent or self.change

    @property
    def rate(self) -> Percent | None:
        """The printed number of a rate or a ratio with its rounding; its ``value`` is 1/100 of it.

        None for everything else.
        """
        return Percent(self.printed) if self.kind in _DECIMALS and self.printed else None

    @property
    def count(self) -> int | None:
        """The printed whole number, also where it is a word; None for a share, change or rate."""
        rounded = self.kind in (ClaimKind.SHARE, ClaimKind.CHANGE, *_DECIMALS)
        if rounded or not self.printed:
            return None
        return parse_number(self.printed, ordinal=self.kind is ClaimKind.NUMBER)

    @property
    def is_hedged(self) -> bool:
        """Whether its words say that its number is not exact, such as "nearly" before 100%."""
        return bool(self.printed) and not self.at_least and is_hedge(self.wording)

    @property
    def is_quoted(self) -> bool:
        """Whether it was read from a page that quotes the publication."""
        return self.source_kind == "secondary"

    @property
    def place(self) -> str:
        """Where it stands, in words: ``section II.1`` or ``the page emn.ie``."""
        return f"the page {self.section}" if self.read_at else f"section {self.section}"

    @property
    def is_counted(self) -> bool:
        """Whether it prints a count of something that the vocabularies have words for."""
        countable = self.subject in ("victims", "justice", "protection", "cooperation")
        return (
            countable
            and self.kind is ClaimKind.COUNT
            and self.count is not None
            and "topic" not in self.category
        )

    @property
    def runs(self) -> tuple[str, ...]:
        """The qualifying words, run by run."""
        return _fields.runs(self.wording)

    @property
    def n_reporters(self) -> int | None:
        """How many countries gave the data, if the publication says so."""
        return len(self.reporters) if isinstance(self.reporters, tuple) else self.reporters


_DECIMALS = (ClaimKind.RATE, ClaimKind.RATIO)
_SIGNS = ("+", "-", "\N{MINUS SIGN}")


def _contradictions(claim: Claim) -> Iterator[ThbstatsError]:
    """What no field shows alone: each check looks at several."""
    for check in (
        _check_content,
        _check_number,
        _check_change,
        _check_rate,
        _check_floor,
        _check_ranks,
        _check_subject,
        _check_whole,
    ):
        try:
            check(claim)
        except ThbstatsError as error:
            yield error


def _lacks(claim: Claim, field: str) -> bool:
    """Whether a claim of this kind fills a field, and this one does not."""
    return field in NEEDED.get(claim.kind, ()) and not getattr(claim, field)


def _is_idle(claim: Claim, field: str) -> bool:
    """Whether a field is filled that a claim of this kind does not have."""
    return claim.kind not in ONLY[field] and bool(getattr(claim, field))


def _check_content(claim: Claim) -> None:
    if not any(getattr(claim, field) for field in CONTENT):
        raise InvalidValue(
            "a claim prints a number or words",
            field="printed",
            value="",
            hint="Fill printed, wording or both",
        )
    if _lacks(claim, "direction"):
        raise InvalidValue(
            "a direction claim says which way",
            field="direction",
            value="",
            hint=f"Give one of {', '.join(Direction)}",
        )


def _check_number(claim: Claim) -> None:
    if _is_idle(claim, "printed"):
        raise InvalidValue(
            f"a {claim.kind} has no number",
            field="printed",
            value=claim.printed,
            hint="Leave it empty, or make the claim a count, a share or a number",
        )
    if _lacks(claim, "printed"):
        raise InvalidValue(
            f"a {claim.kind} claim prints its number", field="printed", value="", hint="Fill it in"
        )
    # Reading it is the check.
    _ = claim.rounded, claim.rate, claim.count


def _check_change(claim: Claim) -> None:
    """A change has two ends, and its sign and its words point the same way."""
    if _lacks(claim, "since") or _is_idle(claim, "since"):
        raise InvalidValue(
            "a change, and nothing else, says since when",
            field="since",
            value=None if claim.since is None else str(claim.since),
            hint="Give the earlier period of a change, and leave it out elsewhere",
        )
    if claim.since is not None and not _is_before(claim.since, claim.period):
        raise InvalidValue(
            f"a change leads from an earlier period to {claim.period}",
            field="since",
            value=str(claim.since),
            hint="Exchange since and period, or correct one of them",
        )
    change, ways = claim.change, {Direction.UP: 1, Direction.DOWN: -1}
    if change is not None and change.digits * ways.get(Direction(claim.direction or "same"), 0) < 0:
        raise InvalidValue(
            "the number and the direction of a change point different ways",
            field="direction",
            value=claim.direction,
            hint=f"Leave it out, or print {claim.printed!r} as the text does",
        )


def _check_rate(claim: Claim) -> None:
    """A rate and a ratio have a denominator, and are not percentages."""
    if claim.kind in _DECIMALS and ("%" in claim.printed or claim.printed.strip()[:1] in _SIGNS):
        raise InvalidValue(
            f"a {claim.kind} is a number without a sign or %",
            field="printed",
            value=claim.printed,
            hint="Write it as printed, such as '1.6', or make the claim a share or a change",
        )
    if _lacks(claim, "per") or _is_idle(claim, "per"):
        raise InvalidValue(
            "a rate needs a number of inhabitants"
            if claim.kind is ClaimKind.RATE
            else f"a {claim.kind} must not have a number of inhabitants",
            field="per",
            value=claim.per,
            hint="Write per = 100000 for a rate per 100,000 or a change of one; else leave it out",
        )
    if claim.kind is ClaimKind.RATIO and _lacks(claim, "of"):
        raise InvalidValue(
            "a ratio has a denominator",
            field="of",
            value={},
            hint="Give what it is divided by, such as { stage = 'prosecuted' }",
        )


def _is_before(one: Period, two: Period) -> bool:
    """Whether a period starts before another; nobody can tell of one that is not stated."""
    return one.start is None or two.start is None or one.start < two.start


def _check_floor(claim: Claim) -> None:
    alone = claim.printed and not claim.makes
    if _is_idle(claim, "at_least") or (claim.at_least and not alone):
        raise InvalidValue(
            "only a count or share with a number that stands alone is said to be at least that",
            field="at_least",
            value=True,
            hint="Leave it out",
        )


def _check_ranks(claim: Claim) -> None:
    if _is_idle(claim, "ranks") or _is_idle(claim, "ordered"):
        raise InvalidValue(
            f"a {claim.kind} ranks nothing",
            field="ranks" if claim.ranks else "ordered",
            value=list(claim.ranks) if claim.ranks else True,
            hint="Leave it out, or make the claim a ranking",
        )
    if claim.kind is not ClaimKind.RANKING:
        return
    if _lacks(claim, "ranks") or _lacks(claim, "base_dimension"):
        raise InvalidValue(
            "a ranking says what it ranks and in which dimension",
            field="ranks",
            value=list(claim.ranks),
            hint="Give ranks and base_dimension",
        )
    if claim.printed and claim.count != len(claim.ranks):
        raise InvalidValue(
            f"{len(claim.ranks)} ranks are listed, but {claim.printed!r} is printed",
            field="ranks",
            value=list(claim.ranks),
            hint="List as many as the publication names",
        )
    _check_codes(claim)


def _check_codes(claim: Claim) -> None:
    codes = [parse_code(claim.base_dimension, rank, field="ranks") for rank in claim.ranks]
    if list(claim.ranks) != codes or len(set(codes)) < len(codes):
        raise InvalidValue(
            "ranks are codes, each listed once",
            field="ranks",
            value=list(claim.ranks),
            hint=f"Write {[str(code) for code in dict.fromkeys(codes)]}",
        )


def _check_subject(claim: Claim) -> None:
    known = DIMENSIONS_OF.get(claim.subject)
    if known is None:
        return
    for name, codes in (("category", claim.category), ("of", claim.of)):
        if strange := sorted(set(codes) - known):
            raise InvalidValue(
                f"{claim.subject} are not counted by {', '.join(strange)}",
                field=name,
                value=dict(codes),
                hint=f"Their dimensions are {', '.join(sorted(known))}",
            )
    if claim.status and claim.subject is not WITH_STATUS:
        raise InvalidValue(
            f"only victims have a status, and this claim is about {claim.subject}",
            field="status",
            value=str(claim.status),
            hint="Leave it out",
        )


def _check_whole(claim: Claim) -> None:
    """A part lies in its whole, so it keeps the codes of the whole; only the area may narrow."""
    if _is_idle(claim, "of"):
        raise InvalidValue(
            f"a {claim.kind} is no part of a whole",
            field="of",
            value=dict(claim.of),
            hint="Put what is counted into category",
        )
    kept = {name: code for name, code in claim.of.items() if name not in ("area", "topic")}
    if claim.kind is ClaimKind.SHARE and not claim.category.includes(kept):
        raise InvalidValue(
            "the part is not inside its whole",
            field="category",
            value=dict(claim.category),
            hint=f"Repeat in category what of says: {dict(claim.of)}",
        )
    if claim.kind is ClaimKind.COUNT and claim.base == "known" and not claim.base_dimension:
        raise InvalidValue(
            "a count of those recorded says of which dimension",
            field="base_dimension",
            value="",
            hint="Name it, such as 'exploitation', or leave base out",
        )
