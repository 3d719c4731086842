"""Strategy for synthetic publications: rounded figures of a true table."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from thbstats.claims import Claim, Publication
from thbstats.display import percent
from thbstats.tables import CountTable
from thbstats.tables.frames import library

if TYPE_CHECKING:
    from hypothesis import strategies as st
else:
    st = library("hypothesis").strategies

FORMS = ("sexual", "labour", "other")
SEXES = ("female", "male")
OPEN = ("unknown", "total")
PARTS = ("UK", "EU28 without UK")
WHOLE = "EU28"
PERIOD = "2015-2016"
YEARS = ("2015", "2016")
LOCATION = {"section": "II", "paragraph": "paragraph 1"}

Codes = Mapping[str, str]


def _fixed(ratios: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[int, int]]:
    return MappingProxyType(dict(ratios))


@frozen(kw_only=True)
class SyntheticPublication:
    """A synthetic publication with its true table.

    Parameters
    ----------
    publication : Publication
        The published counts, shares with several denominators, and rankings.
    truth : CountTable
        All counts with their totals: registered victims by area, form of exploitation, sex and,
        with ``by_year``, year.
    true_ratios : mapping of str to tuple of int
        By id of a claim, the true numerator and denominator; the denominator of a count is 1.
    """

    publication: Publication
    truth: CountTable
    true_ratios: Mapping[str, tuple[int, int]] = field(converter=_fixed)

    def value(self, claim: Claim | str) -> Fraction:
        """Return the true value of a count or share.

        Parameters
        ----------
        claim : Claim or str
            The claim or its id.

        Returns
        -------
        Fraction
            An integer for a count, 0 to 1 for a share.
        """
        return Fraction(*self.true_ratios[claim if isinstance(claim, str) else claim.id])


@frozen
class _Truth:
    """The true number of victims by period, area, form and sex."""

    cells: Mapping[tuple[str, str, str, str], int]

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of the cells, and the period that contains all of them."""
        return tuple(dict.fromkeys([*(cell[0] for cell in self.cells), PERIOD]))

    def sum(self, period: str, area: str, codes: Codes, known: str = "") -> int:
        """Return the sum of some codes; if a dimension is passed, without its unknown category."""

        def belongs(when: str, part: str, form: str, sex: str) -> bool:
            person = {"exploitation": form, "sex": sex}
            inside = area in (WHOLE, part) and period in (PERIOD, when)
            return inside and person.get(known) != "unknown" and codes.items() <= person.items()

        return sum(number for cell, number in self.cells.items() if belongs(*cell))

    def table(self) -> CountTable:
        rows = []
        for period, area, form, sex in product(
            self.periods, (*PARTS, WHOLE), (*FORMS, *OPEN), (*SEXES, *OPEN)
        ):
            fields = {"exploitation": form, "sex": sex}
            codes = {name: code for name, code in fields.items() if code != "total"}
            rows.append((period, area, form, sex, self.sum(period, area, codes)))
        columns = ("period", "area", "exploitation", "sex", "value")
        return CountTable.from_rows(rows, kind="victims", columns=columns, status="registered")


Line = tuple[dict[str, Any], tuple[int, int] | None]
"""The fields of a claim without its id, and its true numerator and denominator."""


def _share(part: int, whole: int, decimals: int, **fields: Any) -> Line:
    text = percent(Fraction(part, whole), decimals)
    return {"kind": "share", "printed": str(text), **fields}, (part, whole)


@st.composite
def _truths(draw: st.DrawFn, max_count: int, by_year: bool) -> _Truth:
    numbers = st.integers(
        0, draw(st.sampled_from([min(3, max_count), min(30, max_count), max_count]))
    )
    cells = [
        (period, area, form, sex)
        for period in (YEARS if by_year else (PERIOD,))
        for area in PARTS
        for form in (*FORMS, "unknown")
        for sex in (*SEXES, "unknown")
    ]
    return _Truth({cell: draw(numbers) for cell in cells})


@st.composite
def _shares(draw: st.DrawFn, truth: _Truth) -> list[Line]:
    """Draw a share of all victims, of victims of known category, or of a category."""
    dimension, codes = draw(st.sampled_from([("exploitation", FORMS), ("sex", SEXES)]))
    other = {"exploitation": ("sex", SEXES), "sex": ("exploitation", FORMS)}[dimension]
    within = {other[0]: draw(st.sampled_from(other[1]))} if draw(st.booleans()) else {}
    category = {**within, dimension: draw(st.sampled_from(codes))}
    area, period = draw(st.sampled_from((WHOLE, *PARTS))), draw(st.sampled_from(truth.periods))
    base = draw(st.sampled_from(["all", "known", "not_stated"]))
    recorded = base == "known" or (base == "not_stated" and draw(st.booleans()))
    whole = truth.sum(period, area, within, dimension if recorded else "")
    decimals = draw(st.integers(0, 2))
    if not whole:
        return []
    fields = {"category": category, "of": within, "base": base, "base_dimension": dimension}
    part = truth.sum(period, area, category)
    return [_share(part, whole, decimals, area=area, period=period, **fields)]


