"""Claims as a system of constraints on the cells of a grid."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any, TypeVar

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
from thbstats.claims.relations import (
    REGISTERED,
    STATUSES,
    UNKNOWN,
    Part,
    RoundingMethod,
    RoundingRules,
    axes_of,
    is_in,
)
from thbstats.claims.selection import SPLITS
from thbstats.errors import ImpossibleResult, InvalidValue, require, require_name
from thbstats.geography import COMPOSITIONS
from thbstats.languages import Message
from thbstats.values import Certainty, Percent, Period, exact
from thbstats.vocabulary import VictimStatus

REGISTERED_STATUSES = frozenset({str(VictimStatus.REGISTERED), *map(str, REGISTERED)})
"""The statuses that form a sum and its parts."""

Kind = tuple[object, ...]
"""The common attributes of the cells of one table."""

_MAX_CELLS = 3_000

BASES = ("all", "known")
_GROUPS = (UNKNOWN, "eu", "non_eu", "other_eu", "reporting_country")


def plain_codes(cell: CountCell) -> frozenset[tuple[str, str]]:
    """Return the codes of a cell that do not split a table."""
    return frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)


def kind_of(cell: CountCell, *, statuses: bool = False) -> Kind:
    """Return the common attributes of the cells of one table, except the period.

    With `statuses`, registered, identified and presumed victims belong to one table.
    """
    status = str(cell.status)
    if statuses and status in REGISTERED_STATUSES:
        status = str(VictimStatus.REGISTERED)
    return (str(cell.subject), status, plain_codes(cell), cell.reporters)


def are_linked(left: Period, right: Period) -> bool:
    """Return whether two periods have common days, so that their counts are related."""
    exact_ = {left.certainty, right.certainty} == {Certainty.EXACT}
    return left == right or (exact_ and bool(left.overlaps(right)))


def wording_of(claim: Claim) -> Wording | None:
    """Return the wording of a share without a number, or ``None``."""
    is_wording = claim.kind is ClaimKind.SHARE and not claim.printed
    return read_wording(claim.wording) if is_wording else None


def has_number(claim: Claim) -> bool:
    """Return whether a claim contains an exact count or a percentage of counts."""
    rounded = claim.rounded is not None and not claim.per
    return not claim.is_hedged and (claim.is_counted or rounded)


def is_audited(claim: Claim) -> bool:
    """Return whether an audit has a constraint for a claim: also counts without a code."""
    is_count = claim.kind is ClaimKind.COUNT and claim.count is not None
    return has_number(claim) or (is_count and not claim.is_hedged)


def with_category(cell: CountCell, dimension: str, code: str) -> CountCell:
    """Return a cell with one more category."""
    return evolve(cell, codes=cell.codes | {(dimension, code)})


@frozen(kw_only=True, slots=False)
class CellGrid:
    """Disjoint cells, one for each combination of parts of dimensions.

    The dimensions include ``period``, ``area`` and ``status``.
    """

    parts: Mapping[str, tuple[Part, ...]]

    @cached_property
    def cells(self) -> dict[str, dict[str, Part]]:
        """The parts of each cell, by name."""
        number = prod(map(len, self.parts.values()))
        requirement = f"the claims must need at most {_MAX_CELLS} cells, got {number}"
        hint = "Set fewer `assume_base`, or exclude claims"
        require(number <= _MAX_CELLS, requirement, hint, claims=", ".join(self.parts))
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
        """Return a cell of claims as a sum; exclude the unknown of the `recorded` dimensions."""
        counted = evolve(cell, recorded=frozenset(recorded))
        inside = [
            [part.label for part in parts if is_in(part, name, counted)]
            for name, parts in self.parts.items()
        ]
        return Linear.sum(map(" | ".join, product(*inside)) if self.cells else ())


def _mapping(bases: Mapping[str, str] | None) -> dict[str, str]:
    return dict(bases or {})


def _names(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset((names,) if isinstance(names, str) else names)


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
    assume_base: dict[str, str] = field(converter=_mapping, default=None, kw_only=True)
    overlapping: frozenset[str] = field(converter=_names, default=(), kw_only=True)
    rounding: RoundingMethod | Mapping[str, RoundingMethod] | None = field(
        default=None, kw_only=True
    )
    allow_tie_either_way: bool = field(default=False, kw_only=True)
    use_wording: bool = field(default=False, kw_only=True)
    exclude: frozenset[str] = field(converter=_names, default=(), kw_only=True)
    rules: RoundingRules = field(init=False, repr=False)
    _cache: dict[Any, Any] = field(factory=dict, init=False, repr=False)

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

    @cached_property
    def _excluded(self) -> dict[str, str]:
        """The reason of each exclusion, by claim id or group."""
        publication = self.publication
        revised = publication.superseded if isinstance(publication, Collection) else {}
        text = "{location} revises its release"
        excluded = {c.id: Message(text, location=own.location) for c, own in revised.items()}
        return {**excluded, **dict.fromkeys(self.exclude, Message("excluded on request"))}

    def _base_of(self, share: Claim) -> str:
        """Return the denominator of a share; empty if it is neither stated nor assumed."""
        is_stated = share.base in BASES
        if share.id in self.assume_base:
            return self.assume_base[share.id]
        if not (is_stated and share.base_printed):
            for name in dimension_of(share).split():
                if name in self.assume_base:
                    return self.assume_base[name]
        return share.base if is_stated else ""

    def allows_ties(self, claim: Claim) -> bool:
        """Return whether a tie of a percentage can be rounded either up or down."""
        return self.allow_tie_either_way or self.rules.has_either_tie(claim)

    def has_unstated_base(self, claim: Claim) -> bool:
        """Return whether the denominator of a share is neither stated nor assumed."""
        return claim.kind is ClaimKind.SHARE and not self._base_of(claim)

    def has_open_base(self, claim: Claim) -> bool:
        """Return whether a denominator is not stated and not the sum of parts."""
        return self.has_unstated_base(claim) and self._common_base(claim) is None

    def _common_base(self, claim: Claim) -> list[Claim] | None:
        """Return shares that make 100% of a denominator that is not stated, or ``None``."""
        if not claim.makes or not self.has_unstated_base(claim):
            return None
        group = [other for other in self.publication.claims if other.makes == claim.makes]
        is_whole = all(other.percent and self.has_unstated_base(other) for other in group)
        return group if is_whole and len(group) > 1 else None

    def _unknown_dimensions(self, claim: Claim) -> list[str]:
        """Return the dimensions whose unknown category the denominator of a share excludes."""
        return dimension_of(claim).split() if self._base_of(claim) == "known" else []

    def _cells(self, claim: Claim) -> Iterator[CountCell]:
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
            unknown = self._unknown_dimensions(claim)
            yield from (with_category(whole, name, UNKNOWN) for name in unknown)
        if claim.since is not None:
            yield evolve(cell, period=claim.since)


@frozen(kw_only=True, slots=False)
class ClaimGrid(CellGrid):
    """Grid of some claims and their constraints."""

    options: ClaimOptions = field(repr=False)

    @classmethod
    def of_claims(
        cls, options: ClaimOptions, claims: Iterable[Claim], targets: Iterable[CountCell] = ()
    ) -> "ClaimGrid":
        """Return the coarsest grid of some claims and further cells."""
        cells = [*targets, *(cell for claim in claims for cell in options._cells(claim))]
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
        if (group := self.options._common_base(claim)) is not None:
            parts = [self.sum(cell_of(part)) for part in group]
            return self.sum(cell), sum(parts, Linear())
        if claim.since is not None:
            return self.sum(cell), self.sum(evolve(cell, period=claim.since))
        return self.sum(cell), self.sum(
            whole_of(claim), recorded=self.options._unknown_dimensions(claim)
        )

    def constraint(self, claim: Claim) -> Constraint:
        """Return the constraint of a count, a percentage or a change."""
        text = f"{claim.printed} in {claim.location} ({claim.id})"
        if claim.kind is ClaimKind.COUNT:
            counted, cell = self.options.rules.counted(claim), cell_of(claim)
            sum_ = self.sum(cell, recorded=cell.recorded)
            least, most = int(counted.lower or 0), int(counted.upper or 0)
            most_or_none = None if claim.at_least else most
            return Constraint.between(claim.id, sum_, least, most_or_none, text=text)
        part, whole = self.sums(claim)
        wording = read_wording(claim.wording) if claim.rounded is None else None
        if wording is not None:
            text = f"“{wording.phrase}” in {claim.location} ({claim.id})"
            bounds = (exact(wording.lower), exact(wording.upper))
            closed = (wording.lower_closed, wording.upper_closed)
            return Constraint.share(claim.id, part, whole, bounds, closed=closed, text=text)
        if self.options.has_open_base(claim):
            return self._of_open_base(claim, part, whole, text)
        is_change = claim.kind is ClaimKind.CHANGE
        return Constraint.percentage(
            claim.id,
            part - whole if is_change else part,
            whole,
            self.options.rules.rounded(claim) or Percent(claim.printed),
            allow_tie_either_way=self.options.allows_ties(claim),
            at_least=claim.at_least and not is_change,
            text=text,
        )

    def _of_open_base(self, claim: Claim, part: Linear, whole: Linear, text: str) -> Constraint:
        """Return the constraint of a share of some of all persons: an upper bound of its part.

        A smaller denominator than all persons gives any larger share.
        """
        printed = self.options.rules.rounded(claim) or Percent(claim.printed)
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

    def order(self, claim: Claim) -> Constraint | None:
        """Return the constraint of a ranking, or ``None`` if it is empty.

        Each listed category has at least the count of any other single category, and together the
        EU countries that are not listed have at most their number times it. In an ordered list,
        each category has at least the count of the next one.
        """
        whole, name = whole_of(claim), claim.base_dimension

        def is_single(label: str) -> bool:
            if name == "citizenship":
                return label not in _GROUPS
            forms, others = ("sexual", "labour"), ("female", "male", "child", "adult")
            return label in (forms if name == "exploitation" else others)

        listed = [self.sum(with_category(whole, name, code)) for code in claim.ranks]
        labels = [part.label for part in self.parts[name]]
        others = [
            self.sum(with_category(whole, name, label))
            for label in labels
            if label not in claim.ranks and is_single(label)
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
            number = len(COMPOSITIONS["EU28"].members.difference(labels))
            rows += [Inequality(unlisted - number * high, 0) for high in listed if unlisted.terms]
        if claim.ordered:
            rows += [Inequality(after - before, 0) for before, after in pairwise(listed)]
        text = f"{', '.join(claim.ranks)} first in {claim.location} ({claim.id})"
        return Constraint(claim.id, rows, text=text) if rows else None


Result = TypeVar("Result")


@frozen(kw_only=True, slots=False)
class ClaimSystem:
    """Claims of a publication as a system of constraints for one query.

    The `targets` are the cells of the query. With `whole`, claims are included that are not related
    to the query, and percentages of denominators without a published count. With `statuses`,
    registered victims are the sum of identified and presumed victims. With `dimensions`, only
    claims on some of these are included, and shares of denominators that are not stated.
    """

    options: ClaimOptions = field(repr=False)
    targets: tuple[CountCell, ...] = field(converter=tuple[CountCell, ...])
    whole: bool = False
    statuses: bool = False
    dimensions: frozenset[str] | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims of the publication."""
        return self.options.publication.claims

    def _once(self, key: tuple[object, ...], compute: "Callable[[], Result]") -> "Result":
        """Return a result that all systems on the same counts share.

        The key has all that a result depends on: `_about`, and what a method adds to it.
        """
        cache, key = self.options._cache, (*key, *self._about)
        if key not in cache:
            cache[key] = compute()
        result: Result = cache[key]
        return result

    @cached_property
    def _about(self) -> tuple[object, ...]:
        """The counts that are related to the query."""
        periods = frozenset(cell.period for cell in self.targets)
        unit = self.targets[0].unit
        return (
            *(self._kind, unit, periods, self.is_nowhere),
            *(self.whole, self.statuses, self.dimensions),
        )

    def _kind_of(self, cell: CountCell) -> Kind:
        return kind_of(cell, statuses=self.statuses)

    @cached_property
    def _kind(self) -> Kind:
        return self._kind_of(self.targets[0])

    @property
    def is_nowhere(self) -> bool:
        """Whether the query has no area."""
        return self.targets[0].members is None

    @property
    def numbers(self) -> tuple[Claim, ...]:
        """The claims with a number on the same kind of count, in linked periods.

        Periods are linked by changes and by common days.
        """
        return self._once(("numbers",), self._find_numbers)

    def _find_numbers(self) -> tuple[Claim, ...]:
        # 1. The claims with a number on the same kind of count as the query.
        is_number = is_audited if self.whole else has_number
        same = [
            claim
            for claim in self.claims
            if (is_number(claim) or (self.options.use_wording and wording_of(claim) is not None))
            and self._kind_of(cell_of(claim)) == self._kind
            and not (self.is_nowhere and claim.area)
        ]
        # 2. A missing unit is compatible with any other; two different units are not.
        units = [self.targets[0].unit, *(cell_of(claim).unit for claim in same)]
        same = [c for c in same if cell_of(c).unit in ("", next(filter(None, units), ""))]
        # 3. From the periods of the query on, linked periods are added until none is left.
        periods: set[Period] = set()
        more = {cell.period for cell in self.targets}
        spans = {tuple(filter(None, (claim.period, claim.since))) for claim in same}
        while more - periods:
            periods |= more
            more = {
                period
                for span in spans
                if any(are_linked(single, two) for single in span for two in periods)
                for period in span
            }
        return tuple(claim for claim in same if claim.period in periods)

    @property
    def _selection(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        """The included claims, and the reasons of exclusion of the others."""
        return self._once(("sorted", self._names), self._sort)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The dimensions of the query; all of them if every claim is included."""
        names = {name for cell in self.targets for name, _ in cell.codes if name in SPLITS}
        return frozenset(SPLITS if self.whole else names)

    def _exclusion(self, claim: Claim) -> str | None:
        """Return why a claim cannot be part of the system, or ``None``."""
        options = self.options
        if claim.id in options._excluded:
            return options._excluded[claim.id]
        if not (claim.area or self.is_nowhere):
            return Message("its area is not stated")
        if options.has_unstated_base(claim) and not self._has_dimensions(claim):
            return Message("its denominator is not stated")
        if self.whole and self.dimensions is None and _has_topic(self.splits(claim)):
            return Message("its category has no code")
        if self.dimensions is not None and not self.splits(claim) <= self.dimensions:
            return Message("it is not related to the query")
        return None

    def _sort(self) -> tuple[tuple[Claim, ...], dict[str, str]]:
        """Return the included claims, and the reasons of exclusion, in three steps."""
        # 1. Claims are excluded one by one, such as those without an area.
        exclusions = {claim.id: self._exclusion(claim) for claim in self.numbers}
        reasons = {name: reason for name, reason in exclusions.items() if reason is not None}
        candidates = [claim for claim in self.numbers if claim.id not in reasons]
        # 2. Counts are included, and percentages once the included claims prove that their
        # numerator or denominator is above 0. Each percentage can be the proof of another one.
        grid = ClaimGrid.of_claims(self.options, candidates, self.targets)
        included = [c for c in candidates if self.whole or c.kind is ClaimKind.COUNT]
        waiting = [claim for claim in candidates if claim not in included]
        while waiting:
            system = grid.system(included)
            added = [claim for claim in waiting if _is_positive(system, *grid.sums(claim))]
            if not added:
                break
            included += added
            waiting = [claim for claim in waiting if claim not in added]
        for claim in waiting:
            reasons[claim.id] = Message("no published count belongs to its denominator")
        # 3. Included claims on dimensions that do not restrict the others are taken out again.
        for claim in (irrelevant := self._irrelevant(included)):
            reasons[claim.id] = Message("it is not related to the query")
        return tuple(c for c in self.numbers if c in included and c not in irrelevant), reasons

    def splits(self, claim: Claim) -> frozenset[str]:
        """Return the dimensions that a claim divides; each topic is one, as topics can overlap."""
        return frozenset(
            f"{_TOPIC}{code}" if name == "topic" else name
            for cell in self.options._cells(claim)
            for name, code in (*cell.codes, *((name, "") for name in cell.recorded))
            if name in SPLITS
        )

    def _has_dimensions(self, claim: Claim) -> bool:
        """Return whether a share of an unstated base adds no dimension to the system."""
        if self.dimensions is not None or not self.whole:
            return self.dimensions is not None
        return self.splits(claim) <= self._stated_dimensions

    @cached_property
    def _stated_dimensions(self) -> frozenset[str]:
        """The dimensions of the claims without topics and unstated denominators."""
        stated = (c for c in self.numbers if not self.options.has_unstated_base(c))
        names = (some for some in map(self.splits, stated) if not _has_topic(some))
        return frozenset[str]().union(*names)

    def by_dimensions(self) -> "Iterator[ClaimSystem]":
        """Yield the system, and smaller ones that contain what it does not.

        These are the claims of each topic, shares of denominators that are not stated, and all
        claims if the system has too many cells. A denominator that is not stated bounds a numerator
        from above only. It needs claims that bound the numerator from below, or parts that make
        100%.
        """
        stated, unstated = list[Claim](), list[Claim]()
        for claim in self.numbers:
            is_open = self.options.has_unstated_base(claim) and not self._has_dimensions(claim)
            (unstated if is_open else stated).append(claim)
        used = set(map(self.splits, stated))
        names = set(filter(_has_topic, used))
        try:  # too many cells, and too many categories that overlap, raise an error
            _ = self.grid.cells
        except InvalidValue:
            names |= used
        else:
            yield self
        for claim in unstated:
            new = {name for name in claim.category if name not in claim.of} & set(SPLITS)
            if claim.makes or any(new <= others for others in used):
                names.add(self.splits(claim))
        for some in sorted(names, key=sorted):
            if not any(some < others for others in names):
                yield evolve(self, dimensions=some)

    def _irrelevant(self, included: list[Claim]) -> list[Claim]:
        """Return the claims on dimensions that do not restrict the others.

        All claims of such a dimension split one published number of persons. Any table that
        satisfies the other claims can be extended to satisfy them, if the number alone can. A query
        on forms of exploitation does not need the age groups of all victims.
        """
        irrelevant: list[Claim] = []
        used = {*self._names, *(claim.base_dimension for claim in self._ranked)}
        for name in (name for name in SPLITS if name not in used):
            left = [claim for claim in included if claim not in irrelevant]
            cells = {claim: list(self.options._cells(claim)) for claim in left}
            split = [c for c in left if any(name in dict(cell.codes) for cell in cells[c])]
            keys = {_without(cell, name).key for claim in split for cell in cells[claim]}
            if len(keys) != 1 or any(claim.makes for claim in split):
                continue
            counts = (c for c in left if c.kind is ClaimKind.COUNT and not c.at_least)
            exact = (c for c in counts if self.options.rules.unit(c) == 1)
            total = next((c for c in exact if c not in split and cell_of(c).key in keys), None)
            if total is not None:
                claims = [total, *split]
                grid = ClaimGrid.of_claims(self.options, claims)
                irrelevant += split if grid.system(claims).is_feasible else []
        return irrelevant

    @property
    def included(self) -> tuple[Claim, ...]:
        """The included claims with a number, in the order of the text."""
        return self._selection[0]

    @cached_property
    def rankings(self) -> tuple[Claim, ...]:
        """Rankings that constrain the query."""
        cells = [*self.targets, *self._included_cells()]
        names = {name for cell in cells for name, _ in cell.codes if name in SPLITS}
        return tuple(claim for claim in self._ranked if claim.base_dimension in names)

    @cached_property
    def _ranked(self) -> tuple[Claim, ...]:
        """The rankings of the same counts."""
        periods = {cell.period for cell in self.targets} | {claim.period for claim in self.numbers}
        return tuple(
            claim
            for claim in self.claims
            if claim.kind is ClaimKind.RANKING
            and (self.dimensions is None or claim.base_dimension in self.dimensions)
            and claim.id not in self.options._excluded
            and bool(claim.area) != self.is_nowhere
            and self._kind_of(cell_of(claim)) == self._kind
            and claim.period in periods
        )

    def _included_cells(self) -> Iterator[CountCell]:
        return (cell for claim in self.included for cell in self.options._cells(claim))

    def containing_cells(self, cell: CountCell) -> Iterator[CountCell]:
        """Yield the cells that contain a cell."""
        for pair in cell.codes:
            if pair[0] in SPLITS:
                yield evolve(cell, codes=cell.codes - {pair})
        for members in dict.fromkeys(other.members for other in self._included_cells()):
            if members and cell.members and cell.members < members:
                yield evolve(cell, members=members)

    @property
    def used(self) -> frozenset[Claim]:
        """The claims with a constraint in the system."""
        names = {constraint.name for constraint in self.system.constraints}
        return frozenset(claim for claim in self.claims if claim.id in names)

    @property
    def rejected(self) -> tuple[tuple[Claim, str], ...]:
        """The claims with a number that are not used, with reasons."""
        reasons = self._selection[1]
        return tuple((c, reasons[c.id]) for c in self.numbers if c.id in reasons)

    @cached_property
    def grid(self) -> ClaimGrid:
        """The grid of the query and the included claims."""
        claims = [*self.included, *self.rankings]
        return ClaimGrid.of_claims(self.options, claims, self.targets)

    @cached_property
    def system(self) -> System:
        """The system of the included claims."""
        key = ("system", tuple(self.grid.parts.items()), self.rankings)
        return self._once(key, self._build)

    def _build(self) -> System:
        grid, excluded = self.grid, self.options._excluded
        names = dict.fromkeys(claim.makes for claim in self.included if claim.makes)
        groups = {name: [c for c in self.claims if c.makes == name] for name in names}
        wholes = [
            grid.whole(name, group)
            for name, group in groups.items()
            if name not in excluded and set(group) <= set(self.included)
        ]
        orders = map(grid.order, self.rankings)
        texts = [*self._assumptions(), *(whole.text for whole in wholes if whole)]
        return grid.system(self.included, filter(None, [*wholes, *orders]), texts)

    def _rounding(self) -> Iterator[str]:
        """Yield the rounding methods of percentages and counts."""
        options, rules = self.options, self.options.rules
        ways: dict[str, list[str]] = {}
        for claim in self.included:
            unit, method = rules.unit(claim), rules.method(claim)
            if claim.rounded is not None:
                either = options.allows_ties(claim)
                way = "half up" if method is None else method.replace("_", " ")
                if either:
                    way = "to the nearest, with ties" if method is None else f"{way}; ties are"
                    way += " rounded up or down"
                ways.setdefault(f"percentages are rounded {way}", []).append(claim.id)
            elif claim.kind is ClaimKind.COUNT and unit > 1:
                text = f"counts are rounded to the nearest multiple of {unit}"
                ways.setdefault(text, []).append(claim.id)
        for text, ids in ways.items():
            yield f"{text}: {', '.join(ids)}" if len(ways) > 1 else text

    def _assumptions(self) -> Iterator[str]:
        """Yield the assumptions, as sentences without full stops."""
        options, parts = self.options, self.grid.parts
        for name in filter(SPLITS.__contains__, parts):
            overlaps = name in options.overlapping
            yield f"the categories of {name} {'can overlap' if overlaps else 'are exclusive'}"
        if self.is_nowhere:
            yield "numbers without an area refer to the same area"
        labels = {name: ", ".join(part.label for part in parts[name]) for name in parts}
        if any(len(part.codes) > 1 for part in parts["period"]):
            yield f"a period is the sum of its parts: {labels['period']}"
        if any(len(part.codes) > 1 for part in parts.get("status", ())):
            yield f"registered victims are the sum of identified and presumed victims: {STATUSES}"
        if len(parts["area"]) > 1:
            yield f"an area is the sum of its parts: {labels['area']}"
        yield from self._rounding()
        for claim in self.included:
            if not has_number(claim) and (wording := wording_of(claim)) is not None:
                yield f"“{claim.wording}” means a share: {wording.meaning} ({claim.id})"
        for base in BASES:
            ids = [
                claim.id
                for claim in self.included
                if claim.percent is not None
                and not (claim.base in BASES and claim.base_printed)
                and options._base_of(claim) == base
            ]
            if ids:
                yield f"the denominator is {base!r}, as none is published: {', '.join(ids)}"
        if any(not claim.ordered for claim in self.rankings):
            yield "listed categories have at least the count of any other category, in any order"
        if ids := [claim.id for claim in self.rankings if claim.ordered]:
            yield f"listed with the largest first: {', '.join(ids)}"


_TOPIC = "topic "


def _has_topic(names: Iterable[str]) -> bool:
    return any(name.startswith(_TOPIC) for name in names)


def _is_positive(system: System, part: Linear, whole: Linear) -> bool:
    """Return whether a system implies a numerator or denominator above 0."""
    try:
        return any(system.proves(Constraint.between("", sum_, 1, None)) for sum_ in (part, whole))
    except ImpossibleResult:
        return True


def _without(cell: CountCell, dimension: str) -> CountCell:
    codes = frozenset(pair for pair in cell.codes if pair[0] != dimension)
    return evolve(cell, codes=codes, recorded=cell.recorded - {dimension})
