"""Publications as claims, their tables and panels, and collections of publications."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.claims import _fields
from thbstats.claims.claim import Claim
from thbstats.claims.relations import (
    AS_PUBLISHED,
    CUTS,
    Figures,
    area_of,
    base_key,
    cell_of,
    dimension_of,
    first_hand,
    whole_of,
)
from thbstats.claims.selection import SPLITS, ClaimKind, parse_code
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count
from thbstats.errors import (
    AmbiguousCell,
    DuplicateKey,
    ImpossibleResult,
    InvalidValue,
    NoSuchCell,
    require,
    require_name,
)
from thbstats.geography import Area
from thbstats.indicators import Ranking, as_kind
from thbstats.languages import Message, capitalised
from thbstats.panel import (
    Base,
    CountKind,
    Panel,
    Result,
    ResultKind,
    Status,
    category_label,
    count_label,
    panel_from_rows,
    share_base,
)
from thbstats.panel.category_names import people_name
from thbstats.panel.kind import breakdown_name
from thbstats.panel.names import area_label
from thbstats.records import KINDS, Record, Source
from thbstats.rules import apply_rules
from thbstats.tables import CountTable, Dataset
from thbstats.values import Certainty, Count, Interval, Period, Reason
from thbstats.vocabulary import Overlap

Cite = Callable[[Iterable[Claim]], tuple[Source, ...]]
"""A function from claims to their locations in the publication."""

_ATTRIBUTES = ("status", "unit", "stage", "offence", "measure", "outcome", "body", "kind")


def dataset(figures: Figures, cite: Cite) -> Dataset:
    """Return the published counts of claims, one table per kind.

    Counts are omitted if the vocabularies do not contain their category, or the text does not
    state their area, stage, measure or body. The bounds of the unknown category that follow from a
    count and its share of the known categories are added, with reason ``rounded``.
    """
    cells, rows = figures.cells(), dict[str, list[Record]]()
    for claims in cells.values():
        count = Count.known(claims[0].count or 0)
        rows.setdefault(claims[0].subject, []).append(_record(claims[0], count, cite(claims)))
    # One share for each published denominator of known category.
    known_bases: dict[object, Claim] = {}
    for share in figures.shares:
        is_stated = share.base == "known" and share.base_printed and dimension_of(share) in CUTS
        if is_stated and figures.of_cell(cell_of(share)):
            known_bases.setdefault(base_key(share), share)
    for share in known_bases.values():
        whole, dimension, base = whole_of(share), dimension_of(share), figures.base(share)
        unknown = evolve(whole, codes=whole.codes | {(dimension, "unknown")})
        published = [claims for cell, claims in cells.items() if cell.is_same(whole)]
        if len(published) == 1 and base is not None and not figures.of_cell(unknown):
            [total] = published
            left = Interval.point(total[0].count or 0) - base
            bounds = (int(left.lower or 0), int(left.upper or 0))
            sources = cite([*total, *figures.of_cell(cell_of(share)), share])
            count = Count.between(*bounds, Reason.ROUNDED)
            rows[share.subject].append(_record(total[0], count, sources, **{dimension: "unknown"}))
    return Dataset(**{kind: CountTable.from_records(records) for kind, records in rows.items()})


def _record(claim: Claim, count: Count, sources: tuple[Source, ...], **unknown: str) -> Record:
    fields: dict[str, Any] = {**claim.category, "area": area_of(claim), **unknown}
    fields |= {"status": claim.status} if claim.status else {}
    fields |= {"unit": claim.unit} if claim.unit else {}
    return KINDS[claim.subject](
        count=count,
        period=claim.period,
        source=sources,
        reporters=claim.reporters if isinstance(claim.reporters, tuple) else None,
        n_reporters=claim.n_reporters,
        **fields,
    )


def count_kind(claim: Claim) -> CountKind:
    """Return the kind of count of a claim."""
    stated = {"status": claim.status, **claim.of, **claim.category}
    stated["unit"] = claim.unit or ("persons" if claim.subject == "victims" else "")
    attributes = [(name, stated[name]) for name in _ATTRIBUTES if stated.get(name)]
    return CountKind(str(claim.subject), attributes)


def published_shares(figures: Figures, claims: Sequence[Claim], cite: Cite) -> Panel:
    """Return published percentages as a panel of shares, one row per claim.

    `Panel.value` contains all numbers that round to the published text, or all above it if the
    publication states "at least". Numerator and denominator are published counts, or bounds from
    single related counts or percentages.
    """
    rows = [_share_row(figures, claim, cite) for claim in claims]
    return apply_rules(panel_from_rows(rows[0]["base"].label, rows))


def _share_row(figures: Figures, claim: Claim, cite: Cite) -> dict[str, Any]:
    if claim.percent is None or not claim.area:
        problem = "must be a share with a number and an area"
        hint = "Use the id of such a share"
        raise InvalidValue(problem, field="claim", value=claim.id, hint=hint)
    denominator, numerator = figures.base(claim), figures.numerator(claim)
    if denominator is None or numerator is None:
        hint = f"Audit {claim.id} in {claim.location}"
        problem = "must be consistent with the published counts, but no denominator is"
        raise ImpossibleResult(problem, field="printed", value=claim.printed, hint=hint)
    kind, area = count_kind(claim), Area.parse(claim.area)
    within = [pair for pair in claim.of.items() if pair[0] not in ("area", *_ATTRIBUTES)]
    category = [(name, code) for name, code in claim.category.items() if claim.of.get(name) != code]
    label = category_label(category) if category else claim.area
    rule, dimension = claim.base or "not_stated", dimension_of(claim)
    base = share_base(
        kind, rule, (dimension,) if dimension else (), tuple(within), Overlap.EXCLUSIVE
    )
    if rule == "not_stated":
        base = evolve(base, label=f"{base.label}, denominator not stated")
    printed = None if claim.at_least else claim.percent
    upper = 1 if printed is None else printed.upper
    share = Interval(claim.percent.lower, upper).intersect(Interval(0, 1))
    # The victims of unknown category: the total minus its recorded part, if the total is known.
    whole, unknown, with_unknown = figures.whole(claim), None, Interval(0, 1)
    if rule == "known" and whole.is_point:
        unknown = (whole - denominator).intersect(Interval.at_least(0))
    if rule == "all":
        with_unknown = share
    elif whole.value and unknown is not None:
        most = min(whole.value, (numerator.upper or 0) + (unknown.upper or 0))
        least = numerator.lower or 0
        with_unknown = Interval(Fraction(least, whole.value), Fraction(most, whole.value))
    # 100% minus the shares of the group.
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    parts = [other.percent.interval for other in group if other.percent is not None]
    gap = None
    if group and len(parts) == len(group):
        gap = Interval.point(1)
        for part in parts:
            gap = gap - part
    name = people_name(dict(category)) or area_label(area)
    estimand = (
        Message("published as at least this percentage")
        if claim.at_least
        else Message("as published")
    )
    return {
        "indicator": "printed",
        "label": label,
        "kind": ResultKind.SHARE,
        "category": tuple(claim.category.items()),
        "numerator": numerator,
        "denominator": denominator,
        "base": base,
        "estimand": Message("{category}, {estimand}", category=name, estimand=estimand),
        "value": share,
        "bounds": share,
        "bounds_with_unknown": with_unknown,
        "unknown": unknown,
        "discrepancy": gap,
        "printed": printed,
        "bounds_attained": False,
        "area": area,
        "period": claim.period,
        "numerator_kind": kind,
        "denominator_kind": kind,
        "reporters": frozenset(claim.reporters) if isinstance(claim.reporters, tuple) else None,
        "expected": area.members,
        "n_reporters": claim.n_reporters,
        "sources": cite([claim]),
    }


def _claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    hint = "Use thbstats.claims.Claim, or read a claims file"
    require(isinstance(claims, Iterable), "`claims` must be a list", hint, claims=type(claims))
    items = tuple(claims)
    for item in items:
        require(isinstance(item, Claim), "`claims` must contain claims", hint, claims=type(item))
    return items


def _related(_report: object, _field: object, claims: tuple[Claim, ...]) -> None:
    """Check that ids are unique, and that each group of shares has several claims."""
    times = Counter(claim.id for claim in claims)
    if repeated := [name for name, number in times.items() if number > 1]:
        hint = "Rename the claims, for example with their section as prefix"
        problem = "claims must have unique ids"
        raise DuplicateKey(problem, field="id", value=", ".join(repeated), hint=hint)
    sizes = Counter(claim.makes for claim in claims if claim.makes)
    if single := [name for name, number in sizes.items() if number == 1]:
        hint = "Set `makes` of the other shares, or remove it"
        problem = "a group of shares must have at least two claims"
        raise InvalidValue(problem, field="makes", value=", ".join(single), hint=hint)


_FIGURES = ("count", "share", "change", "rate", "ratio")
_MOST_FIGURES = 20
"""The kinds and the number of the claims in a display table."""

_UNNAMED = Area(code="not stated", label="area not stated", members=frozenset())


@frozen(kw_only=True, slots=False)
class Publication(Displayable):
    """Publication with all claims of its text.

    Parameters
    ----------
    id : str
        A name for files and code, in small letters, digits and underscores.
    title : str
        The title.
    document : str
        The document number, such as ``"COM(2018) 777 final"``.
    published : datetime.date, str or None
        The day of publication, such as ``"2018-12-03"``.
    publisher : str
        The publisher.
    url : str
        The web address.
    overlapping : iterable of str
        Dimensions in which one victim can have several categories, such as ``"exploitation"`` if
        the publication counts each form. All others are exclusive.
    claims : iterable of Claim
        The claims in the order of the text.

    Raises
    ------
    DuplicateKey
        If two claims have the same id.
    InvalidValue
        If a group of shares has one claim only.
    """

    id: str = field(validator=_fields.slug)
    title: str = field(validator=_fields.filled)
    document: str = field(default="", validator=_fields.text)
    published: date | None = field(default=None, converter=_fields.published)
    publisher: str = field(default="", validator=_fields.text)
    url: str = field(default="", validator=_fields.text)
    overlapping: tuple[str, ...] = field(default=(), converter=_fields.overlapping)
    claims: tuple[Claim, ...] = field(
        default=(),
        converter=_claims,
        validator=_related,
        repr=lambda claims: f"<{len(claims)} claims>",
    )

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections with claims, in the order of the text."""
        return tuple(dict.fromkeys(claim.section for claim in self.claims))

    @cached_property
    def figures(self) -> Figures:
        """The claims for queries on counts and denominators."""
        return Figures(self.claims, self.overlapping)

    @property
    def data(self) -> Dataset:
        """The published counts, one table per kind; see `thbstats.claims.dataset`.

        Raises
        ------
        DuplicateKey
            If one count has several published values.
        """
        return dataset(self.figures, self.cite)

    @property
    def area(self) -> str:
        """The most frequent area of the claims."""
        areas = Counter(claim.area for claim in self.claims if claim.area)
        return areas.most_common(1)[0][0] if areas else ""

    def cite(self, claims: Iterable[Claim]) -> tuple[Source, ...]:
        """Return the locations of some claims in the publication."""
        locations = dict.fromkeys((c.section, c.read_at, c.source_kind) for c in claims)
        return tuple(
            Source(
                title=self.title,
                publisher=self.publisher,
                document=self.document,
                section="" if page else section,
                url=page or self.url,
                published=self.published,
                kind=kind,
            )
            for section, page, kind in locations
        )

    def breakdown(
        self,
        *,
        of: str,
        base: str,
        area: str | Area | None = None,
        period: str | Period | None = None,
    ) -> Panel:
        """Return the published percentages of the categories of a dimension.

        Parameters
        ----------
        of : str
            The dimension.
        base : {"all", "known", "not_stated"}
            The denominator: "all" includes the unknown category, "known" excludes it.
        area : str or Area, optional
            The area; by default the most frequent one of the claims.
        period : str or Period, optional
            The reference period, required if there are several.

        Returns
        -------
        Panel
            One row per category, with bounds of numerator and denominator.

        Raises
        ------
        NoSuchCell
            If no such percentages are published; the error lists alternatives.
        AmbiguousCell
            If there are several periods, or a percentage has several published values. A value from
            a page that quotes the publication is used only if the publisher gives no value.

        Notes
        -----
        Comparability warnings: those of `thbstats.share`.

        Examples
        --------
        >>> import thbstats as thb
        >>> report = thb.publications.com_2018_777()
        >>> forms = report.breakdown(of="exploitation", base="known")
        >>> [(item.label, item.printed.printed) for item in forms]
        [('sexual', '56%'), ('labour', '26%'), ('other', '18%')]
        >>> forms["sexual"].denominator
        Interval(17273 to 17583)
        """
        hint = "Use a dimension such as 'sex'"
        require(isinstance(of, str), "`of` must be the name of a dimension", hint, of=of)
        area = area or self.area
        # The percentages of one category of one dimension among all persons.
        plain = [s for s in self.figures.shares if s.area and len(s.category) == 1 and not s.of]
        target = None if period is None else Period.parse(period)
        chosen = [
            claim
            for claim in plain
            if of in claim.category
            and claim.base == base
            and Area.parse(claim.area) == Area.parse(area)
            and target in (None, claim.period)
        ]
        if not chosen:
            available = sorted(
                {f"of={dimension_of(c)!r} base={c.base!r} area={c.area!r}" for c in plain}
            )
            raise NoSuchCell(
                f"No percentages by {of} with base={base!r} for {area}",
                hint=f"Use one of: {'; '.join(available[:5]) or 'none'}",
            )
        wholes = {(str(c.subject), c.status, str(c.period)) for c in chosen}
        if len(wholes) > 1:
            raise AmbiguousCell(
                "These percentages have several denominators",
                value="; ".join(" ".join(filter(None, whole)) for whole in sorted(wholes)),
                hint="Set `period`, or use Publication.share for each claim",
            )
        by_code: dict[str, list[Claim]] = {}
        for claim in chosen:
            by_code.setdefault(claim.category[of], []).append(claim)
        same = [first_hand(claims) for claims in by_code.values()]
        for first, *others in same:
            apart = [claim for claim in others if not AS_PUBLISHED.agree(first, claim)]
            if apart:
                raise AmbiguousCell(
                    "This percentage has several published values",
                    value="; ".join(f"{c.printed} in {c.location}" for c in (first, *apart)),
                    hint="Audit the publication, or use Publication.share for each claim",
                )
        panel = published_shares(self.figures, [first for first, *_ in same], self.cite)
        counted = count_label(panel.numerator_kind[0], panel.base[0].within)
        title = breakdown_name(counted, [of], panel.base[0].rule)
        return evolve(panel, caption=Message("{title}, as published", title=capitalised(title)))

    def share(self, id: str) -> Result:
        """Return the published percentage of a claim as a share.

        Parameters
        ----------
        id : str
            The id of a claim.

        Raises
        ------
        UnknownName
            If the claim does not exist.
        InvalidValue
            If the claim has no percentage.
        ImpossibleResult
            If no denominator is consistent with the percentage.
        """
        return published_shares(self.figures, [self.claim(id)], self.cite).row(0)

    def ranking(self, id: str) -> Ranking:
        """Return the published list of a claim as a ranking without counts, in published order.

        Without a stated order each member can have any rank. In an ordered list only ties are open.

        Parameters
        ----------
        id : str
            The id of a claim.

        Raises
        ------
        UnknownName
            If the claim does not exist.
        InvalidValue
            If the claim is not a ranking.
        """
        claim, count = self.claim(id), Interval.at_least(0)
        if claim.kind is not ClaimKind.RANKING:
            hint = "Use the id of a ranking"
            raise InvalidValue("must be a ranking", field="claim", value=claim.id, hint=hint)
        kind, size, dimension = count_kind(claim), len(claim.ranks), claim.base_dimension
        rows = [
            {
                "indicator": "printed",
                "label": code,
                "kind": ResultKind.COUNT,
                "category": tuple({**claim.of, **claim.category, dimension: code}.items()),
                "base": Base(rule="none", label="no base"),
                "estimand": f"{count_label(kind, [(dimension or '', code)])}; "
                "listed without a count",
                "status": Status.NOT_REPORTED,
                "numerator": count,
                "denominator": Interval.point(1),
                "bounds": count,
                "bounds_with_unknown": count,
                "area": Area.parse(claim.area) if claim.area else _UNNAMED,
                "period": claim.period,
                "numerator_kind": kind,
                "denominator_kind": kind,
                "sources": self.cite([claim]),
            }
            for code in claim.ranks
        ]
        panel = panel_from_rows(f"{kind.label} by {dimension}, as listed", rows)
        best = np.ones(size, dtype=np.intp)
        worst = np.arange(1, size + 1) if claim.ordered else np.full(size, size)
        return as_kind(Ranking, panel, best=best, worst=worst, ordered=claim.ordered)

    def claim(self, id: str) -> Claim:
        """Return the claim with an id.

        Raises
        ------
        UnknownName
            If the claim does not exist.
        """
        by_id = {claim.id: claim for claim in self.claims}
        require_name(id, by_id, f"must be a claim of {self.id}", field="id")
        return by_id[id]

    def claims_in(self, section: str) -> tuple[Claim, ...]:
        """Return the claims of one section; ``"II"`` does not include ``"II.1"``.

        Raises
        ------
        UnknownName
            If the section has no claim.
        """
        problem = f"must be a section with claims of {self.id}"
        require_name(section, self.sections, problem, field="section")
        return tuple(claim for claim in self.claims if claim.section == section)

    def find(self, **category: str) -> tuple[Claim, ...]:
        """Return the claims whose category contains some codes.

        Parameters
        ----------
        **category : str
            Codes by dimension, in any spelling of the vocabularies; ``area`` is that of the claim.

        Returns
        -------
        tuple of Claim
            Empty if there is none.

        Raises
        ------
        UnknownName
            If a dimension or a code does not exist.
        """
        codes = {name: parse_code(name, code) for name, code in category.items()}
        area = codes.pop("area", None)
        return tuple(
            claim
            for claim in self.claims
            if claim.category.includes(codes) and area in (None, claim.area)
        )

    def display_table(self) -> DisplayTable:
        """Return the first figures by section as a display table."""
        figures = [claim for claim in self.claims if claim.kind in _FIGURES]
        shown = figures[:_MOST_FIGURES]
        rows: list[Group | list[Cell | str]] = []
        for section in dict.fromkeys(claim.section for claim in shown):
            rows.append(Group(section))
            rows += [
                [claim.id, claim.printed or claim.wording, str(claim.period)]
                for claim in shown
                if claim.section == section
            ]
        notes = [f"Claims: {count(len(self.claims))}, of which figures: {count(len(figures))}."]
        if len(shown) < len(figures):
            notes.append(f"First {len(shown)} figures. `.claims` has all claims.")
        return DisplayTable(
            caption=", ".join(filter(None, [self.title, self.publisher, self.document])),
            columns=["claim", Column("published", "right"), "period"],
            rows=rows,
            notes=[*notes, *([f"Source: {self.url}"] if self.url else [])],
        )