@st.composite
def _of_one_state(draw: st.DrawFn, truth: _Truth) -> list[Line]:
    """Draw the share of the United Kingdom in a category of the EU."""
    codes = draw(st.sampled_from([{}, {"exploitation": "labour"}, {"sex": "female"}]))
    whole, part = truth.sum(PERIOD, WHOLE, codes), truth.sum(PERIOD, "UK", codes)
    if not whole:
        return []
    fields = {"category": codes, "of": {**codes, "area": WHOLE}, "base": "all", "area": "UK"}
    return [_share(part, whole, 0, **fields)]


@st.composite
def _counts(draw: st.DrawFn, truth: _Truth) -> list[Line]:
    category: dict[str, str] = {}
    if draw(st.booleans()):
        category["exploitation"] = draw(st.sampled_from(FORMS))
    if draw(st.booleans()):
        category["sex"] = draw(st.sampled_from(SEXES))
    area, period = draw(st.sampled_from((WHOLE, *PARTS))), draw(st.sampled_from(truth.periods))
    number = truth.sum(period, area, category)
    fields = {"kind": "count", "printed": str(number), "category": category, "area": area}
    return [({**fields, "period": period}, (number, 1))]


def _partition(truth: _Truth, area: str) -> list[Line]:
    """Return the shares of forms of victims of known form, which add up to 100%."""
    whole = truth.sum(PERIOD, area, {}, "exploitation")
    fields = {"base": "known", "makes": "forms", "area": area}
    return [
        _share(truth.sum(PERIOD, area, codes), whole, 0, category=codes, **fields)
        for codes in ({"exploitation": form} for form in (FORMS if whole else ()))
    ]


def _rankings(truth: _Truth) -> list[Line]:
    """Return rankings of the first form, and of the first two forms."""
    by_size = sorted(FORMS, key=lambda form: -truth.sum(PERIOD, WHOLE, {"exploitation": form}))
    fields = {"kind": "ranking", "wording": "most", "base_dimension": "exploitation", "area": WHOLE}
    return [({**fields, "ranks": by_size[:number]}, None) for number in (1, 2)]


@st.composite
def publications(
    draw: st.DrawFn, max_count: int = 3000, max_size: int = 6, by_year: bool = False
) -> SyntheticPublication:
    """Draw a true table and a publication of some of its figures.

    Its claims are counts, shares with several denominators, shares of one country, shares that
    add up to 100%, and rankings; percentages are rounded half up. An audit finds no
    contradiction, and inferred bounds contain the true values.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from thbstats import audit
    >>> @settings(max_examples=5)
    ... @given(publications())
    ... def test_true_figures_are_not_contradicted(printed):
    ...     verdicts = [item.verdict for item in audit(printed.publication)]
    ...     assert "contradicted" not in verdicts
    >>> test_true_figures_are_not_contradicted()
    """
    truth = draw(_truths(max_count, by_year))

    def draw_lines(
        make: Callable[[_Truth], "st.SearchStrategy[list[Line]]"], min_size: int = 0
    ) -> list[Line]:
        drawn = draw(st.lists(make(truth), min_size=min_size, max_size=max_size))
        return [line for lines in drawn for line in lines]

    lines = [
        *draw_lines(lambda truth: _shares(truth) | _of_one_state(truth)),
        *draw(st.sampled_from([[], _partition(truth, draw(st.sampled_from(PARTS)))])),
        *draw_lines(_counts, min_size=1),
        *draw(st.sampled_from([[], _rankings(truth)])),
    ]
    usual: dict[str, Any] = {**LOCATION, "subject": "victims", "status": "registered"}
    usual |= {"period": PERIOD}
    claims = [Claim(**{"id": f"claim-{n}", **usual, **own}) for n, (own, _) in enumerate(lines, 1)]
    return SyntheticPublication(
        publication=Publication(id="synthetic", title="A synthetic publication", claims=claims),
        truth=truth.table(),
        true_ratios={
            claim.id: ratio for claim, (_, ratio) in zip(claims, lines, strict=True) if ratio
        },
    )
