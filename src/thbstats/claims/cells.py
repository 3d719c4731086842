"""What a claim counts: the cell of the publication's own table in which its number would stand."""

from collections.abc import Mapping
from functools import cache, lru_cache

from attrs import evolve, frozen

from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind, Subject
from thbstats.geography import Area
from thbstats.values import Certainty, Period

__all__ = [
    "CUTS",
    "Cell",
    "base_key",
    "cell_of",
    "dimension_of",
    "is_settled",
    "place_of",
    "whole_of",
]

#: The dimensions that cut a count into parts; all others say what kind of count it is.
CUTS = ("sex", "age", "citizenship", "exploitation", "movement")
# What a record means where nothing else is said, so that saying it changes nothing.
_UNSAID = ("total", "not_stated")
_USUAL = {("offence", "trafficking"), ("register", "all")}


@frozen(kw_only=True)
class Cell:
    """Everyone or everything of which one count is made.

    Parameters
    ----------
    subject, status, unit : str
        As those of a claim; where one unit is not said, it agrees with any other.
    period : Period
        The reference period.
    members : frozenset of str or None
        The countries of the area; ``None`` where no area is said.
    codes : frozenset of (str, str)
        Categories by dimension.
    reporters : int, tuple of str or None
        The countries that gave the data, where they are said to be fewer than the area has.
    recorded : frozenset of str
        Dimensions: those whose category is unknown are not counted.
    """

    subject: str
    status: str
    period: Period
    members: frozenset[str] | None
    codes: frozenset[tuple[str, str]]
    unit: str = ""
    reporters: int | tuple[str, ...] | None = None
    recorded: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[object, ...]:
        """What two cells that count the same have in common."""
        return (
            *(self.subject, self.status, self.period),
            *(self.members, self.codes, self.reporters, self.recorded),
        )

    @property
    def table(self) -> tuple[object, ...]:
        """What a cell and its parts of the same period have in common."""
        return (self.subject, self.status, self.period, self._kind)

    def is_same(self, other: "Cell") -> bool:
        """Whether both count the same."""
        return self.key == other.key and self._counts_alike(other)

    def is_inside(self, other: "Cell") -> bool:
        """Whether everyone counted here is counted there, where also others are."""
        return (
            self.codes >= other.codes
            and _within(self.members, other.members)
            and self.table == other.table
            and self.key != other.key
            and self._known >= other.recorded
            and other.reporters in (None, self.reporters)
            and self._counts_alike(other)
        )

    @property
    def _kind(self) -> frozenset[tuple[str, str]]:
        return frozenset(pair for pair in self.codes if pair[0] not in CUTS)

    @property
    def _known(self) -> frozenset[str]:
        """The dimensions of which nobody here has an unknown category."""
        named = {name for name, code in self.codes if code != "unknown"}
        return self.recorded | named

    def _counts_alike(self, other: "Cell") -> bool:
        return not self.unit or not other.unit or self.unit == other.unit


def place_of(claim: Claim) -> str:
    """Return the area in which a claim counts; empty when not said."""
    return claim.category.get("area", claim.area)


# Each comparison of two claims needs their cells, and a claim never changes.
@lru_cache(maxsize=16384)
def cell_of(claim: Claim) -> Cell:
    """Return what a claim counts; for a share, its numerator."""
    cell = _cell(claim, claim.category, place_of(claim))
    if claim.kind is ClaimKind.COUNT and claim.base == "known":
        cell = evolve(cell, recorded=frozenset({claim.base_dimension}) - set(dict(cell.codes)))
    counts_people = claim.kind is ClaimKind.COUNT and claim.subject is Subject.VICTIMS
    return evolve(cell, unit="persons") if counts_people and not cell.unit else cell


@lru_cache(maxsize=16384)
def whole_of(claim: Claim) -> Cell:
    """Return everyone of whom a share may speak: its base, were nobody's category unknown."""
    return _cell(claim, claim.of, claim.of.get("area", claim.area))


def dimension_of(share: Claim) -> str:
    """Return the dimension that a share breaks down: the one named, or that of its category."""
    new = [name for name in share.category if name not in share.of]
    return share.base_dimension or " ".join(new)


def base_key(share: Claim) -> tuple[object, ...]:
    """Return what two shares of one base have in common."""
    everyone = whole_of(share).key
    if share.base == "known":
        return (*everyone, share.base, dimension_of(share))
    return (*everyone, share.base)


def is_settled(claim: Claim) -> bool:
    """Whether area, period and, for a share, the base are said: another number is then wrong."""
    said = bool(place_of(claim)) and claim.period.certainty is Certainty.EXACT
    return said and (claim.kind is not ClaimKind.SHARE or claim.base in ("all", "known"))


def _cell(claim: Claim, codes: Mapping[str, str], area: str) -> Cell:
    pairs = {pair for pair in codes.items() if pair[0] != "area" and _said(pair[1])}
    members = _members(area)
    return Cell(
        subject=claim.subject,
        status=_said(claim.status),
        period=claim.period,
        members=members,
        codes=frozenset(pairs - _USUAL),
        unit=_said(claim.unit),
        reporters=claim.reporters if _is_partial(claim, members) else None,
    )


def _is_partial(claim: Claim, members: frozenset[str] | None) -> bool:
    return members is not None and (
        claim.n_reporters is not None and claim.n_reporters < len(members)
    )


def _said(word: str) -> str:
    return "" if word in _UNSAID else word


@cache
def _members(area: str) -> frozenset[str] | None:
    return Area.parse(area).members if area else None


def _within(some: frozenset[str] | None, all_: frozenset[str] | None) -> bool:
    return some == all_ if some is None or all_ is None else some <= all_
