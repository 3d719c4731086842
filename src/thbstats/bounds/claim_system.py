"""Claims of a publication as a system of constraints for one query.

A query is on a kind of count, such as the registered victims of 2016. First `select_claims` finds
the facts, which are the claims with a number on these counts. Then `ClaimSystem` builds the grid of
their cells, and the grid makes each claim a constraint on sums of cells.

With 120 victims and a share of children of 30%, the cells are child and adult. The constraints are
``child + adult = 120`` and ``29.5% <= child / (child + adult) < 30.5%``, which only 36 children and
84 adults satisfy.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds.claim_grid import (
    BASES,
    ClaimGrid,
    ClaimOptions,
    base_of,
    claim_cells,
    excluded_claims,
)
from thbstats.bounds.constraint import Constraint, Linear
from thbstats.bounds.system import System
from thbstats.claims import Claim, ClaimKind, CountCell, Wording, cell_of, read_wording
from thbstats.claims.relations import REGISTERED, STATUSES
from thbstats.claims.selection import SPLITS
from thbstats.errors import ImpossibleResult
from thbstats.languages import Message
from thbstats.values import Certainty, Period
from thbstats.vocabulary import VictimStatus

REGISTERED_STATUSES = frozenset({str(VictimStatus.REGISTERED), *map(str, REGISTERED)})
"""The statuses that form a sum and its parts."""

Kind = tuple[object, ...]
"""The common attributes of the cells of one table."""

_TOPIC = "topic "


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
    """Return whether an audit has a constraint for a claim, also for a count without a code."""
    is_count = claim.kind is ClaimKind.COUNT and claim.count is not None
    return has_number(claim) or (is_count and not claim.is_hedged)


class QueryType(Enum):
    """The claims that a query includes."""

    RELATED = "related"
    """The claims that restrict the cells of the query, to infer their bounds."""
    ALL = "all"
    """All claims on the same kind of count, to audit them.

    Percentages of denominators without a published count are included too.
    """
    DIMENSIONS = "dimensions"
    """The claims on some dimensions, to audit those that are not part of `ALL`.

    Shares of denominators that are not stated are included too.
    """


@frozen(kw_only=True)
class ClaimQuery:
    """The counts of a query, on which its claims depend.

    A query without an area ``is_nowhere``. The ``names`` are the dimensions of its cells, or all
    dimensions in an audit. The last three attributes are those of `ClaimSystem`.
    """

    kind: Kind
    unit: str
    periods: frozenset[Period]
    is_nowhere: bool
    names: frozenset[str]
    type: QueryType
    dimensions: frozenset[str]
    statuses: bool

    def counts(self, claim: Claim) -> bool:
        """Return whether a claim is about the same kind of count."""
        return kind_of(cell_of(claim), statuses=self.statuses) == self.kind

    @classmethod
    def of(cls, targets: Iterable[CountCell], **attributes: Any) -> "ClaimQuery":
        """Return the query of some cells of one kind."""
        first, *_ = cells = list(targets)
        names = {name for cell in cells for name, _ in cell.codes if name in SPLITS}
        return cls(
            kind=kind_of(first, statuses=attributes["statuses"]), unit=first.unit,
            periods=frozenset(cell.period for cell in cells), is_nowhere=first.members is None,
            names=frozenset(names if attributes["type"] is QueryType.RELATED else SPLITS),
            **attributes,
        )  # fmt: skip


@frozen(eq=False, kw_only=True)
class ClaimSelection:
    """The claims on the counts of a query, and the reasons why its system leaves some out.

    It depends on the options and the query alone, so that all systems on the same counts share it.
    """

    query: ClaimQuery
    numbers: tuple[Claim, ...]
    """The claims with a number on the same kind of count, in linked periods."""
    rankings: tuple[Claim, ...]
    """The rankings of the same counts."""
    included: tuple[Claim, ...]
    """The included claims with a number, in the order of the text."""
    reasons: dict[str, str]
    """The reason of exclusion of each other claim with a number, by id."""
    open_shares: frozenset[Claim]
    """The shares of unstated denominators that are not in the system."""
    systems: dict[object, System] = field(factory=dict, init=False)

    @property
    def rejected(self) -> tuple[tuple[Claim, str], ...]:
        """The claims with a number that are not used, with reasons."""
        return tuple((c, self.reasons[c.id]) for c in self.numbers if c.id in self.reasons)


def select_claims(options: ClaimOptions, query: ClaimQuery) -> ClaimSelection:
    """Return the claims on the counts of a query."""
    # 1. The facts: numbers and rankings on the same counts, and shares of unstated denominators.
    numbers, excluded = _linked_numbers(options, query), excluded_claims(options)
    periods = query.periods | {claim.period for claim in numbers}
    rankings = [
        claim
        for claim in options.publication.claims
        if claim.kind is ClaimKind.RANKING
        and (query.type is not QueryType.DIMENSIONS or claim.base_dimension in query.dimensions)
        and claim.id not in excluded
        and bool(claim.area) != query.is_nowhere
        and query.counts(claim)
        and claim.period in periods
    ]
    open_shares = _open_shares(options, query, numbers)
    # 2. Claims are excluded one by one, such as those without an area.
    reasons = dict[str, str]()
    for claim in numbers:
        is_open = claim in open_shares
        reason = excluded.get(claim.id) or _exclusion(options, query, claim, is_open)
        if reason is not None:
            reasons[claim.id] = reason
    candidates = [claim for claim in numbers if claim.id not in reasons]
    # 3. Counts are included, and percentages once the included claims prove that their
    # numerator or denominator is above 0. Each percentage can be the proof of another one.
    is_audit = query.type is not QueryType.RELATED
    included = [c for c in candidates if is_audit or c.kind is ClaimKind.COUNT]
    waiting = [claim for claim in candidates if claim not in included]
    grid = ClaimGrid.of_claims(options, candidates) if waiting else None
    while grid is not None and waiting:
        system = grid.system(included)
        added = [claim for claim in waiting if _is_positive(system, *grid.sums(claim))]
        if not added:
            break
        included += added
        waiting = [claim for claim in waiting if claim not in added]
    for claim in waiting:
        reasons[claim.id] = Message("no published count belongs to its denominator")
    # 4. Included claims on dimensions that do not restrict the others are taken out again.
    used = {*query.names, *(claim.base_dimension for claim in rankings)}
    irrelevant = list[Claim]()
    for name in (name for name in SPLITS if name not in used):
        irrelevant += _unrestricted(options, name, [c for c in included if c not in irrelevant])
    for claim in irrelevant:
        reasons[claim.id] = Message("it is not related to the query")
    return ClaimSelection(
        query=query,
        numbers=tuple(numbers),
        rankings=tuple(rankings),
        included=tuple(c for c in numbers if c in included and c not in irrelevant),
        reasons=reasons,
        open_shares=open_shares,
    )


def _linked_numbers(options: ClaimOptions, query: ClaimQuery) -> list[Claim]:
    """Return the claims with a number on the same kind of count, in linked periods.

    Periods are linked by changes and by common days.
    """
    # 1. The claims with a number on the same kind of count as the query.
    is_number = has_number if query.type is QueryType.RELATED else is_audited
    same = [
        claim
        for claim in options.publication.claims
        if (is_number(claim) or (options.use_wording and wording_of(claim) is not None))
        and query.counts(claim)
        and not (query.is_nowhere and claim.area)
    ]
    # 2. A missing unit is compatible with any other; two different units are not.
    units = [query.unit, *(cell_of(claim).unit for claim in same)]
    same = [c for c in same if cell_of(c).unit in ("", next(filter(None, units), ""))]
    # 3. From the periods of the query on, linked periods are added until none is left.
    periods, more = set[Period](), {*query.periods}
    spans = {tuple(filter(None, (claim.period, claim.since))) for claim in same}
    while more - periods:
        periods |= more
        more = {
            period
            for span in spans
            if any(are_linked(single, two) for single in span for two in periods)
            for period in span
        }
    return [claim for claim in same if claim.period in periods]


def _open_shares(
    options: ClaimOptions, query: ClaimQuery, numbers: list[Claim]
) -> frozenset[Claim]:
    """Return the shares of unstated denominators that are not in the system.

    Such shares are all open for bounds of some cells, and none is in a query of some dimensions. In
    an audit of all claims, those are open that add a dimension. If a text states 120 victims, 30%
    of children, and "60% women, 40% men" without a denominator, the last two are open. They would
    divide each cell by sex, so `ClaimSystem.by_dimensions` yields a smaller system with them.
    """
    if query.type is QueryType.DIMENSIONS:
        return frozenset()
    unstated = [claim for claim in numbers if options.has_unstated_base(claim)]
    if query.type is QueryType.RELATED:
        return frozenset(unstated)
    splits = [splits_of(options, claim) for claim in numbers if claim not in unstated]
    stated = frozenset[str]().union(*(names for names in splits if not has_topic(names)))
    return frozenset(claim for claim in unstated if not splits_of(options, claim) <= stated)


def _exclusion(options: ClaimOptions, query: ClaimQuery, claim: Claim, is_open: bool) -> str | None:
    """Return the reason why a claim cannot be part of the system, or ``None``."""
    splits = splits_of(options, claim)
    if not (claim.area or query.is_nowhere):
        return Message("its area is not stated")
    if is_open:
        return Message("its denominator is not stated")
    if query.type is QueryType.ALL and has_topic(splits):
        return Message("its category has no code")
    if query.type is QueryType.DIMENSIONS and not splits <= query.dimensions:
        return Message("it is not related to the query")
    return None


def _unrestricted(options: ClaimOptions, name: str, included: list[Claim]) -> list[Claim]:
    """Return the claims on a dimension if they do not restrict the claims on other dimensions.

    All claims of such a dimension split one published number of persons. Any table that satisfies
    the other claims can be extended to satisfy them, if the number alone can. A query on forms of
    exploitation does not need the age groups of all victims.
    """
    cells = {claim: list(claim_cells(options, claim)) for claim in included}
    split = [c for c in included if any(name in dict(cell.codes) for cell in cells[c])]
    # Without the dimension, the cells of all these claims are the cell of one number.
    keys = {_without(cell, name).key for claim in split for cell in cells[claim]}
    if len(keys) != 1 or any(claim.makes for claim in split):
        return []
    # This number is published as an exact count, and can be split as the claims state.
    for total in included:
        is_exact = total.kind is ClaimKind.COUNT and not total.at_least
        is_exact = is_exact and options.rules.unit(total) == 1
        if is_exact and total not in split and cell_of(total).key in keys:
            claims = [total, *split]
            return split if ClaimGrid.of_claims(options, claims).system(claims).is_feasible else []
    return []


def splits_of(options: ClaimOptions, claim: Claim) -> frozenset[str]:
    """Return the dimensions that a claim divides; each topic counts as one dimension."""
    return frozenset(
        f"{_TOPIC}{code}" if name == "topic" else name
        for cell in claim_cells(options, claim)
        for name, code in (*cell.codes, *((name, "") for name in cell.recorded))
        if name in SPLITS
    )


@frozen(kw_only=True, slots=False)
class ClaimSystem:
    r"""Claims of a publication as a system of constraints for one query.

    The `targets` are the cells of the query. The `dimensions` are those of a query of the type
    ``QueryType.DIMENSIONS``. With `statuses`, registered victims are the sum of identified and
    presumed victims.

    The example of the module has a third cell, the victims of unknown age:

    >>> from thbstats.claims import read_claims
    >>> head = "[[claim]]\nsection = 'II'\nparagraph = '1'\nsubject = 'victims'\narea = 'FR'\n"
    >>> head += "status = 'registered'\nperiod = '2020'\n"
    >>> open_head = f"{head}kind = 'share'\nmakes = 'sexes'\n"
    >>> publication = read_claims(
    ...     "schema_version = 1\n[report]\nid = 'example'\ntitle = 'Example'\n"
    ...     f"{head}id = 'total'\nkind = 'count'\nprinted = '120'\n"
    ...     f"{head}id = 'share'\nkind = 'share'\nprinted = '30%'\nbase = 'all'\n"
    ...     "category = { age = 'child' }\n"
    ...     f"{open_head}id = 'women'\nprinted = '60%'\ncategory = {{ sex = 'female' }}\n"
    ...     f"{open_head}id = 'men'\nprinted = '40%'\ncategory = {{ sex = 'male' }}\n"
    ... )
    >>> total, share, *_ = publication.claims
    >>> own = ClaimSystem(options=ClaimOptions(publication), targets=[cell_of(share)])
    >>> [claim.id for claim in own.selection.included]
    ['total', 'share']
    >>> children, everyone = own.grid.sums(share)
    >>> [name for name, _ in everyone.terms]
    ['2020 | FR | child', '2020 | FR | no child', '2020 | FR | unknown']
    >>> print(own.system.bounds(children), own.system.bounds(everyone))
    36 120

    The denominator of women and men is not stated, so an audit has a second system for them:

    >>> audit = evolve(own, targets=[cell_of(total)], type=QueryType.ALL)
    >>> for part in audit.by_dimensions():
    ...     print(sorted(part.dimensions), [claim.id for claim in part.selection.included])
    [] ['total', 'share']
    ['sex'] ['total', 'women', 'men']
    """

    options: ClaimOptions = field(repr=False)
    targets: tuple[CountCell, ...] = field(converter=tuple[CountCell, ...])
    type: QueryType = QueryType.RELATED
    dimensions: frozenset[str] = frozenset()
    statuses: bool = False

    @cached_property
    def selection(self) -> ClaimSelection:
        """The claims on the counts of the query."""
        query = ClaimQuery.of(
            self.targets, type=self.type, dimensions=self.dimensions, statuses=self.statuses
        )
        selections: dict[ClaimQuery, ClaimSelection] = self.options.selections
        if query not in selections:
            selections[query] = select_claims(self.options, query)
        return selections[query]

    @property
    def used(self) -> frozenset[Claim]:
        """The claims with a constraint in the system."""
        names = {constraint.name for constraint in self.system.constraints}
        return frozenset(claim for claim in self.options.publication.claims if claim.id in names)

    @cached_property
    def rankings(self) -> tuple[Claim, ...]:
        """Rankings that constrain the query."""
        cells = [*self.targets, *self._included_cells()]
        names = {name for cell in cells for name, _ in cell.codes if name in SPLITS}
        rankings = self.selection.rankings
        return tuple(claim for claim in rankings if claim.base_dimension in names)

    def _included_cells(self) -> Iterator[CountCell]:
        included = self.selection.included
        return (cell for claim in included for cell in claim_cells(self.options, claim))

    def containing_cells(self, cell: CountCell) -> Iterator[CountCell]:
        """Yield the cells that contain a cell."""
        for pair in cell.codes:
            if pair[0] in SPLITS:
                yield evolve(cell, codes=cell.codes - {pair})
        for members in dict.fromkeys(other.members for other in self._included_cells()):
            if members and cell.members and cell.members < members:
                yield evolve(cell, members=members)

    def by_dimensions(self) -> "Iterator[ClaimSystem]":
        """Yield the system of an audit, and smaller systems with the claims that it leaves out.

        These are the claims of each topic, shares of denominators that are not stated, and all
        claims if the system has too many cells.
        """
        numbers, open_shares = self.selection.numbers, self.selection.open_shares
        splits = {claim: splits_of(self.options, claim) for claim in numbers}
        stated = {splits[claim] for claim in numbers if claim not in open_shares}
        # 1. Topics are never part of the system.
        separate = set(filter(has_topic, stated))
        if self.grid.is_small:
            yield self
        else:
            separate |= stated
        # 2. A denominator that is not stated bounds a numerator from above only. A contradiction
        # needs claims that bound the numerator from below, or parts that make 100%.
        for claim in (claim for claim in numbers if claim in open_shares):
            divided = {name for name in claim.category if name not in claim.of} & set(SPLITS)
            if claim.makes or any(divided <= names for names in stated):
                separate.add(splits[claim])
        # 3. One system has the claims on some dimensions, and those on fewer of these.
        for dimensions in sorted(separate, key=sorted):
            if not any(dimensions < others for others in separate):
                yield evolve(self, type=QueryType.DIMENSIONS, dimensions=dimensions)

    @cached_property
    def grid(self) -> ClaimGrid:
        """The grid of the query and the included claims."""
        claims = [*self.selection.included, *self.rankings]
        return ClaimGrid.of_claims(self.options, claims, self.targets)

    @cached_property
    def system(self) -> System:
        """The system of the included claims; queries with equal grids share it."""
        key = (tuple(self.grid.parts.items()), self.rankings)
        systems = self.selection.systems
        if key not in systems:
            systems[key] = self._build()
        return systems[key]

    def _build(self) -> System:
        """Return the constraints of the included claims, of sums of 100% and of rankings."""
        grid, included = self.grid, self.selection.included
        wholes, excluded = list[Constraint](), excluded_claims(self.options)
        for name in dict.fromkeys(claim.makes for claim in included if claim.makes):
            group = [claim for claim in self.options.publication.claims if claim.makes == name]
            if name not in excluded and set(group) <= set(included):
                wholes += filter(None, [grid.whole(name, group)])
        orders = filter(None, map(grid.order, self.rankings))
        texts = [*self._assumptions(), *(whole.text for whole in wholes)]
        return grid.system(included, [*wholes, *orders], texts)

    def _rounding(self) -> Iterator[str]:
        """Yield the rounding methods of percentages and counts."""
        options, rules = self.options, self.options.rules
        ways: dict[str, list[str]] = {}
        for claim in self.selection.included:
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
        if self.selection.query.is_nowhere:
            yield "numbers without an area refer to the same area"
        labels = {name: ", ".join(part.label for part in parts[name]) for name in parts}
        if any(len(part.codes) > 1 for part in parts["period"]):
            yield f"a period is the sum of its parts: {labels['period']}"
        if any(len(part.codes) > 1 for part in parts.get("status", ())):
            yield f"registered victims are the sum of identified and presumed victims: {STATUSES}"
        if len(parts["area"]) > 1:
            yield f"an area is the sum of its parts: {labels['area']}"
        yield from self._rounding()
        for claim in self.selection.included:
            if not has_number(claim) and (wording := wording_of(claim)) is not None:
                yield f"“{claim.wording}” means a share: {wording.meaning} ({claim.id})"
        for base in BASES:
            ids = [
                claim.id
                for claim in self.selection.included
                if claim.percent is not None
                and not (claim.base in BASES and claim.base_printed)
                and base_of(options, claim) == base
            ]
            if ids:
                yield f"the denominator is {base!r}, as none is published: {', '.join(ids)}"
        if any(not claim.ordered for claim in self.rankings):
            yield "listed categories have at least the count of any other category, in any order"
        if ids := [claim.id for claim in self.rankings if claim.ordered]:
            yield f"listed with the largest first: {', '.join(ids)}"


def has_topic(names: Iterable[str]) -> bool:
    """Return whether some dimensions contain a topic."""
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
