import pytest
from attrs import evolve

from tests.rows import check_rows
from thbstats.claims import Claim, Publication
from thbstats.claims.wording import judge_wording
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName


def claim(id="total", **fields):
    values = {
        "section": "II",
        "paragraph": "bullet 1",
        "kind": "count",
        "printed": "20532",
        "subject": "victims",
        "area": "EU28",
    }
    return Claim(id=id, **(values | fields))


def report(*claims):
    return Publication(id="made-up", title="A report", claims=claims)


WOMEN = claim("women", category={"sex": "female"})
WOMEN_SEXUAL = claim(
    "women-sexual", section="II.1", category={"sex": "female", "exploitation": "sexual"}
)
WOMEN_UK = claim("women-uk", category={"sex": "female"}, area="UK")
REPORT = report(claim(), WOMEN, WOMEN_SEXUAL, WOMEN_UK)


def test_claims_are_found_by_name_section_and_codes():
    assert REPORT.claim("women") is WOMEN
    # A section does not include its subsections.
    assert REPORT.claims_in("II.1") == (WOMEN_SEXUAL,)
    assert WOMEN_SEXUAL not in REPORT.claims_in("II")
    assert REPORT.sections == ("II", "II.1")
    assert REPORT.find(sex="women and girls") == (WOMEN, WOMEN_SEXUAL, WOMEN_UK)
    assert REPORT.find(sex="female", exploitation="sexual") == (WOMEN_SEXUAL,)
    assert REPORT.find(sex="female", area="United Kingdom") == (WOMEN_UK,)
    assert REPORT.find(sex="male") == ()


def test_unknown_names_and_invalid_claims_are_refused():
    def check(call, error, message):
        with pytest.raises(error, match=message):
            call()

    rows = [
        (lambda: REPORT.claim("wemen"), UnknownName, r"got 'wemen'.*Did you mean 'women'"),
        (lambda: REPORT.claims_in("III"), UnknownName, r"got 'III'.*Did you mean 'II'"),
        (lambda: REPORT.find(gender="female"), UnknownName, "must be a known dimension"),
        (lambda: report(claim(), claim()), DuplicateKey, "got 'total'"),
        (lambda: report(claim(makes="forms")), InvalidValue, "`makes`"),
        (lambda: report("total"), InvalidValue, "`claims` must contain claims, got"),
        (lambda: evolve(REPORT, claims=None), InvalidValue, "`claims` must be a list, got None"),
        (lambda: REPORT.breakdown(of=["sex"], base="all"), InvalidValue, "`of` must be the name"),
        (lambda: judge_wording("over half", 0.56), InvalidValue, "`share` must be an interval"),
    ]
    check_rows(check, rows)


def test_repr_of_a_publication_counts_its_claims():
    assert "<4 claims>" in repr(REPORT)
