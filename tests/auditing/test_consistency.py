"""Each claim against all others together: what they leave and what they forbid."""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.claims.made_up import FEMALE, LABOUR, SEXUAL, count, ranking, recorded, report, share
from tests.examples import examples
from tests.rows import check_rows
from thbstats import audit
from thbstats.auditing import consistency
from thbstats.auditing.claims_audit import audit_within
from thbstats.bounds import Evidence, System, _program
from thbstats.bounds._simplex import Budget
from thbstats.errors import InvalidValue
from thbstats.values import Interval

FORMS = ("sexual", "labour", "other")
UNKNOWN = {"exploitation": "unknown"}
OTHER = {"exploitation": "other"}


def parts(*printed):
    """Everyone, three forms and the unknown, as counts."""
    codes = ({}, SEXUAL, LABOUR, OTHER, UNKNOWN)
    return [count(text, category=code) for text, code in zip(printed, codes, strict=True) if text]


ALL, OPEN = parts("100", "50", "30", "15", "5"), parts("100", "50", "30", "15", "")
TOO_MANY = parts("100", "50", "30", "25", "")
ROSE = {"kind": "change", "printed": "20%", "since": "2013-2014", "wording": "rose"}
UNSTATED = share("68%", category=FEMALE, base="not_stated")
PAGE = {"read_at": "https://example.org", "source_kind": "secondary", "section": "example.org"}
CONFIRMED, CONSISTENT, CONTRADICTED = "confirmed", "consistent", "contradicted"
NOT_ASSESSABLE = "not_assessable"

# The claims; for some of them the joint verdict, and the bounds by the others.
JOINT = {
    "counts that give each other": (ALL, {
        **dict.fromkeys(range(1, 6), (CONFIRMED, ...)),
        3: (CONFIRMED, (30, 30)),
    }),
    "counts that bound each other": (OPEN, {
        3: (CONSISTENT, (0, 35))}),
    "a share that several figures give": (
        [*ALL, share("77%", category=FEMALE, of={}), recorded("32%", "labour")],
        {7: (CONFIRMED, (Fraction(30, 95),) * 2)},
    ),
    "parts above their total": ([*TOO_MANY, count("7", category=FEMALE)], {
        **dict.fromkeys(range(1, 5), (CONTRADICTED, None)),
        2: (CONTRADICTED, None),
        5: (NOT_ASSESSABLE, ...),
    }),
    "figures next to contradictory ones": (
        [*TOO_MANY, count("40", category=FEMALE), count("30", category={"sex": "male"})],
        dict.fromkeys((5, 6), (NOT_ASSESSABLE, ...)),
    ),
    "a page that quotes another number": (
        [*OPEN, count("10", category=UNKNOWN, **PAGE)], {
            **dict.fromkeys(range(1, 5), (CONSISTENT, ...)),
            5: (CONTRADICTED, None),
    }),
    "figures without a period": ([claim | {"period": "not stated"} for claim in TOO_MANY], {
        1: (NOT_ASSESSABLE, None),
    }),
    "an impossible share": ([count("100"), share("120%", category=FEMALE)], {
        1: (NOT_ASSESSABLE, None),
        2: (CONTRADICTED, None),
    }),
    "a number that is published twice": (
        [*parts("100", "50", "", "", ""), count("50", category=SEXUAL, section="III")],
        {2: (CONSISTENT, (0, 100)), 3: (CONSISTENT, (0, 100))},
    ),
    "a percentage of any denominator": (
        [count("1,000"), ROSE], dict.fromkeys((1, 2), (NOT_ASSESSABLE, None))),
    "a ranking that others give": (
        [ranking("sexual", "labour", ordered=True), *parts("100", "50", "30", "", "5")],
        {1: (CONFIRMED, None)},
    ),
    "a ranking that others allow": (
        [ranking("sexual"), *parts("100", "", "30", "", "")], {1: (NOT_ASSESSABLE, None)}),
    "a ranking that others exclude": (
        [ranking("labour"), *parts("100", "50", "30", "", "")],
        {3: (CONTRADICTED, None)},
    ),
    "a denominator that is not stated": (
        [count("100"), UNSTATED, count("60", category=FEMALE)],
        {2: (CONSISTENT, (Fraction(3, 5), 1))},
    ),
}  # fmt: skip


def test_a_claim_is_compared_with_all_others_together(worded):
    sentences: dict[str, str] = {}

    def check(name, case):
        claims, expected = case
        result = audit(report(*claims))
        for number, (verdict, others) in expected.items():
            item = result[f"claim-{number}"]
            assert item.joint.verdict == verdict
            assert others is ... or item.joint.others == (others and Interval(*others))
            sentences[f"{name}: {number}"] = item.joint.message
            if verdict in (CONFIRMED, CONTRADICTED):
                assert item.verdict == verdict

    check_rows(check, JOINT.items())
    worded(**sentences)