@frozen(kw_only=True, slots=False)
class Collection(Publication):
    """Several publications as one.

    The id and the section of each claim name its publication.
    """

    publications: tuple[Publication, ...]

    @classmethod
    def of(cls, publications: Iterable[Publication]) -> "Collection":
        """Return several publications as one."""
        items = tuple(publications)
        for number, publication in enumerate(items, 1):
            if not isinstance(publication, Publication):
                raise InvalidValue(
                    "must be a Publication",
                    row=f"publication {number}",
                    field="publications",
                    value=publication if isinstance(publication, str) else type(publication),
                    hint="Read a claims file with read_claims",
                )
        if not items:
            hint = "Pass a publication"
            problem = "must contain at least one publication"
            raise InvalidValue(problem, field="publications", value=[], hint=hint)
        ids = [publication.id for publication in items]
        if repeated := sorted({name for name in ids if ids.count(name) > 1}):
            hint = "Change the id under [report] in one of the claims files"
            problem = "publications must have unique ids"
            raise DuplicateKey(problem, field="id", value=", ".join(repeated), hint=hint)
        dates = [publication.published for publication in items]
        if None not in dates:
            items = tuple(sorted(items, key=lambda publication: publication.published or date.min))
        return cls(
            id="several",
            title="; ".join(publication.document or publication.title for publication in items),
            claims=[
                evolve(
                    claim,
                    id=f"{publication.id}-{claim.id}",
                    section=f"{claim.section} of {publication.document or publication.title}",
                    makes=claim.makes and f"{publication.id}-{claim.makes}",
                )
                for publication in items
                for claim in publication.claims
            ],
            overlapping=sorted({name for publication in items for name in publication.overlapping}),
            publications=items,
        )

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The index of the publication of each claim, by claim id."""
        numbers = (n for n, publication in enumerate(self.publications) for _ in publication.claims)
        return {claim.id: n for claim, n in zip(self.claims, numbers, strict=True)}

    def publication_of(self, claim: Claim) -> Publication:
        """Return the publication of a claim."""
        return self.publications[self._numbers[claim.id]]

    def claims_of_same_publication(self, claim: Claim) -> tuple[Claim, ...]:
        """Return all claims of the publication of a claim."""
        index = self._numbers[claim.id]
        return tuple(other for other in self.claims if self._numbers[other.id] == index)

    def claims_until(self, claim: Claim) -> tuple[Claim, ...]:
        """Return the claims published up to the date of a claim and not revised by then."""
        last = self._numbers[claim.id]
        revisions = self.superseded
        return tuple(
            other
            for other in self.claims
            if self._numbers[other.id] <= last
            and (other not in revisions or self._numbers[revisions[other].id] > last)
        )

    @cached_property
    def revised(self) -> Mapping[Claim, Claim]:
        """The claims with another value in a later publication, each with the last such claim."""
        quantities: dict[object, list[Claim]] = {}
        for claim in filter(_is_placed, self.claims):
            base: tuple[object, ...] = ()
            if claim.kind in (ClaimKind.SHARE, ClaimKind.RATIO):
                base = base_key(claim)
            key = (claim.kind, cell_of(claim).key, claim.since, claim.per, base)
            quantities.setdefault(key, []).append(claim)
        result = {}
        for same in quantities.values():
            for claim in same:
                later = [
                    other
                    for other in same
                    if self._numbers[other.id] > self._numbers[claim.id]
                    and cell_of(other).is_same(cell_of(claim))
                ]
                later.sort(key=lambda other: (self._numbers[other.id], not other.is_quoted))
                if later and not AS_PUBLISHED.agree(claim, later[-1]):
                    result[claim] = later[-1]
        return result

    @cached_property
    def superseded(self) -> Mapping[Claim, Claim]:
        """The claims of a revised release, each with a claim that revises it.

        A revised count supersedes all counts of the same kind in its release with common days, and
        earlier published changes since then.
        """
        result: dict[Claim, Claim] = {}
        for claim, later in self.revised.items():
            for other in self.claims:
                index = self._numbers[other.id]
                if _kind(other) != _kind(claim) or index >= self._numbers[later.id]:
                    continue
                is_of_release = index == self._numbers[claim.id]
                periods = (other.period, *([] if other.since is None else [other.since]))
                if any(period.overlaps(claim.period) for period in periods) and (
                    is_of_release or other.since is not None
                ):
                    result.setdefault(other, later)
        return result


def _is_placed(claim: Claim) -> bool:
    """Whether a claim has a number, an area and an exact period."""
    has_count = claim.kind is ClaimKind.COUNT and claim.count is not None
    has_number = has_count or claim.rounded is not None or claim.rate is not None
    exact = claim.period.certainty is Certainty.EXACT
    is_single = has_number and not claim.is_hedged and not claim.at_least
    return is_single and bool(area_of(claim)) and exact


def _kind(claim: Claim) -> tuple[object, ...]:
    """Return the common attributes of a table, except area and period."""
    cell = cell_of(claim)
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (cell.subject, cell.status, kind, cell.reporters)
