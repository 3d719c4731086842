"""True tables, printed with rounding: the audit never accuses them, and finds what cannot be.

Each claim against the others one at a time; test_joint has the same laws for all together.
"""

from fractions import Fraction
from typing import Any

from attrs import field, frozen
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.claims.made_up import count, direction, ranking, report, share
from thbstats import audit
from thbstats.claims import Report
from thbstats.values import Percent

FORMS = ("sexual", "labour", "other")
SEXES = ("female", "male")
AREAS = ("UK", "EU28 without UK")
Codes = dict[str, str]


@frozen
class Truth:
    """How many victims there truly are, by area, form (or unknown) and sex (or unknown)."""

    cells: dict[tuple[str, str, str], int]

    def sum(self, area: str, codes: Codes, base: str = "all", by: str = "") -> int:
        """Count those of some codes; of a recorded base those whose category is known."""

        def belongs(place: str, form: str, sex: str) -> bool:
            person = {"exploitation": form, "sex": sex}
            known = base == "all" or person[by] != "unknown"
            inside = area in ("EU28", place)
            return inside and known and codes.items() <= person.items()

        return sum(n for cell, n in self.cells.items() if belongs(*cell))


@frozen
class Printed:
    """A share as printed, with what truly stands behind it."""

    claim: dict[str, Any] = field()
    numerator: int
    base: int


def half_up(share_: Fraction, decimals: int) -> str:
    scaled = int(share_ * 100 * 10**decimals + Fraction(1, 2))
    digits = str(scaled).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}%" if decimals else f"{digits}%"


sizes = st.sampled_from([3, 30, 3_000])


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    most = draw(sizes)
    cells = [
        (area, form, sex)
        for area in AREAS
        for form in (*FORMS, "unknown")
        for sex in (*SEXES, "unknown")
    ]
    return Truth({cell: draw(st.integers(0, most)) for cell in cells})


@st.composite
def printed_shares(draw: st.DrawFn, truth: Truth) -> Printed | None:
    """Draw a share that somebody could print: of all, of those recorded, or of a category."""
    dimension, codes = draw(st.sampled_from([("exploitation", FORMS), ("sex", SEXES)]))
    other = {"exploitation": ("sex", SEXES), "sex": ("exploitation", FORMS)}[dimension]
    nested = {other[0]: draw(st.sampled_from(other[1]))} if draw(st.booleans()) else {}
    category = nested | {dimension: draw(st.sampled_from(codes))}
    area = draw(st.sampled_from(("EU28", *AREAS)))
    base = draw(st.sampled_from(["all", "recorded", "not_stated"]))
    true_base = "recorded" if base == "not_stated" and draw(st.booleans()) else base
    rule = "all" if true_base == "not_stated" else true_base
    whole = truth.sum(area, nested, rule, dimension)
    if not whole:
        return None
    numerator = truth.sum(area, category)
    text = half_up(Fraction(numerator, whole), draw(st.integers(0, 2)))
    fields = {"category": category, "of": nested, "base": base, "area": area}
    return Printed(share(text, base_dimension=dimension, **fields), numerator, whole)


@st.composite
def uk_shares(draw: st.DrawFn, truth: Truth) -> Printed | None:
    """Draw the United Kingdom's part of a category in the EU."""
    codes = draw(st.sampled_from([{}, {"exploitation": "labour"}, {"sex": "female"}]))
    whole, part = truth.sum("EU28", codes), truth.sum("UK", codes)
    if not whole:
        return None
    of = codes | {"area": "EU28"}
    return Printed(
        share(half_up(Fraction(part, whole), 0), category=codes, of=of, area="UK"), part, whole
    )


@st.composite
def printed_counts(draw: st.DrawFn, truth: Truth) -> dict[str, Any]:
    codes: Codes = {}
    if draw(st.booleans()):
        codes["exploitation"] = draw(st.sampled_from(FORMS))
    if draw(st.booleans()):
        codes["sex"] = draw(st.sampled_from(SEXES))
    area = draw(st.sampled_from(("EU28", *AREAS)))
    return count(str(truth.sum(area, codes)), category=codes, area=area)


def partition(truth: Truth, area: str) -> list[Printed]:
    """The forms among those with a recorded form, which make 100."""
    whole = truth.sum(area, {}, "recorded", "exploitation")
    found = []
    for form in FORMS if whole else ():
        part = truth.sum(area, {"exploitation": form})
        fields = {"category": {"exploitation": form}, "base": "recorded", "makes": "forms"}
        text = half_up(Fraction(part, whole), 0)
        found.append(Printed(share(text, area=area, **fields), part, whole))
    return found