def test_a_contradiction_lists_the_other_claims():
    def conflict(*claims, of):
        return [claim.id for claim in audit(report(*claims))[of].joint.conflict]

    assert conflict(*TOO_MANY, of="claim-2") == ["claim-1", "claim-3", "claim-4"]
    wrong = [ranking("labour"), *parts("100", "50", "30", "", "")]
    assert conflict(*wrong, of="claim-3") == ["claim-4", "claim-1"]


def test_figures_without_a_period_are_not_contradicted():
    result = audit(report(*(claim | {"period": "not stated"} for claim in TOO_MANY)))
    assert {str(item.verdict) for item in result} <= {NOT_ASSESSABLE, CONSISTENT}


def test_the_count_of_a_change_confirms_it():
    both = report(count("1,000"), ROSE, count("833", period="2013-2014"))
    assert {str(item.verdict) for item in audit(both)} == {CONFIRMED, CONSISTENT}


def test_a_denominator_can_be_assumed():
    result = audit(Evidence(report(count("1,000"), UNSTATED), assume_base={"sex": "all"}))
    assert result["claim-2"].joint.verdict == NOT_ASSESSABLE
    assert any("'all'" in text for text in result.assumptions)


def test_persons_and_cases_are_never_compared():
    result = audit(report(count("10"), count("8", unit="cases"), count("9", category=FEMALE)))
    assert [item.joint and str(item.joint.verdict) for item in result] == [
        "consistent",
        None,
        "consistent",
    ]


def test_a_table_that_is_too_large_is_listed_and_others_are_checked(monkeypatch, worded):
    other = [claim | {"period": "2012"} for claim in ALL]
    whole = System.parts

    def refuse(system):
        if any("2012" in cell for cell in system.cells):
            raise InvalidValue("too many", field="claims")
        return whole(system)

    monkeypatch.setattr(System, "parts", refuse)
    result = audit(report(*ALL, *other))
    assert [str(item.joint.verdict) for item in result][:5] == ["confirmed"] * 5
    assert {str(item.joint.verdict) for item in [*result][5:]} == {"not_assessable"}
    assert result.left_open[0].endswith("claim-6, claim-7, claim-8, claim-9, claim-10")
    worded(result["claim-6"].reason, result.left_open[0])


def test_a_claim_that_cannot_be_checked_is_listed_with_the_reason(monkeypatch, worded):
    whole = consistency._compared

    def refuse(statement, *others, **options):
        if statement.name == "claim-2":
            raise InvalidValue("odd", field="claims")
        return whole(statement, *others, **options)

    monkeypatch.setattr(consistency, "_compared", refuse)
    result = audit(report(*ALL))
    assert [str(item.joint.verdict) for item in result].count("confirmed") == 4
    assert len(result.left_open) == 1
    worded(result["claim-2"].joint.message)


def test_a_count_that_is_not_searched_for_has_outer_bounds_that_are_marked(monkeypatch, worded):
    def refuse(*_args, **_options):
        raise InvalidValue("not decided", field="claims")

    whole = audit(report(*OPEN))
    monkeypatch.setattr("thbstats.bounds.System.bounds", refuse)
    result = audit(report(*OPEN))
    assert [item.joint.others for item in result] == [item.joint.others for item in whole]
    assert {item.joint.outer for item in whole} == {False}
    assert {item.joint.outer for item in result} == {True}
    worded(result["claim-3"].reason)


def test_a_time_limit_lists_the_claims_that_are_not_reached(worded):
    whole, result = (audit(report(*ALL), time_limit=limit) for limit in (None, 0.0))
    assert not whole.left_open
    assert {str(item.joint.verdict) for item in whole} == {"confirmed"}
    assert {str(item.joint.verdict) for item in result} == {"not_assessable"}
    worded(result.left_open[0], result["claim-1"].joint.message)
    with pytest.raises(InvalidValue, match="time_limit"):
        audit(report(count("1")), time_limit=-1)


