import pytest

from thbstats.claims import Claim, Publication
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


def test_claim_is_found_by_its_name():
    assert REPORT.claim("women") is WOMEN


def test_unknown_id_raises_with_similar_ones():
    with pytest.raises(UnknownName, match=r"value 'wemen'.*Did you mean 'women'"):
        REPORT.claim("wemen")


def test_section_does_not_include_its_subsections():
    assert REPORT.claims_in("II.1") == (WOMEN_SEXUAL,)
    assert WOMEN_SEXUAL not in REPORT.claims_in("II")
    assert REPORT.sections == ("II", "II.1")


def test_unknown_section_raises_with_existing_ones():
    with pytest.raises(UnknownName, match=r"value 'III'.*Did you mean 'II'"):
        REPORT.claims_in("III")


def test_find_gives_claims_with_these_codes_and_perhaps_more():
    assert REPORT.find(sex="women and girls") == (WOMEN, WOMEN_SEXUAL, WOMEN_UK)
    assert REPORT.find(sex="female", exploitation="sexual") == (WOMEN_SEXUAL,)
    assert REPORT.find(sex="female", area="United Kingdom") == (WOMEN_UK,)
    assert REPORT.find(sex="male") == ()


def test_find_refuses_dimensions_that_do_not_exist():
    with pytest.raises(UnknownName, match="must be a known dimension"):
        REPORT.find(gender="female")


def test_two_claims_cannot_have_one_name():
    with pytest.raises(DuplicateKey, match="value 'total'"):
        report(claim(), claim())


def test_group_needs_two_shares():
    with pytest.raises(InvalidValue, match="field 'makes', value 'forms'"):
        report(claim(makes="forms"))


def test_repr_of_a_publication_counts_its_claims():
    assert "<4 claims>" in repr(REPORT)
