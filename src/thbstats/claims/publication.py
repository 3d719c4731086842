"""Publications as claims."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from attrs import Attribute, field, frozen

from thbstats.claims import _fields
from thbstats.claims.claim import Claim
from thbstats.claims.figures import Figures
from thbstats.claims.published import (
    dataset,
    published_breakdown,
    published_ranking,
    published_shares,
)
from thbstats.claims.selection import parse_code
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.indicators import Ranking
from thbstats.panel import Panel, Result
from thbstats.records import Source
from thbstats.tables import Dataset
from thbstats.values import Period


def _unique(
    _report: "Publication", _field: "Attribute[tuple[Claim, ...]]", claims: tuple[Claim, ...]
) -> None:
    times = Counter(claim.id for claim in claims)
    if repeated := [name for name, number in times.items() if number > 1]:
        hint = "Rename the claims, for example with their section as prefix"
        problem = "claims must have unique ids"
        raise DuplicateKey(problem, field="id", value=", ".join(repeated), hint=hint)


def _has_groups(
    _report: "Publication", _field: "Attribute[tuple[Claim, ...]]", claims: tuple[Claim, ...]
) -> None:
    sizes = Counter(claim.makes for claim in claims if claim.makes)
    if single := [name for name, number in sizes.items() if number == 1]:
        hint = "Set `makes` of the other shares, or remove it"
        problem = "a group of shares must have at least two claims"
        raise InvalidValue(problem, field="makes", value=", ".join(single), hint=hint)


def _listed(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    # With `tuple` itself, type checkers lose the item type.
    return tuple(claims)


def _counted(claims: tuple[Claim, ...]) -> str:
    return f"<{len(claims)} claims>"


_FIGURES = ("count", "share", "change", "rate", "ratio")
_MOST_FIGURES = 20
"""The kinds and the number of the claims in a display table."""


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

    id: str = field(validator=_fields.slug, metadata=_fields.SLUG)
    title: str = field(validator=_fields.filled, metadata=_fields.FILLED)
    document: str = field(default="", validator=_fields.text)
    published: date | None = field(default=None, converter=_fields.published, metadata=_fields.DAY)
    publisher: str = field(default="", validator=_fields.text)
    url: str = field(default="", validator=_fields.text)
    overlapping: tuple[str, ...] = field(
        default=(), converter=_fields.overlapping, metadata=_fields.OVERLAPPING
    )
    claims: tuple[Claim, ...] = field(
        default=(), converter=_listed, validator=[_unique, _has_groups], repr=_counted
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
        by: str,
        base: str,
        area: str | Area | None = None,
        period: str | Period | None = None,
    ) -> Panel:
        """Return the published percentages of the categories of a dimension.

        Parameters
        ----------
        by : str
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
            If there are several periods.

        Notes
        -----
        Comparability warnings: those of `thbstats.share`.

        Examples
        --------
        >>> import thbstats as thb
        >>> report = thb.publications.com_2018_777()
        >>> forms = report.breakdown(by="exploitation", base="known")
        >>> [(item.label, item.printed.printed) for item in forms]
        [('sexual', '56%'), ('labour', '26%'), ('other', '18%')]
        >>> forms["sexual"].denominator
        Interval(17273 to 17583)
        """
        return published_breakdown(
            self.figures, self.cite, by=by, base=base, area=area or self.area, period=period
        )

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
        """Return the published list of a claim as a ranking.

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
        return published_ranking(self.claim(id), self.cite)

    def claim(self, id: str) -> Claim:
        """Return the claim with an id.

        Raises
        ------
        UnknownName
            If the claim does not exist.
        """
        for claim in self.claims:
            if claim.id == id:
                return claim
        hint = did_you_mean(id, [claim.id for claim in self.claims])
        raise UnknownName(f"must be a claim of {self.id}", field="id", value=id, hint=hint)

    def claims_in(self, section: str) -> tuple[Claim, ...]:
        """Return the claims of one section; ``"II"`` does not include ``"II.1"``.

        Raises
        ------
        UnknownName
            If the section has no claim.
        """
        if section not in self.sections:
            hint = did_you_mean(section, self.sections)
            problem = f"must be a section with claims of {self.id}"
            raise UnknownName(problem, field="section", value=section, hint=hint)
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