def test_what_is_found_before_the_time_is_up_is_kept():
    """A clock that moves by one second whenever it is read, and conflicts in two kinds of count."""
    wrong = [claim | {"period": "2012"} for claim in TOO_MANY]
    claims = report(*wrong, *ALL)
    reads = [audit_within(claims, Budget(n, iter(range(10**6)).__next__)) for n in (30, 300, 10**6)]
    few, more, all_ = ([item.joint.verdict for item in result] for result in reads)
    retained = [
        [verdict for verdict in result if verdict != "not_assessable"]
        for result in (few, more, all_)
    ]
    assert len(retained[0]) < len(retained[1]) <= len(retained[2]) == 9
    assert reads[0].left_open
    assert not reads[2].left_open
    for result in (few, more):
        assert all(a in (b, "not_assessable") for a, b in zip(result, all_, strict=True))


def test_a_search_that_ends_early_makes_no_verdict_stronger_and_keeps_its_sets():
    """A clock that moves by one second whenever it is read; counts and shares with 47 conflicts."""
    forms = [{"exploitation": form} for form in ("sexual", "labour", "other")]
    sexes = [{"sex": sex} for sex in ("female", "male")]
    numbers = zip(("60", "30", "25", "70", "35"), ("55", "33", "20", "64", "41"), strict=True)
    claims = report(
        count("100"),
        *(
            claim
            for category, (number, percentage) in zip(forms + sexes, numbers, strict=True)
            for claim in (count(number, category=category), share(percentage, category=category))
        ),
    )

    def within(seconds):
        return audit_within(claims, Budget(seconds, iter(range(10**6)).__next__))

    whole = within(None)
    assert {item.verdict for item in whole} == {"contradicted"}
    for seconds in (0, 56, 120, 400):
        result = within(seconds)
        assert result.left_open
        assert {item.verdict for item in result} <= {"contradicted", "not_assessable"}
        assert bool(result.conflicts) == (seconds > 0)


def test_claims_of_a_large_system_are_compared_within_the_budget(monkeypatch):
    """A clock that moves by one second whenever it is read; a system for HiGHS."""
    monkeypatch.setattr(_program, "_LARGE", 0)
    codes = ("AT", "BE", "BG", "CZ", "DE", "DK", "EE", "ES")
    claims = report(count("80"), *(count("10", category={"citizenship": code}) for code in codes))

    def within(seconds, clock):
        result = audit_within(claims, Budget(seconds, clock.__next__))
        return [item.claim.id for item in result if "time limit" in item.joint.message]

    clock = iter(range(10**6))
    assert within(10**6, clock) == []
    reads = next(clock)
    assert 0 < len(within(reads - 5, iter(range(10**6)))) < len(claims.claims)


SYNTHETIC = {"area": "EU27_2020", "period": "2021-2022"}


def release(female):
    """Eleven claims over four dimensions."""
    labour, of_all = {"exploitation": "labour"}, {"of": {}}
    shares = [
        share("71%", category={"sex": "male"} | labour, of=labour, base_dimension="sex"),
        share("45%", category={"citizenship": "eu"}, makes="cit", **of_all),
        share("55%", category={"citizenship": "non_eu"}, makes="cit", **of_all),
        share("33%", category={"citizenship": "reporting_country"}, **of_all),
        share("48%", category=SEXUAL, makes="forms", **of_all),
        share("38%", category=LABOUR, makes="forms", **of_all),
        share("14%", category=OTHER, makes="forms", **of_all),
        share("21%", category={"age": "child"}, **of_all),
        share(female, category=FEMALE, **of_all),
    ]
    change = {"kind": "change", "printed": "18.3%", "since": "2019-2020", "wording": "rose"}
    return report(*(claim | SYNTHETIC for claim in [count("16,911"), change, *shares]))


def test_claims_over_four_dimensions_have_verdicts():
    result = audit(release("64%"))
    assert result.left_open == ()
    assert [str(item.verdict) for item in result].count("consistent") == 8
    male = result["claim-3"].joint
    assert (male.verdict, male.others.lower) == ("consistent", 0)
    assert male.others.upper == Fraction(365, 375)


def test_a_contradiction_over_four_dimensions_is_named():
    """82% women leave 18% men at most, fewer than 71% of the 38% in labour exploitation."""
    result = audit(release("82%"))
    sets = [[claim.id for claim in claims] for claims in result.conflicts]
    assert ["claim-3", "claim-8", "claim-11"] in sets
    assert {result[name].verdict for name in ("claim-3", "claim-11")} == {"contradicted"}
    assert result["claim-8"].verdict == "contradicted"
    assert {"claim-3", "claim-8", "claim-11"} <= {item.claim.id for item in result.issues}
    assert result.to_dict()["conflicts"] == sets
    assert "Contradictory claims: claim-3, claim-8, claim-11." in str(result)


