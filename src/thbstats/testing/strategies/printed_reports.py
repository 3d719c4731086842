"""Made-up publications: a true table, and figures that are printed of it with rounding."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from thbstats.claims import Claim, Publication
from thbstats.display import percent
from thbstats.tables import CountTable
from thbstats.testing.strategies._hypothesis import st

__all__ = ["Printed", "publications"]

FORMS = ("sexual", "labour", "other")
SEXES = ("female", "male")
OPEN = ("unknown", "total")
PARTS = ("UK", "EU28 without UK")
WHOLE = "EU28"
PERIOD = "2015-2016"
YEARS = ("2015", "2016")
PLACE = {"section": "II", "paragraph": "paragraph 1"}

Codes = Mapping[str, str]


def _fixed(behind: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[int, int]]:
    return MappingProxyType(dict(behind))


@frozen(kw_only=True)
class Printed:
    """A made-up publication, and the truth that it was printed from.

    Parameters
    ----------
    report : Publication
        What is printed: counts, shares on several bases, rankings.
    truth : CountTable
        Every count there is, with its totals: registered victims by area, form of exploitation,
        sex and, where they are drawn, year.
    behind : mapping of str to tuple of int
        For each count and share, by the name of its claim, its true numerator and base; the base of
        a count is 1.
    """

    report: Publication
    truth: CountTable
    behind: Mapping[str, tuple[int, int]] = field(converter=_fixed)

    def value(self, claim: Claim | str) -> Fraction:
        """Return what truly stands behind a count or a share.

        Parameters
        ----------
        claim : Claim or str
            The claim or its name.

        Returns
        -------
        Fraction
            A whole number for a count, 0 to 1 for a share.
        """
        return Fraction(*self.behind[claim if isinstance(claim, str) else claim.id])


@frozen
class _Truth:
    """How many victims there truly are, by period, area, form and sex (or unknown)."""

    cells: Mapping[tuple[str, str, str, str], int]

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of the cells, and the longer one that they make."""
        return tuple(dict.fromkeys([*(cell[0] for cell in self.cells), PERIOD]))

    def sum(self, period: str, area: str, codes: Codes, known: str = "") -> int:
        """Count those of some codes; with a dimension, only those of whom it is known."""

        def belongs(when: str, place: str, form: str, sex: str) -> bool:
            person = {"exploitation": form, "sex": sex}
            inside = area in (WHOLE, place) and period in (PERIOD, when)
            return inside and person.get(known) != "unknown" and codes.items() <= person.items()

        return sum(number for cell, number in self.cells.items() if belongs(*cell))

    def table(self) -> CountTable:
        rows = []
        for period, area, form, sex in product(
            self.periods, (*PARTS, WHOLE), (*FORMS, *OPEN), (*SEXES, *OPEN)
        ):
            said = {"exploitation": form, "sex": sex}
            codes = {name: code for name, code in said.items() if code != "total"}
            rows.append((period, area, form, sex, self.sum(period, area, codes)))
        columns = ("period", "area", "exploitation", "sex", "value")
        return CountTable.from_rows(rows, kind="victims", columns=columns, status="registered")


@frozen
class _Line:
    """A claim without a name, and what truly stands behind it, if it is a number."""

    fields: Mapping[str, Any]
    behind: tuple[int, int] | None = None


def _share(part: int, whole: int, decimals: int, **fields: Any) -> _Line:
    text = percent(Fraction(part, whole), decimals)
    return _Line({"kind": "share", "printed": str(text), **fields}, (part, whole))


@st.composite
def _truths(draw: st.DrawFn, most: int, years: bool) -> _Truth:
    numbers = st.integers(0, draw(st.sampled_from([min(3, most), min(30, most), most])))
    cells = [
        (period, area, form, sex)
        for period in (YEARS if years else (PERIOD,))
        for area in PARTS
        for form in (*FORMS, "unknown")
        for sex in (*SEXES, "unknown")
    ]
    return _Truth({cell: draw(numbers) for cell in cells})


@st.composite
def _shares(draw: st.DrawFn, truth: _Truth) -> list[_Line]:
    """Draw a share that somebody could print: of all, of those recorded, or of a category."""
    dimension, codes = draw(st.sampled_from([("exploitation", FORMS), ("sex", SEXES)]))
    other = {"exploitation": ("sex", SEXES), "sex": ("exploitation", FORMS)}[dimension]
    of = {other[0]: draw(st.sampled_from(other[1]))} if draw(st.booleans()) else {}
    category = {**of, dimension: draw(st.sampled_from(codes))}
    area, period = draw(st.sampled_from((WHOLE, *PARTS))), draw(st.sampled_from(truth.periods))
    base = draw(st.sampled_from(["all", "known", "not_stated"]))
    recorded = base == "known" or (base == "not_stated" and draw(st.booleans()))
    whole = truth.sum(period, area, of, dimension if recorded else "")
    decimals = draw(st.integers(0, 2))
    if not whole:
        return []
    said = {"category": category, "of": of, "base": base, "base_dimension": dimension}
    part = truth.sum(period, area, category)
    return [_share(part, whole, decimals, area=area, period=period, **said)]


