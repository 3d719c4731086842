"""Claims as constraints on the cells of a grid."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any

from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds.constraint import Constraint, Inequality, Linear
from thbstats.bounds.system import System
from thbstats.claims import (
    DIMENSIONS,
    Claim,
    ClaimKind,
    CountCell,
    Publication,
    Wording,
    cell_of,
    dimension_of,
    read_wording,
    whole_of,
)
from thbstats.claims.publication import Collection
from thbstats.claims.relations import UNKNOWN, Part, RoundingMethod, RoundingRules, axes_of, is_in
from thbstats.claims.selection import SPLITS
from thbstats.errors import InvalidValue, require, require_name
from thbstats.geography import COMPOSITIONS
from thbstats.languages import Message
from thbstats.values import Percent, exact

_MAX_CELLS = 3_000

BASES = ("all", "known")
_GROUPS = (UNKNOWN, "eu", "non_eu", "other_eu", "reporting_country")


def with_category(cell: CountCell, dimension: str, code: str) -> CountCell:
    """Return a cell with one more category."""
    return evolve(cell, codes=cell.codes | {(dimension, code)})


@frozen(kw_only=True, slots=False)
class CellGrid:
    """Disjoint cells, one for each combination of parts of dimensions.

    The dimensions include ``period``, ``area`` and ``status``. For claims on women and on children,
    the parts of sex are "female", "no female" and "unknown", and there are nine cells with age.
    """

    parts: Mapping[str, tuple[Part, ...]]

    @property
    def size(self) -> int:
        """The number of cells; it is too large if many categories overlap."""
        return prod(map(len, self.parts.values()))

    @property
    def is_small(self) -> bool:
        """Whether the cells are few enough for a system."""
        return self.size <= _MAX_CELLS

    @cached_property
    def cells(self) -> dict[str, dict[str, Part]]:
        """The parts of each cell, by name."""
        requirement = f"the claims must need at most {_MAX_CELLS} cells, got {self.size}"
        hint = "Set fewer `assume_base`, or exclude claims"
        require(self.is_small, requirement, hint, claims=", ".join(self.parts))
        return {
            " | ".join(part.label for part in parts): dict(zip(self.parts, parts, strict=True))
            for parts in product(*self.parts.values())
        }

    @property
    def labels(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """The label of each part of each cell, by dimension."""
        return {
            name: tuple((dimension, part.label) for dimension, part in parts.items())
            for name, parts in self.cells.items()
        }

    @classmethod
    def of(cls, cells: Iterable[CountCell], *, overlapping: Iterable[str] = ()) -> "CellGrid":
        """Return the coarsest grid in which each of some cells is a sum."""
        return cls(parts=axes_of(cells, overlapping=overlapping))

    def sum(self, cell: CountCell, *, recorded: Iterable[str] = ()) -> Linear:
        """Return a cell of claims as a sum, without unknown categories of `recorded` dimensions."""
        counted = evolve(cell, recorded=frozenset(recorded))
        inside = [
            [part.label for part in parts if is_in(part, name, counted)]
            for name, parts in self.parts.items()
        ]
        return Linear.sum(map(" | ".join, product(*inside)) if self.cells else ())


def to_codes(name: str, codes: Mapping[str, str] | None) -> dict[str, str]:
    """Return the codes of an argument."""
    requirement = f"`{name}` must be a mapping of names to codes"
    is_mapping = codes is None or isinstance(codes, Mapping)
    code = "all" if name == "assume_base" else "female"
    require(is_mapping, requirement, f'Use {name}={{"sex": "{code}"}}', **{name: codes})
    return dict(codes or {})


def to_names(name: str, names: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of an argument."""
    is_several = isinstance(names, Iterable)
    require(is_several, f"`{name}` must be a name or several", f"Use {name}=()", **{name: names})
    return (names,) if isinstance(names, str) else tuple(names)


def _assumed_bases(codes: Mapping[str, str] | None) -> dict[str, str]:
    return to_codes("assume_base", codes)


