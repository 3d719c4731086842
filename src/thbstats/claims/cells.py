"""Cells that claims count."""

from collections.abc import Mapping
from functools import cache, cached_property, lru_cache

from attrs import evolve, frozen

from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind, Subject
from thbstats.geography import Area
from thbstats.values import Certainty, Period

#: The dimensions that divide a count into parts; all others define the kind of count.
CUTS = ("sex", "age", "citizenship", "exploitation", "movement")
# Default values, which change nothing if they are stated.
_DEFAULTS = ("total", "not_stated")
_DEFAULT_CODES = {("offence", "trafficking"), ("register", "all")}


@frozen(kw_only=True, cache_hash=True, slots=False)
class CountCell:
    """Cell of a table that one count refers to."""

    subject: str
    status: str
    period: Period
    members: frozenset[str] | None
    codes: frozenset[tuple[str, str]]
    unit: str = ""
    reporters: int | tuple[str, ...] | None = None
    recorded: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> tuple[object, ...]:
        """The identity of the cell, without its unit."""
        return (
            *(self.subject, self.status, self.period),
            *(self.members, self.codes, self.reporters, self.recorded),
        )

    @cached_property
    def table(self) -> tuple[object, ...]:
        """The common attributes of a cell and its parts of the same period."""
        return (self.subject, self.status, self.period, self._kind)

    def is_same(self, other: "CountCell") -> bool:
        """Return whether two cells are the same."""
        return self.key == other.key and self._has_compatible_unit(other)

    def is_inside(self, other: "CountCell") -> bool:
        """Return whether a cell is a proper part of another."""
        return (
            self.codes >= other.codes
            and _within(self.members, other.members)
            and self.table == other.table
            and self.key != other.key
            and self._known >= other.recorded
            and other.reporters in (None, self.reporters)
            and self._has_compatible_unit(other)
        )

    @cached_property
    def _kind(self) -> frozenset[tuple[str, str]]:
        return frozenset(pair for pair in self.codes if pair[0] not in CUTS)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The dimensions without an unknown category in the cell."""
        named = {name for name, code in self.codes if code != "unknown"}
        return self.recorded | named

    def _has_compatible_unit(self, other: "CountCell") -> bool:
        return not self.unit or not other.unit or self.unit == other.unit


def area_of(claim: Claim) -> str:
    """Return the area of a claim, or an empty text."""
    return claim.category.get("area", claim.area)


# Each comparison of two claims needs their cells, and claims are immutable.
@lru_cache(maxsize=16384)
def cell_of(claim: Claim) -> CountCell:
    """Return the cell of a claim; for a share, its numerator."""
    cell = _cell(claim, claim.category, area_of(claim))
    if claim.kind is ClaimKind.COUNT and claim.base == "known":
        cell = evolve(cell, recorded=frozenset({claim.base_dimension}) - set(dict(cell.codes)))
    counts_people = claim.kind is ClaimKind.COUNT and claim.subject is Subject.VICTIMS
    return evolve(cell, unit="persons") if counts_people and not cell.unit else cell


@lru_cache(maxsize=16384)
def whole_of(claim: Claim) -> CountCell:
    """Return the denominator of a share, including the unknown category."""
    return _cell(claim, claim.of, claim.of.get("area", claim.area))


@lru_cache(maxsize=16384)
def dimension_of(share: Claim) -> str:
    """Return the dimension of a share: the stated one, or that of its category."""
    new = [name for name in share.category if name not in share.of]
    return share.base_dimension or " ".join(new)


@lru_cache(maxsize=16384)
def base_key(share: Claim) -> tuple[object, ...]:
    """Return the identity of the denominator of a share."""
    everyone = whole_of(share).key
    if share.base == "known":
        return (*everyone, share.base, dimension_of(share))
    return (*everyone, share.base)


def is_settled(claim: Claim) -> bool:
    """Return whether a claim states its area, period and denominator."""
    is_stated = bool(area_of(claim)) and claim.period.certainty is Certainty.EXACT
    return is_stated and (claim.kind is not ClaimKind.SHARE or claim.base in ("all", "known"))


def _cell(claim: Claim, codes: Mapping[str, str], area: str) -> CountCell:
    pairs = {pair for pair in codes.items() if pair[0] != "area" and _stated(pair[1])}
    members = _members(area)
    return CountCell(
        subject=claim.subject,
        status=_stated(claim.status),
        period=claim.period,
        members=members,
        codes=frozenset(pairs - _DEFAULT_CODES),
        unit=_stated(claim.unit),
        reporters=claim.reporters if _is_partial(claim, members) else None,
    )


def _is_partial(claim: Claim, members: frozenset[str] | None) -> bool:
    return members is not None and (
        claim.n_reporters is not None and claim.n_reporters < len(members)
    )


def _stated(value: str) -> str:
    return "" if value in _DEFAULTS else value


@cache
def _members(area: str) -> frozenset[str] | None:
    return Area.parse(area).members if area else None


def _within(some: frozenset[str] | None, all_: frozenset[str] | None) -> bool:
    return some == all_ if some is None or all_ is None else some <= all_