@st.composite
def _of_one_state(draw: st.DrawFn, truth: _Truth) -> list[_Line]:
    """Draw the United Kingdom's part of a category in the EU."""
    codes = draw(st.sampled_from([{}, {"exploitation": "labour"}, {"sex": "female"}]))
    whole, part = truth.sum(PERIOD, WHOLE, codes), truth.sum(PERIOD, "UK", codes)
    if not whole:
        return []
    said = {"category": codes, "of": {**codes, "area": WHOLE}, "base": "all", "area": "UK"}
    return [_share(part, whole, 0, **said)]


@st.composite
def _counts(draw: st.DrawFn, truth: _Truth) -> list[_Line]:
    category: dict[str, str] = {}
    if draw(st.booleans()):
        category["exploitation"] = draw(st.sampled_from(FORMS))
    if draw(st.booleans()):
        category["sex"] = draw(st.sampled_from(SEXES))
    area, period = draw(st.sampled_from((WHOLE, *PARTS))), draw(st.sampled_from(truth.periods))
    number = truth.sum(period, area, category)
    said = {"kind": "count", "printed": str(number), "category": category, "area": area}
    return [_Line({**said, "period": period}, (number, 1))]


def _partition(truth: _Truth, area: str) -> list[_Line]:
    """Return the forms among those with a recorded form, which make 100."""
    whole = truth.sum(PERIOD, area, {}, "exploitation")
    said = {"base": "known", "makes": "forms", "area": area}
    return [
        _share(truth.sum(PERIOD, area, codes), whole, 0, category=codes, **said)
        for codes in ({"exploitation": form} for form in (FORMS if whole else ()))
    ]


def _rankings(truth: _Truth) -> list[_Line]:
    """Return the first form and the first two."""
    by_size = sorted(FORMS, key=lambda form: -truth.sum(PERIOD, WHOLE, {"exploitation": form}))
    said = {"kind": "ranking", "wording": "most", "base_dimension": "exploitation", "area": WHOLE}
    return [_Line({**said, "ranks": by_size[:number]}) for number in (1, 2)]


@st.composite
def publications(
    draw: st.DrawFn, most: int = 3000, max_size: int = 6, years: bool = False
) -> Printed:
    """Draw a true table and a publication that prints some of it, each percentage rounded half up.

    Its claims are counts, shares of all, of those recorded, of a category and on a base that is not
    stated, the part of one state, shares that make 100, and rankings: what an audit has to find
    possible, and what has to lie within every bound that is inferred.

    Parameters
    ----------
    most : int
        The largest count of a cell: small ones make many ties and zeros.
    max_size : int
        How many counts, of which there is one at least, and how many shares are drawn at most;
        shares that make 100 and rankings come on top.
    years : bool
        Whether counts and shares of 2015 and of 2016 are published next to those of 2015-2016.

    Returns
    -------
    SearchStrategy of Printed

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from thbstats import audit
    >>> @settings(max_examples=5)
    ... @given(publications())
    ... def test_nothing_true_is_contradicted(printed):
    ...     verdicts = [item.verdict for item in audit(printed.report, joint=False)]
    ...     assert "contradicted" not in verdicts
    >>> test_nothing_true_is_contradicted()
    """
    truth = draw(_truths(most, years))

    def some(
        make: Callable[[_Truth], "st.SearchStrategy[list[_Line]]"], least: int = 0
    ) -> list[_Line]:
        drawn = draw(st.lists(make(truth), min_size=least, max_size=max_size))
        return [line for lines in drawn for line in lines]

    lines = [
        *some(lambda truth: _shares(truth) | _of_one_state(truth)),
        *draw(st.sampled_from([[], _partition(truth, draw(st.sampled_from(PARTS)))])),
        *some(_counts, least=1),
        *draw(st.sampled_from([[], _rankings(truth)])),
    ]
    usual: dict[str, Any] = {
        **PLACE,
        "subject": "victims",
        "status": "registered",
        "period": PERIOD,
    }
    claims = [
        Claim(**{"id": f"claim-{n}", **usual, **line.fields}) for n, line in enumerate(lines, 1)
    ]
    return Printed(
        report=Publication(id="made_up", title="A made-up publication", claims=claims),
        truth=truth.table(),
        behind={
            claim.id: line.behind
            for claim, line in zip(claims, lines, strict=True)
            if line.behind is not None
        },
    )