def _overlapping(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset(to_names("overlapping", names))


def _excluded(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset(to_names("exclude", names))


def _publication(publication: Any) -> Publication:
    """Return several publications as one."""
    single = isinstance(publication, (Publication, str, Mapping))
    if not single and isinstance(publication, Iterable):
        publication = Collection.of(publication)
    if not isinstance(publication, Publication):
        raise InvalidValue(
            "`publication` must be a Publication",
            field="publication",
            value=publication if isinstance(publication, str) else type(publication),
            hint="Read a claims file with read_claims, or use one of thbstats.publications",
        )
    return publication


def check_names(argument: str, values: Iterable[str], options: Iterable[str]) -> None:
    """Raise an error unless all values of an argument are options."""
    known = tuple(options)
    for value in values:
        require_name(value, known, f"`{argument}` must be a known name", field=argument)


@frozen(slots=False, eq=False)
class ClaimOptions:
    """Claims of a publication and the assumptions to read them, as for `Evidence`."""

    publication: Publication = field(converter=_publication)
    assume_base: dict[str, str] = field(converter=_assumed_bases, default=None, kw_only=True)
    overlapping: frozenset[str] = field(converter=_overlapping, default=(), kw_only=True)
    rounding: RoundingMethod | Mapping[str, RoundingMethod] | None = field(
        default=None, kw_only=True
    )
    allow_tie_either_way: bool = field(default=False, kw_only=True)
    use_wording: bool = field(default=False, kw_only=True)
    exclude: frozenset[str] = field(converter=_excluded, default=(), kw_only=True)
    rules: RoundingRules = field(init=False, repr=False)
    selections: dict[Any, Any] = field(factory=dict, init=False, repr=False)
    """The selected claims of each query so far."""

    def __attrs_post_init__(self) -> None:
        ids = [claim.id for claim in self.publication.claims]
        check_names("assume_base", self.assume_base, (*DIMENSIONS, *ids))
        check_names("assume_base", self.assume_base.values(), BASES)
        check_names("overlapping", self.overlapping, SPLITS)
        stated = self.overlapping.union(self.publication.overlapping)
        object.__setattr__(self, "overlapping", stated)  # a field of a frozen record
        groups = (claim.makes for claim in self.publication.claims if claim.makes)
        check_names("exclude", self.exclude, (*ids, *groups))
        object.__setattr__(self, "rules", RoundingRules.of(self.rounding, ids))

    def allows_ties(self, claim: Claim) -> bool:
        """Return whether a tie of a percentage can be rounded either up or down."""
        return self.allow_tie_either_way or self.rules.has_either_tie(claim)

    def has_unstated_base(self, claim: Claim) -> bool:
        """Return whether the denominator of a share is neither stated nor assumed."""
        return claim.kind is ClaimKind.SHARE and not base_of(self, claim)

    def has_open_base(self, claim: Claim) -> bool:
        """Return whether a denominator is not stated and is not a sum of parts."""
        return self.has_unstated_base(claim) and _common_base(self, claim) is None


def excluded_claims(options: ClaimOptions) -> dict[str, str]:
    """Return the reason of each exclusion, by claim id or group."""
    publication = options.publication
    revised = publication.superseded if isinstance(publication, Collection) else {}
    text = "{location} revises its release"
    excluded = {c.id: Message(text, location=own.location) for c, own in revised.items()}
    return {**excluded, **dict.fromkeys(options.exclude, Message("excluded on request"))}


def base_of(options: ClaimOptions, share: Claim) -> str:
    """Return the denominator of a share; empty if it is neither stated nor assumed."""
    is_stated = share.base in BASES
    if share.id in options.assume_base:
        return options.assume_base[share.id]
    if not (is_stated and share.base_printed):
        for name in dimension_of(share).split():
            if name in options.assume_base:
                return options.assume_base[name]
    return share.base if is_stated else ""


def claim_cells(options: ClaimOptions, claim: Claim) -> Iterator[CountCell]:
    """Yield the cells of a claim."""
    cell = cell_of(claim)
    if claim.kind is ClaimKind.RANKING:
        for code in claim.ranks:
            yield with_category(whole_of(claim), claim.base_dimension, code)
        return
    yield cell
    yield from (with_category(cell, name, UNKNOWN) for name in sorted(cell.recorded))
    if claim.kind is ClaimKind.SHARE:
        whole = whole_of(claim)
        yield whole
        unknown = _unknown_dimensions(options, claim)
        yield from (with_category(whole, name, UNKNOWN) for name in unknown)
    if claim.since is not None:
        yield evolve(cell, period=claim.since)


def _common_base(options: ClaimOptions, claim: Claim) -> list[Claim] | None:
    """Return shares that add up to 100% of a denominator that is not stated, or ``None``."""
    if not claim.makes or not options.has_unstated_base(claim):
        return None
    group = [other for other in options.publication.claims if other.makes == claim.makes]
    is_whole = all(other.percent and options.has_unstated_base(other) for other in group)
    return group if is_whole and len(group) > 1 else None


def _unknown_dimensions(options: ClaimOptions, claim: Claim) -> list[str]:
    """Return the dimensions whose unknown category the denominator of a share excludes."""
    return dimension_of(claim).split() if base_of(options, claim) == "known" else []


@frozen(kw_only=True, slots=False)
class ClaimGrid(CellGrid):
    """Grid of some claims and their constraints."""

    options: ClaimOptions = field(repr=False)

    @classmethod
    def of_claims(
        cls, options: ClaimOptions, claims: Iterable[Claim], targets: Iterable[CountCell] = ()
    ) -> "ClaimGrid":
        """Return the coarsest grid of some claims and further cells."""
        cells = [*targets, *(cell for claim in claims for cell in claim_cells(options, claim))]
        return cls(parts=axes_of(cells, overlapping=options.overlapping), options=options)

    def system(
        self,
        claims: Iterable[Claim],
        others: Iterable[Constraint] = (),
        assumptions: Iterable[str] = (),
    ) -> System:
        """Return the system of counts, percentages and changes, and of other constraints."""
        return System(self.cells, [*map(self.constraint, claims), *others], assumptions)

    def sums(self, claim: Claim) -> tuple[Linear, Linear]:
        """Return the numerator and denominator of a percentage."""
        cell = cell_of(claim)
        if (group := _common_base(self.options, claim)) is not None:
            parts = [self.sum(cell_of(part)) for part in group]
            return self.sum(cell), sum(parts, Linear())
        if claim.since is not None:
            return self.sum(cell), self.sum(evolve(cell, period=claim.since))
        unknown = _unknown_dimensions(self.options, claim)
        return self.sum(cell), self.sum(whole_of(claim), recorded=unknown)

    def constraint(self, claim: Claim) -> Constraint:
        """Return the constraint of a count, a percentage or a change."""
        if claim.kind is ClaimKind.COUNT:
            return self._count(claim)
        if claim.kind is ClaimKind.CHANGE:
            return self._change(claim)
        wording = read_wording(claim.wording) if claim.rounded is None else None
        if wording is not None:
            return self._worded_share(claim, wording)
        return self._open_share(claim) if self.options.has_open_base(claim) else self._share(claim)

    def _count(self, claim: Claim) -> Constraint:
        """Return ``least <= count <= most``; "at least" has no upper bound."""
        counted, cell = self.options.rules.counted(claim), cell_of(claim)
        most = None if claim.at_least else int(counted.upper or 0)
        sum_ = self.sum(cell, recorded=cell.recorded)
        return Constraint.between(
            claim.id, sum_, int(counted.lower or 0), most, text=_text(claim.printed, claim)
        )

    def _share(self, claim: Claim) -> Constraint:
        """Return ``lower <= part / whole < upper``."""
        return self._rounded(claim, *self.sums(claim), at_least=claim.at_least)

    def _change(self, claim: Claim) -> Constraint:
        """Return ``lower <= (count - count before) / count before < upper``."""
        count, before = self.sums(claim)
        return self._rounded(claim, count - before, before, at_least=False)

    def _rounded(self, claim: Claim, part: Linear, whole: Linear, *, at_least: bool) -> Constraint:
        return Constraint.percentage(
            claim.id,
            part,
            whole,
            self._percent(claim),
            allow_tie_either_way=self.options.allows_ties(claim),
            at_least=at_least,
            text=_text(claim.printed, claim),
        )

    def _percent(self, claim: Claim) -> Percent:
        return self.options.rules.rounded(claim) or Percent(claim.printed)

    def _worded_share(self, claim: Claim, wording: Wording) -> Constraint:
        """Return ``lower <= part / whole <= upper`` of a share in words, such as "the majority"."""
        bounds = (exact(wording.lower), exact(wording.upper))
        closed = (wording.lower_closed, wording.upper_closed)
        text = _text(f"“{wording.phrase}”", claim)
        return Constraint.share(claim.id, *self.sums(claim), bounds, closed=closed, text=text)

    def _open_share(self, claim: Claim) -> Constraint:
        """Return ``part / whole < upper``, for a share of a part of all persons.

        A smaller denominator than all persons gives any larger share.
        """
        part, whole = self.sums(claim)
        printed, text = self._percent(claim), _text(claim.printed, claim)
        is_closed = (True, printed.upper_closed or self.options.allows_ties(claim))
        bounds = (Fraction(0), None if claim.at_least else printed.upper)
        share = Constraint.share(claim.id, part, whole, bounds, closed=is_closed, text=text)
        rows = [*share.inequalities[1:], *([Inequality(-part, -1)] if printed.lower > 0 else [])]
        return evolve(share, inequalities=rows, published=printed.interval)

    def whole(self, name: str, group: Iterable[Claim]) -> Constraint | None:
        """Return the constraint that shares add up to 100%; ``None`` if it is redundant."""
        sums = [self.sums(claim) for claim in group]
        parts = sum((part for part, _ in sums), Linear())
        wholes = {whole for _, whole in sums}
        if len(wholes) > 1 or wholes == {parts}:
            return None
        text = Message("the parts of {name} add up to 100%", name=name)
        return Constraint.equality(f"makes {name}", parts, wholes.pop(), text=text)

    def order(self, claim: Claim, *, of_groups: bool = False) -> Constraint | None:
        """Return the constraint of a ranking, or ``None`` if it is empty.

        Each listed category has at least the count of any other single category, and together the
        EU countries that are not listed have at most their number times it. In an ordered list,
        each category has at least the count of the next one. With ``of_groups``, each listed
        category has also at least the count of every group of categories that are not listed,
        which a ranking does not state.
        """
        whole, name = whole_of(claim), claim.base_dimension

        def is_single(code: str) -> bool:
            if name == "citizenship":
                return code not in _GROUPS
            forms, others = ("sexual", "labour"), ("female", "male", "child", "adult")
            return code in (forms if name == "exploitation" else others)

        listed = [self.sum(with_category(whole, name, code)) for code in claim.ranks]
        codes = dict.fromkeys(code for part in self.parts[name] for code in sorted(part.codes))
        others = [
            self.sum(with_category(whole, name, code))
            for code in codes
            if code not in claim.ranks and is_single(code)
        ]
        if of_groups:
            inside = {cell for own in listed for cell in own.cells}
            cells = [cell for cell in self.sum(whole).cells if cell not in inside]
            others = [
                Linear.sum(cell for cell in cells if self.cells[cell][name] is part)
                for part in self.parts[name]
                if part.is_recorded
            ]
        # A category and a part of it can both be listed, and do not exclude each other.
        rows = [
            Inequality(low - high, 0)
            for high in listed
            for low in others
            if low.terms and not set(low.cells) & set(high.cells)
        ]
        if name == "citizenship" and ("citizenship", "eu") in whole.codes:
            unlisted = Linear.sum(
                cell for cell in self.sum(whole).cells if self.cells[cell][name].label == "eu"
            )
            number = len(COMPOSITIONS["EU28"].members.difference(codes))
            rows += [Inequality(unlisted - number * high, 0) for high in listed if unlisted.terms]
        if claim.ordered:
            rows += [Inequality(after - before, 0) for before, after in pairwise(listed)]
        text = _text(f"{', '.join(claim.ranks)} first", claim)
        return Constraint(claim.id, rows, text=text) if rows else None


def _text(words: str, claim: Claim) -> str:
    return f"{words} in {claim.location} ({claim.id})"
