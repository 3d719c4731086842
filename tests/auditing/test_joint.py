"""Each claim against all others together: what they leave, what they forbid, what it narrows."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, ranking, recorded, report, share
from tests.examples import examples
from thbstats import Evidence, audit
from thbstats.auditing import joint_audit
from thbstats.errors import InvalidValue
from thbstats.values import Interval

FORMS = ("sexual", "labour", "other")
UNKNOWN = {"exploitation": "unknown"}
OTHER = {"exploitation": "other"}


def parts(*printed):
    """Everyone, three forms and the unknown, as counts."""
    codes = ({}, SEXUAL, LABOUR, OTHER, UNKNOWN)
    return [count(text, category=code) for text, code in zip(printed, codes, strict=True) if text]


def test_a_count_that_all_others_settle_is_confirmed():
    found = audit(report(*parts("100", "50", "30", "15", "5")))

    assert {str(item.verdict) for item in found} == {"confirmed"}
    assert found["claim-3"].joint.others == Interval(30, 30)
    assert found["claim-3"].joint.message.startswith(
        "All other figures together give 30, which is printed as 30."
    )


def test_one_that_others_only_bound_is_consistent_with_the_interval_that_they_leave():
    item = audit(report(*parts("100", "50", "30", "15", "")))["claim-3"]

    assert (str(item.verdict), item.joint.others) == ("consistent", Interval(0, 35))
    assert "All other figures together leave 0..35." in item.joint.message


def test_a_share_that_others_settle_is_confirmed_though_no_figure_alone_gives_it():
    claims = [*parts("100", "50", "30", "15", "5"), share("77%", category=FEMALE, of={})]
    claims += [recorded("32%", "labour")]
    item = audit(report(*claims))["claim-7"]

    assert item.verdict == item.joint.verdict == "confirmed"
    assert item.joint.others == Interval(Fraction(30, 95), Fraction(30, 95))


def test_claims_that_cannot_be_true_together_are_named_with_number_and_section():
    claims = [*parts("100", "50", "30", "25", ""), count("7", category=FEMALE)]
    found = audit(report(*claims))

    assert [str(item.verdict) for item in found][:4] == ["contradicted"] * 4
    assert found["claim-2"].joint.message == (
        "Cannot be true together with 100 for victims in EU28 (section II); "
        "30 for labour in EU28 (section II); 25 for other in EU28 (section II)."
    )
    assert [claim.id for claim in found["claim-2"].joint.conflict] == [
        "claim-1",
        "claim-3",
        "claim-4",
    ]
    assert found["claim-5"].verdict != "contradicted"


def test_claims_that_contradict_each_other_say_nothing_of_others():
    sexes = [count("40", category=FEMALE), count("30", category={"sex": "male"})]
    found = audit(report(*parts("100", "50", "30", "25", ""), *sexes))

    assert [found[name].joint.verdict for name in ("claim-5", "claim-6")] == ["cannot_tell"] * 2


def test_a_page_that_quotes_is_contradicted_and_not_the_publication():
    page = {"read_at": "https://example.org", "source_kind": "secondary", "section": "example.org"}
    claims = [*parts("100", "50", "30", "15", ""), count("10", category=UNKNOWN, **page)]
    found = audit(report(*claims))

    verdicts = [str(item.joint.verdict) for item in found]
    assert verdicts == ["consistent"] * 4 + ["contradicted"]
    assert found["claim-5"].joint.message.endswith("so that the page may be what is wrong.")


def test_what_may_be_of_another_time_or_place_is_not_accused():
    claims = [claim | {"period": "not stated"} for claim in parts("100", "50", "30", "25", "")]
    found = audit(report(*claims))

    assert {str(item.verdict) for item in found} <= {"cannot_tell", "consistent"}
    assert "does not say whether all are of one place and time" in found["claim-1"].reason


def test_persons_and_cases_are_never_held_together():
    found = audit(report(count("10"), count("8", unit="cases"), count("9", category=FEMALE)))

    assert [item.joint and str(item.joint.verdict) for item in found] == [
        "consistent",
        None,
        "consistent",
    ]


def test_a_number_that_no_table_has_is_contradicted_by_itself():
    found = audit(report(count("100"), share("120%", category=FEMALE)))

    assert found["claim-2"].joint.message == "No table has this number."
    assert found["claim-1"].joint is None


def test_a_number_that_is_printed_twice_does_not_confirm_itself():
    claims = [*parts("100", "50", "", "", ""), count("50", category=SEXUAL, section="III")]
    found = audit(report(*claims))

    assert found["claim-2"].joint.others == Interval(0, 100)
    assert found["claim-2"].verdict == found["claim-3"].verdict == "consistent"
    assert found["claim-2"].joint.narrows == found["claim-3"].joint.narrows


def test_what_percentages_of_any_size_leave_is_as_good_as_nothing():
    since = {"kind": "change", "since": "2013-2014", "words": "rose"}
    found = audit(report(count("1 000"), {"printed": "20%"} | since))

    assert {str(item.joint.verdict) for item in found} == {"cannot_tell"}
    assert {item.joint.others for item in found} == {None}
    both = report(count("1 000"), {"printed": "20%"} | since, count("833", period="2013-2014"))
    assert {str(item.verdict) for item in audit(both)} == {"confirmed", "consistent"}


def test_a_ranking_is_confirmed_where_all_others_give_its_order():
    claims = [ranking("sexual", "labour", ordered=True), *parts("100", "50", "30", "", "5")]

    assert audit(report(*claims))["claim-1"].joint.verdict == "confirmed"
    loose = [ranking("sexual"), *parts("100", "", "30", "", "")]
    assert audit(report(*loose))["claim-1"].joint.verdict == "cannot_tell"
    wrong = [ranking("labour"), *parts("100", "50", "30", "", "")]
    together = [claim.id for claim in audit(report(*wrong))["claim-3"].joint.conflict]
    assert together == ["claim-4", "claim-1"]
    message = audit(report(*wrong))["claim-3"].joint.message
    assert message.endswith("labour first (section II).")


def test_narrowing_is_the_mean_of_how_much_narrower_counts_are():
    """With 7 unknown the women are 60..93, without 60..100; 100 stays what it is."""
    women = count("60", category=FEMALE, at_least=True, words="at least")
    found = audit(report(count("100"), women, count("7", category={"sex": "unknown"})))

    assert found["claim-3"].joint.narrows == (0 + (1 - Fraction(33, 40))) / Fraction(2)
    assert found["claim-3"].joint.message.endswith(
        "without it, female in EU28 would be 60..100, not 60..93."
    )
    assert found["claim-2"].joint.narrows == 0


def test_what_is_set_aside_says_why_and_can_be_assumed():
    found = audit(report(count("100"), share("68%", category=FEMALE, base="not_stated")))
    assert found["claim-2"].joint.message == (
        "Not held against all others: its base is not printed, and none is assumed."
    )
    told = Evidence(found_report(), bases={"sex": "all"})
    assert audit(told)["claim-2"].joint.verdict == "cannot_tell"
    assert audit(told)["claim-2"].joint.narrows == Fraction(1, 2)
    assert any("'all'" in text for text in audit(told).assumptions)


def found_report():
    return report(count("100"), share("68%", category=FEMALE, base="not_stated"))


def test_an_audit_of_one_at_a_time_holds_nothing_together():
    found = audit(report(*parts("100", "50", "30", "15", "5")), joint=False)

    assert {item.joint for item in found} == {None}
    assert found.assumptions == ()


def test_a_table_that_is_too_large_is_told_and_nothing_fails(monkeypatch):
    def refuse(_reading):
        raise InvalidValue("too many", field="claims")

    monkeypatch.setattr(joint_audit, "_Table", refuse)
    found = audit(report(*parts("100", "50", "30", "15", "5")))

    assert {str(item.joint.verdict) for item in found} == {"cannot_tell"}
    assert "too many" in found["claim-1"].reason


def test_what_is_not_settled_in_time_is_left_as_wide_as_it_is_proved(monkeypatch):
    def refuse(*_args, **_options):
        raise InvalidValue("not decided", field="claims")

    whole = audit(report(*parts("100", "50", "30", "15", "5")))
    monkeypatch.setattr("thbstats.bounds.System.bounds", refuse)
    found = audit(report(*parts("100", "50", "30", "15", "5")))

    assert [item.joint for item in found] == [item.joint for item in whole]


@pytest.fixture(scope="module")
def reference():
    return audit(thb.publications.com_2018_777())


def test_the_reference_report_holds_together(reference):
    assert [str(verdict) for verdict in reference.counts()] == [
        "confirmed",
        "consistent",
        "contradicted",
        "cannot_tell",
    ]
    assert list(reference.counts().values()) == [2, 23, 0, 122]
    assert len(reference.findings) == 3


def test_what_other_figures_leave_of_the_figures_of_the_reference_report(reference):
    assert reference["ii-victims"].joint.others == Interval(17273, None)
    assert reference["ii-1-sexual-victims"].joint.others == Interval(38, 11600)
    uk = reference["ii-labour-uk-share"]
    assert uk.verdict == "consistent"
    assert Fraction(467, 1000) < uk.joint.others.lower < Fraction(468, 1000)
    for id, low, high in (("ii-sexual-share", 55, 57), ("ii-other-share-without-uk", 19, 21)):
        others = reference[id].joint.others
        assert Fraction(low, 100) <= others.lower <= Fraction(low, 100) + Fraction(1, 10**5)
        assert others.upper == Fraction(high, 100)


def test_the_count_of_the_reference_report_narrows_most(reference):
    narrows = {item.claim.id: item.joint.narrows for item in reference if item.joint}
    told = {id: share_ for id, share_ in narrows.items() if share_ and "eurojust" not in id}
    first, second = sorted(told, key=told.__getitem__)[-1:-3:-1]
    assert (first, second) == ("ii-1-sexual-victims", "ii-labour-uk-share")
    assert "without it, labour in EU28 without UK would be" in reference[second].joint.message
    assert all(0 < share_ <= 1 for share_ in told.values())


def test_every_shape_of_output_has_what_all_others_say(reference):
    frame = reference.to_frame().set_index("id")
    row = frame.loc["ii-1-sexual-victims"]
    assert (row["others_lower"], row["others_upper"]) == (38, 11600)
    assert row["joint_verdict"] == "consistent"
    assert 0.8 < row["narrows"] < 0.9
    plain = reference["ii-sexual-share"].to_dict()["joint"]
    assert plain["others"][1] == "57/100"
    assert Fraction(plain["narrows"]) == reference["ii-sexual-share"].joint.narrows
    text = str(reference)
    assert "by 81.7 %" in " ".join(text.split())
    assert "Assumed: the categories of exploitation are exclusive." in text


@st.composite
def printed_truths(draw, forms=FORMS):
    """A true table by form, and figures printed of it, each rightly rounded."""
    table = {form: draw(st.integers(0, 40)) for form in (*forms, "unknown")}
    whole, known = sum(table.values()), sum(table[form] for form in forms)
    claims = [
        count(str(table[form]), category={"exploitation": form})
        for form in draw(st.lists(st.sampled_from(sorted(table)), max_size=3, unique=True))
    ]
    if draw(st.booleans()):
        claims.append(count(str(whole)))
    for form in draw(st.lists(st.sampled_from(forms), max_size=3, unique=True)) if known else []:
        printed = (200 * table[form] + known) // (2 * known)
        claims.append(recorded(f"{printed}%", form))
    return table, claims


@given(printed_truths())
@examples(12)
def test_nothing_true_is_contradicted_and_the_truth_is_left_by_all_others(case):
    table, claims = case
    if not claims:
        return
    for item in audit(report(*claims)):
        assert item.verdict != "contradicted"
        if item.joint is None or item.joint.others is None:
            continue
        form = item.claim.category.get("exploitation")
        known = sum(table[name] for name in FORMS)
        number = sum(table.values()) if form is None else table[form]
        true = Fraction(number, known) if item.claim.percent else number
        assert item.joint.others.contains(true)
        assert item.joint.narrows is None or 0 <= item.joint.narrows <= 1


@given(printed_truths(), st.integers(1, 9), st.data())
@examples(12)
def test_what_is_contradicted_is_in_a_set_that_fails_and_fits_without_it(case, off, data):
    table, claims = case
    form = data.draw(st.sampled_from(sorted(table)))
    wrong = count(str(table[form] + off), category={"exploitation": form})
    made_up = report(*claims, wrong)
    for item in audit(made_up):
        if item.joint is None or item.joint.verdict != "contradicted":
            continue
        together = [item.claim, *item.joint.conflict]
        assert not _fits(made_up, together)
        for fewer in combinations(together, len(together) - 1):
            assert _fits(made_up, fewer)


def _fits(made_up, kept):
    left_out = [claim.id for claim in made_up.claims if claim not in kept]
    readings = Evidence(made_up, leave_out=left_out).readings()
    return all(reading.system.is_possible for reading in readings)
