import pytest

from thbstats.claims import Claim
from thbstats.errors import InvalidValue, UnknownName
from thbstats.values import Percent, Period


def claim(**fields):
    values = {
        "id": "c",
        "section": "II",
        "paragraph": "bullet 1",
        "kind": "count",
        "printed": "9 759",
        "subject": "victims",
    }
    return Claim(**(values | fields))


def share(**fields):
    return claim(**({"kind": "share", "printed": "56%", "category": {"sex": "female"}} | fields))


def test_count_is_read_from_digits_or_a_word():
    assert claim().count == 9759
    assert claim(printed="three").count == 3
    assert claim().percent is None


def test_share_has_a_percentage_and_no_count():
    assert share(printed="75 %").percent == Percent("75 %")
    assert share(printed="75 %").count is None


def test_claim_in_words_only_has_no_number():
    wordy = share(printed="", wording="The majority")
    assert (wordy.percent, wordy.count) == (None, None)
    assert claim(printed="", wording="numerous").count is None


def test_wording_is_split_at_gaps():
    assert claim(wording="some States ... on the rise").runs == ("some States", "on the rise")
    assert claim().runs == ()


def test_codes_areas_and_periods_are_read_in_any_spelling():
    read = share(category={"exploitation": "forced labour"}, area="UK", period="~2014-2016")
    assert read.category == {"exploitation": "labour"}
    assert (read.area, str(read.period)) == ("UK", "~2014-2016")
    assert claim(area="EU28 without United Kingdom").area == "EU28 without UK"


def test_missing_period_is_not_stated():
    assert claim().period == Period.not_stated()


def test_reporters_are_a_number_or_a_set_of_countries():
    assert claim(reporters=3).n_reporters == 3
    assert claim(reporters=["Greece", "BE", "EL"]).reporters == ("BE", "EL")
    assert claim(reporters=["BE"]).n_reporters == 1
    assert claim().n_reporters is None


def test_numerator_can_have_a_smaller_area():
    part = share(
        category={"exploitation": "labour"},
        of={"exploitation": "labour", "area": "EU28"},
        area="UK",
    )
    assert part.of["area"] == "EU28"


def test_claim_can_be_a_key():
    assert len({claim(), claim(), claim(id="d")}) == 2


def test_institutions_are_counted_by_any_dimension():
    reports = claim(subject="institutions", category={"offence": "trafficking", "sex": "F"})
    assert reports.category == {"offence": "trafficking", "sex": "female"}


def test_share_is_printed_as_a_percentage():
    with pytest.raises(InvalidValue, match="field 'printed', value '9 759'"):
        share(printed="9 759")


def test_numerator_outside_its_denominator_raises():
    with pytest.raises(InvalidValue, match=r"must contain the codes of `of`.*'sexual'"):
        share(of={"exploitation": "sexual"})


def test_all_contradictions_of_a_claim_are_named_at_once():
    with pytest.raises(InvalidValue, match=r"field 'ranks'.*field 'category'"):
        claim(ranks=["sexual"], category={"stage": "convicted"})


class TestRankings:
    def ranking(self, **fields):
        values = {
            "kind": "ranking",
            "printed": "two",
            "base_dimension": "citizenship",
            "ranks": ["RO", "HU"],
        }
        return claim(**(values | fields))

    def test_keep_the_published_order(self):
        assert self.ranking().ranks == ("RO", "HU")
        assert self.ranking().count == 2

    def test_must_match_the_published_number(self):
        with pytest.raises(InvalidValue, match="as many items as `printed`, 'five', got 2"):
            self.ranking(printed="five")

    def test_name_their_dimension(self):
        with pytest.raises(InvalidValue, match="must have `ranks` and `base_dimension`"):
            self.ranking(base_dimension="")

    def test_take_codes_and_each_only_once(self):
        with pytest.raises(InvalidValue, match=r"Use \['RO', 'HU'\]"):
            self.ranking(ranks=["Romania", "Hungary"])
        with pytest.raises(InvalidValue, match=r"Use \['RO'\]"):
            self.ranking(ranks=["RO", "RO"])

    def test_take_no_code_of_another_dimension(self):
        with pytest.raises(UnknownName, match="field 'ranks', value 'sexual'"):
            self.ranking(ranks=["RO", "sexual"])

    def test_state_whether_they_are_ordered(self):
        assert not self.ranking().ordered
        assert self.ranking(ordered=True).ordered


def test_count_can_be_a_lower_bound():
    assert claim(printed="9 759", at_least=True).count == 9759
    with pytest.raises(InvalidValue, match="must be set only for a count or a share"):
        claim(printed="", wording="many", at_least=True)


def test_count_of_known_category_needs_a_dimension():
    assert claim(base="known", base_dimension="exploitation").base == "known"
    with pytest.raises(InvalidValue, match="must be set for a count with base"):
        claim(base="known")


@pytest.mark.parametrize("since", ["2016", "2018", "2015-07-01/2016-06-30"])
def test_change_leads_from_an_earlier_period(since):
    with pytest.raises(InvalidValue, match="must start before the period 2015"):
        claim(kind="change", printed="12 %", period="2015", since=since)


@pytest.mark.parametrize("period", ["2019", "2018-2019", "not stated"])
def test_change_may_lead_to_a_period_that_overlaps_or_is_not_stated(period):
    result = claim(kind="change", printed="12 %", period=period, since="2017-2018")
    assert result.since == Period.calendar(2017, 2018)
