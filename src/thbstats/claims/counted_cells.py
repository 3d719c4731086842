"""Cells that claims count."""

from collections.abc import Mapping
from functools import lru_cache

from attrs import evolve, frozen

from thbstats._properties import cached_property
from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind, Subject
from thbstats.geography import Area
from thbstats.values import Certainty, Period

#: The dimensions that divide a count into parts; all others define the kind of count.
CUTS = ("sex", "age", "citizenship", "exploitation", "movement")
# Default values, which change nothing if they are stated.
_DEFAULTS = ("total", "not_stated")
_DEFAULT_CODES = {("offence", "trafficking"), ("register", "all")}
_KEY = ("subject", "status", "period", "members", "codes", "reporters", "recorded")

# Each comparison of two claims needs their cells, and claims are immutable.
_once = lru_cache(maxsize=16384)


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
        return tuple(getattr(self, name) for name in _KEY)

    @cached_property
    def table(self) -> tuple[object, ...]:
        """The common attributes of a cell and its parts of the same period."""
        kind = frozenset(pair for pair in self.codes if pair[0] not in CUTS)
        return (self.subject, self.status, self.period, kind)

    def is_same(self, other: "CountCell", *, without: tuple[str, ...] = ()) -> bool:
        """Return whether two cells are the same, apart from some attributes."""
        alike = self.key == other.key if not without else self._key(without) == other._key(without)
        return alike and self._has_compatible_unit(other)

    def _key(self, without: tuple[str, ...]) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _KEY if name not in without)

    def is_inside(self, other: "CountCell") -> bool:
        """Return whether a cell is a proper part of another."""
        members, all_ = self.members, other.members
        return (
            self.codes >= other.codes
            and (members == all_ if members is None or all_ is None else members <= all_)
            and self.table == other.table
            and self.key != other.key
            and self._known >= other.recorded
            and other.reporters in (None, self.reporters)
            and self._has_compatible_unit(other)
        )

    def without(self, dimension: str) -> "CountCell":
        """Return the cell with all categories of a dimension."""
        codes = frozenset(pair for pair in self.codes if pair[0] != dimension)
        return evolve(self, codes=codes)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The dimensions without an unknown category in the cell."""
        return self.recorded | {name for name, code in self.codes if code != "unknown"}

    def _has_compatible_unit(self, other: "CountCell") -> bool:
        return not self.unit or not other.unit or self.unit == other.unit


def area_of(claim: Claim) -> str:
    """Return the area of a claim, or an empty text."""
    return claim.category.get("area", claim.area)


@_once
def cell_of(claim: Claim) -> CountCell:
    """Return the cell of a claim; for a share, its numerator."""
    cell = _cell(claim, claim.category, area_of(claim))
    if claim.kind is not ClaimKind.COUNT:
        return cell
    if claim.base == "known":
        cell = evolve(cell, recorded=frozenset({claim.base_dimension}) - set(dict(cell.codes)))
    counts_people = claim.subject is Subject.VICTIMS and not cell.unit
    return evolve(cell, unit="persons") if counts_people else cell


@_once
def whole_of(claim: Claim) -> CountCell:
    """Return the denominator of a share, including the unknown category."""
    return _cell(claim, claim.of, claim.of.get("area", claim.area))


@_once
def dimension_of(share: Claim) -> str:
    """Return the dimension of a share: the stated one, or that of its category."""
    new = [name for name in share.category if name not in share.of]
    return share.base_dimension or " ".join(new)


@_once
def base_key(share: Claim) -> tuple[object, ...]:
    """Return the identity of the denominator of a share."""
    dimension = (dimension_of(share),) if share.base == "known" else ()
    return (*whole_of(share).key, share.base, *dimension)


def is_settled(claim: Claim) -> bool:
    """Return whether a claim states its area, period and denominator."""
    is_stated = bool(area_of(claim)) and claim.period.certainty is Certainty.EXACT
    return is_stated and (claim.kind is not ClaimKind.SHARE or claim.base in ("all", "known"))


def _cell(claim: Claim, codes: Mapping[str, str], area: str) -> CountCell:
    pairs = {pair for pair in codes.items() if pair[0] != "area" and pair[1] not in _DEFAULTS}
    members, reporters = Area.parse(area).members if area else None, claim.n_reporters
    is_partial = members is not None and reporters is not None and reporters < len(members)
    return CountCell(
        subject=claim.subject,
        status="" if claim.status in _DEFAULTS else claim.status,
        period=claim.period,
        members=members,
        codes=frozenset(pairs - _DEFAULT_CODES),
        unit="" if claim.unit in _DEFAULTS else claim.unit,
        reporters=claim.reporters if is_partial else None,
    )