def test_shares_that_are_read_on_a_wrong_base_contradict_no_true_count(worded):
    """60, 25 and 15% are of the 800 whose form is recorded; read as of all 1,000 none fits."""
    wrong = [
        share(text, category={"exploitation": form}, of={})
        for text, form in (("60%", "sexual"), ("25%", "labour"), ("15%", "other"))
    ]
    result = audit(report(*parts("1,000", "480", "200", "120", "200"), *wrong))
    assert [str(item.verdict) for item in result] == ["contradicted"] * 8
    assert len(result.conflicts) > 1
    assert len(result.issues) == 8
    worded(result["claim-1"].reason)


def test_contradictions_that_share_no_claim_are_judged_apart():
    result = audit(report(*TOO_MANY, *(claim | {"period": "2012"} for claim in TOO_MANY)))
    assert {str(item.verdict) for item in result} == {"contradicted"}
    assert [len(claims) for claims in result.conflicts] == [4, 4]


def test_a_search_for_conflicts_that_is_cut_short_says_so(monkeypatch):
    monkeypatch.setattr(consistency, "_MOST_CONFLICTS", 2)
    claims = [count(str(number), section=f"section {number}") for number in range(6)]
    result = audit(report(*claims))
    assert len(result.conflicts) == 2
    assert "confirmed" not in {item.verdict for item in result}
    assert {str(item.verdict) for item in result} <= {"contradicted", "not_assessable"}
    assert "the search for conflicts ended after 2 sets of claims" in result.left_open[0]


def test_many_counts_that_contradict_each_other_never_fail():
    """210 such counts asked a program without a solution for one."""
    claims = [count(str(1000 + number), section=f"section {number}") for number in range(30)]
    result = audit(report(*claims))
    assert {str(item.verdict) for item in result} == {"contradicted"}


def test_shares_of_which_very_many_sets_conflict_are_judged_within_a_limit(monkeypatch):
    monkeypatch.setattr(consistency, "_EFFORT", 60)
    countries = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR"]
    claims = [
        share(f"{10 + position}%", category={"citizenship": code}, of={})
        for position, code in enumerate(countries)
    ]
    result = audit(report(count("1,000"), *claims))
    assert result.conflicts
    assert "the search for conflicts ended after" in result.left_open[0]
    assert "confirmed" not in {item.verdict for item in result}


def test_the_reference_report_holds_together(reference):
    verdicts = ["confirmed", "consistent", "contradicted", "not_assessable"]
    counts = dict(zip(verdicts, (2, 23, 0, 122), strict=True))
    assert list(reference.counts().items()) == list(counts.items())
    assert len(reference.issues) == 3


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


def test_a_count_has_the_bounds_that_infer_gives_without_its_claim(reference):
    """Outer bounds of some counts were printed by the audit and were wider than those of infer."""
    report_ = thb.publications.com_2018_777()
    others = reference["ii-victims"].joint
    result = thb.infer(report_, area="EU28", exclude="ii-victims").exact_bounds
    assert not others.outer
    assert (result.lower, result.upper) == (others.others.lower, others.others.upper)
    made_up = report(*OPEN)
    left = thb.infer(made_up, area="EU28", exploitation="labour", exclude="claim-3")
    assert audit(made_up)["claim-3"].joint.others == left.exact_bounds.interval


def test_every_output_contains_the_joint_verdict(reference):
    frame = reference.to_frame().set_index("id")
    row = frame.loc["ii-1-sexual-victims"]
    assert (row["others_lower"], row["others_upper"]) == (38, 11600)
    assert row["joint_verdict"] == "consistent"
    assert row["outer"] is False
    plain = reference["ii-sexual-share"].to_dict()["joint"]
    assert plain["others"][1] == "57/100"
    text = str(reference)
    assert "Assumption: the categories of exploitation are exclusive." in text


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


@given(printed_truths(), st.integers(1, 9), st.data())
@examples(12)
def test_what_is_contradicted_is_in_a_set_that_fails_and_fits_without_it(case, off, data):
    table, claims = case
    form = data.draw(st.sampled_from(sorted(table)))
    wrong = count(str(table[form] + off), category={"exploitation": form})
    made_up = report(*claims, wrong)
    every = frozenset(claim.id for claim in made_up.claims)

    @cache
    def fits(chosen):
        readings = Evidence(made_up, exclude=every - chosen).claim_systems()
        return all(reading.system.is_feasible for reading in readings)

    for item in audit(made_up):
        if item.joint is None or item.joint.verdict != "contradicted":
            continue
        assert fits(every - {item.claim.id}) == ("such sets of figures" not in item.joint.message)
        together = frozenset(claim.id for claim in (item.claim, *item.joint.conflict))
        assert not fits(together)
        assert all(fits(together - {name}) for name in together)