def true_ranking(truth: Truth) -> list[dict[str, Any]]:
    """The forms with the most victims, unless ties leave open which they are."""
    by_size = sorted(FORMS, key=lambda form: -truth.sum("EU28", {"exploitation": form}))
    return [ranking(*by_size[:n]) for n in (1, 2)]


@st.composite
def publications(draw: st.DrawFn) -> tuple[Report, list[Printed]]:
    """Draw a true table and a report that prints some of it, each figure rightly rounded."""
    truth = draw(truths())
    drawn = draw(st.lists(printed_shares(truth) | uk_shares(truth), max_size=6))
    shares = [each for each in drawn if each is not None]
    shares += draw(st.sampled_from([[], partition(truth, draw(st.sampled_from(AREAS)))]))
    counts = draw(st.lists(printed_counts(truth), max_size=6))
    others = true_ranking(truth)
    return report(*(each.claim for each in shares), *counts, *others), shares


@given(publications())
def test_nothing_that_is_printed_from_one_true_table_is_contradicted(publication):
    made_up, _ = publication

    accused = [item for item in audit(made_up, joint=False) if item.verdict == "contradicted"]

    assert accused == []


@given(publications())
def test_the_true_numerator_and_base_are_never_ruled_out(publication):
    made_up, shares = publication
    figures = made_up.figures

    for claim, true in zip(figures.claims, shares, strict=False):
        assert figures.base(claim).contains(true.base)
        assert figures.own_base(claim).contains(true.base)
        assert figures.numerator(claim).contains(true.numerator)
        found = made_up.share(claim.id)
        assert found.reported.contains(Fraction(true.numerator, true.base))


@given(publications())
def test_the_true_count_of_the_unknown_is_never_ruled_out(publication):
    made_up, shares = publication
    figures = made_up.figures

    for claim, true in zip(figures.claims, shares, strict=False):
        whole, unknown = figures.whole(claim), made_up.share(claim.id).unknown
        if unknown is not None:
            assert unknown.contains(whole.value - true.base)


@given(st.data(), st.integers(1, 30_000), st.integers(0, 2))
def test_a_share_that_no_rounding_gives_is_contradicted_with_its_numerator(data, whole, decimals):
    part = data.draw(st.integers(0, whole))
    wrong = half_up(Fraction(data.draw(st.integers(0, 1000)), 1000), decimals)
    assume(not Percent(wrong).allows(part, whole))
    sexual = {"exploitation": "sexual"}
    claims = [share(wrong, category=sexual), count(str(part), category=sexual), count(str(whole))]

    assert {str(item.verdict) for item in audit(report(*claims), joint=False)} == {"contradicted"}


@given(st.data(), st.integers(1, 30_000))
def test_a_share_that_needs_more_than_everyone_is_contradicted(data, whole):
    part = data.draw(st.integers(1, whole))
    least = Fraction(part, whole)
    wrong = half_up(least * data.draw(st.fractions(0, 1)), 1)
    assume(Percent(wrong).upper <= least)
    sexual = {"exploitation": "sexual"}
    claims = [
        share(wrong, category=sexual, base="recorded"),
        count(str(part), category=sexual),
        count(str(whole)),
    ]

    assert audit(report(*claims), joint=False)["claim-1"].verdict == "contradicted"


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_of_down_and_not_down_one_is_right_and_the_other_wrong(before, now):
    counts = count(str(now)), count(str(before), period="2013-2014")
    found = audit(report(direction("down"), direction("not_down"), *counts), joint=False)

    verdicts = [str(found[name].verdict) for name in ("claim-1", "claim-2")]
    assert sorted(verdicts) == ["confirmed", "contradicted"]
    assert (verdicts[0] == "confirmed") == (now < before)


@given(publications(), st.randoms())
def test_the_order_of_claims_changes_no_verdict(publication, random):
    made_up, _ = publication
    shuffled = list(made_up.claims)
    random.shuffle(shuffled)
    again = audit(Report(id="made-up", title="A made-up report", claims=shuffled), joint=False)

    assert {item.claim.id: item.verdict for item in again} == {
        item.claim.id: item.verdict for item in audit(made_up, joint=False)
    }
