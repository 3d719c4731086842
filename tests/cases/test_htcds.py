import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.sources.case_files import HTCDS, one
from thbstats.cases import count_cases
from thbstats.errors import InvalidFile
from thbstats.files import Reading, open_bytes
from thbstats.records import Source, schema_of
from thbstats.sources import htcds, recognised
from thbstats.vocabulary import Classification


def reading(data: bytes, **options: object) -> Reading:
    return htcds.read(open_bytes(data, name="cases.csv"), **options)


def person(header: list[str] = HTCDS, **cells: str) -> dict[str, object]:
    frame = reading(one(header, **cells)).cases.frame
    return {name: frame[name].tolist()[0] for name in frame.columns}


def several(*rows: str) -> bytes:
    return "\n".join(
        ["Gender,Citizenship,TypeOfExploitation,TraffickingStatus", *rows, ""]
    ).encode()


def applying(cells: dict[str, object]) -> set[str]:
    start = "exploitation="
    return {
        name.removeprefix(start)
        for name, answer in cells.items()
        if name.startswith(start) and answer is True
    }


@pytest.mark.parametrize(
    "header",
    [
        b"Gender,TypeOfExploitation,TraffickingStatus",
        b"prs_Gender,vic_TypeOfExploitation,vic_Methods_of_Control",
        b'"Gender";"Type of Exploitation";"Forced Labour Industry"',
    ],
)
def test_fields_are_recognised_with_and_without_prefix(header):
    assert recognised(open_bytes(header + b"\n"))[0].name == "htcds"


def test_file_with_other_fields_is_an_error():
    with pytest.raises(InvalidFile, match="TypeOfExploitation"):
        reading(b"Gender,Age\nFeminine,3\n")
    with pytest.raises(InvalidFile, match="HTCDS field"):
        reading(b"Gender,prs_Gender,TypeOfExploitation,TraffickingStatus\n")


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Feminine", "female"),
        ("Male", "male"),
        ("Transgender Feminine", "other"),
        ("NonConforming", "other"),
        ("NonSpecifiedUnknown", "unknown"),
        ("Not Specified/Unknown", "unknown"),
    ],
)
def test_gender_is_a_sex(text, sex):
    assert person(prs_Gender=text)["sex"] == sex


@pytest.mark.parametrize(
    ("types", "industry", "forms"),
    [
        ("SexualExploitation; Forced labour ;ForcedBegging", "",
         {"sexual", "labour", "other", "forced_begging"}),
        ("Both", "", {"sexual", "labour"}),
        ("ForcedLabour", "F_Construction", {"labour", "construction"}),
        ("ForcedLabour", "Construction", {"labour", "construction"}),
        ("ForcedLabour", "A_AgricultureForestryAndFishing", {"labour"}),
    ],
)  # fmt: skip
def test_items_are_forms_of_exploitation(types, industry, forms):
    record = person(vic_TypeOfExploitation=types, vic_ForcedLabourIndustry=industry)
    assert applying(record) == forms
    assert record["exploitation=surrogacy"] is False


HEADER = [*HTCDS, "RelationshipToTrafficker", "MethodOfRecruitment", "RoleInProcess"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"vic_MethodsOfControl": "PhysicalThreats;Debt bondage"},
         {"means_of_control=threats": True, "means_of_control=debt_bondage": True,
          "means_of_control=debt_or_earnings": True, "means_of_control=sexual_abuse": False}),
        ({"vic_MethodsOfControl": "NotSpecified"}, {"means_of_control=unknown": True}),
        ({"vic_MethodsOfControl": ""}, {"means_of_control=threats": None}),
        ({"vic_MethodsOfControl": "Enchantment"}, {"means_of_control=threats": None}),
        ({"vic_ForcedLabourIndustry": "F_Construction;Manufacturing"},
         {"sector=construction": True, "sector=manufacturing": True, "sector=trade": False}),
        ({"vic_ForcedLabourIndustry": "WholesaleAndRetailTradeRepairOfMotorVehicles"},
         {"sector=trade": True}),
        ({"RelationshipToTrafficker": "Acquainted"}, {"recruiter_relation": "known_person"}),
        ({"RelationshipToTrafficker": "Familial;Unaquainted"},
         {"recruiter_relation=family": True, "recruiter_relation=stranger": True}),
        ({"MethodOfRecruitment": "Work;Abduction"},
         {"recruitment_method=work": True, "recruitment_method=shelter": False}),
        ({"RoleInProcess": "Transporter"},
         {"perpetrator_role=transporter": True, "perpetrator_role=transaction": True}),
    ],
)  # fmt: skip
def test_fields_become_categories_of_classifications(cells, expected):
    record = person(HEADER, **cells)
    for column, value in expected.items():
        same = pd.isna(record[column]) if value is None else record[column] == value
        assert same, column


def test_unmapped_item_of_a_field_with_two_dimensions_is_flagged_once():
    result = reading(one(HTCDS, vic_ForcedLabourIndustry="Z_Magic"))
    assert [item.texts for item in result.log.problems] == [{"Z_Magic": 1}]
    assert pd.isna(result.cases.frame["sector=construction"]).tolist() == [True]


def test_items_with_two_meanings_are_not_read():
    bands = Classification(
        name="age_of_oldest",
        categories=[{"code": "below", "label": "<18"}, {"code": "above", "label": "18+"}, "adult"],
    )
    data = one([*HTCDS, "AgeOfOldest"], AgeOfOldest="18;adult")
    result = reading(data, kind=schema_of("victims", bands))
    assert [item.texts for item in result.log.problems] == [{"18": 1}]
    frame = result.cases.frame
    assert frame["age_of_oldest=adult"].tolist() == [True]
    assert frame["age_of_oldest=above"].isna().tolist() == [True]


def test_person_without_form_has_missing_answers():
    assert pd.isna(person(vic_TypeOfExploitation="")["exploitation=sexual"])


@pytest.mark.parametrize(
    ("cells", "code", "texts"),
    [
        (
            {"vic_TypeOfExploitation": "Other", "vic_ForcedLabourIndustry": "F_Construction"},
            "PART_WITHOUT_WHOLE",
            {},
        ),
        (
            {"vic_TypeOfExploitation": "Forced labour;Enchantment"},
            "UNMAPPED_ANSWER",
            {"Enchantment": 1},
        ),
        ({"vic_AgeWhenTrafficked": "young"}, "UNMAPPED_ANSWER", {"young": 1}),
    ],
)
def test_unexpected_answers_are_flagged(cells, code, texts):
    (problem,) = reading(one(HTCDS, **cells)).log.problems
    assert (problem.code, dict(problem.texts)) == (code, texts)


def test_list_with_unknown_item_has_missing_answers_for_absent_items():
    known, strange = (
        reading(one(HTCDS, vic_TypeOfExploitation=listed)).cases.to_frame().iloc[0]
        for listed in ("Forced labour", "Forced labour;Enchantment")
    )
    assert known["exploitation=labour"]
    assert strange["exploitation=labour"]
    assert not known["exploitation=forced_marriage"]
    assert pd.isna(strange["exploitation=forced_marriage"])
    result = reading(several("Feminine,NG;FR,Other,", "Male,Atlantis;FR,Both,")).cases.to_frame()
    assert result["citizenship=FR"].all()
    assert pd.isna(result["citizenship=NG"][1])


@pytest.mark.parametrize(
    ("years", "age"), [("17", "child"), ("18.0", "adult"), ("Unknown", "unknown")]
)
def test_age_is_at_entry(years, age):
    cases = reading(one(HTCDS, vic_AgeWhenTrafficked=years)).cases
    assert cases.frame["age"].tolist() == [age]
    assert cases.constants["age_concept"] == "at_entry"


def test_period_is_the_year_of_the_referral():
    assert person(cas_IncomingReferralDate="2024-03-05")["period"] == "2024"
    assert person(cas_IncomingReferralDate="2024")["period"] == "2024"


def test_non_victims_and_second_header_are_rejected():
    result = reading(
        several(
            "Gender,Citizenship,Type of Exploitation,Trafficking Status",
            "Feminine,NG,Other,NotAVictimOfTrafficking",
            "Feminine,NG,Other,ActualVictimOfTrafficking",
        )
    )
    assert (result.log.read, result.log.used, len(result.cases)) == (3, 1, 1)
    assert result.log.codes == ("HEADING", "NO_VICTIM")
    assert result.cases.frame["status"].tolist() == ["identified"]


def test_single_citizenships_are_a_dimension_with_one_answer():
    cases = reading(several("Feminine,NG,Other,", "Feminine,Unknown,Other,", "Male,,Both,")).cases
    assert cases.frame["citizenship"].tolist()[:2] == ["NG", "unknown"]
    table = count_cases(cases, by="citizenship", area="MT", period=2024)
    assert table.count(citizenship="unknown").lower == 2


def test_person_with_several_citizenships_is_counted_for_each():
    result = reading(
        several("Feminine,NG;FR,Other,", "Feminine,FR,Other,", "Male,Atlantis;FR,Both,")
    )
    table = count_cases(result.cases, by="citizenship", area="MT", period=2024)
    assert [table.count(citizenship=code).lower for code in ("NG", "FR", "total")] == [1, 3, 3]
    assert result.log.with_code("UNMAPPED_ANSWER")[0].texts == {"Atlantis": 1}


def test_nationality_is_a_citizenship_and_optional():
    header = ["Gender", "Nationality", "TypeOfExploitation", "TraffickingStatus"]
    assert person(header, Nationality="NG")["citizenship"] == "NG"
    assert "citizenship" not in person(["Gender", "TypeOfExploitation", "MethodsOfControl"])


def test_identifying_columns_are_noted_and_unknown_ones_are_stored():
    header = ["FirstName", "shoeSize", *HTCDS]
    result = reading(one(header, FirstName="A.", shoeSize="42"))
    assert any("FirstName" in note for note in result.log.notes)
    assert any(note.endswith("shoeSize") for note in result.log.notes)
    assert result.cases.frame["shoeSize"].tolist() == ["42"]


def test_unsupported_forms_of_victims_are_noted():
    header = "Gender,TypeOfExploitation,TraffickingStatus"
    rows = ["Female,Servitude,Actual victim of trafficking"]
    rows += ["Male,Servitude,Not a victim of trafficking"]
    result = reading("\n".join([header, *rows]).encode())
    assert any("1 persons in servitude" in note for note in result.log.notes)


def test_source_is_the_file_by_default():
    assert reading(one(HTCDS)).cases.source.title == "cases.csv"
    assert reading(one(HTCDS), source="A shelter").cases.source.title == "A shelter"
    assert reading(one(HTCDS), source=Source(title="Mine")).cases.source.title == "Mine"


rows = st.lists(
    st.tuples(
        st.sampled_from(["Feminine", "Masculine", "", "NonSpecifiedUnknown"]),
        st.sampled_from(["NG", "FR;NG", "", "Unknown"]),
        st.lists(st.sampled_from(["ForcedLabour", "SexualExploitation", "Other"]), max_size=3),
        st.sampled_from(["ActualVictimOfTrafficking", "PossibleVictimOfTrafficking", ""]),
    ),
    max_size=40,
)


@examples(50)
@given(rows)
def test_victim_is_in_the_total_and_in_each_form(people):
    data = several(
        *(f"{sex},{land},{';'.join(forms)},{status}" for sex, land, forms, status in people)
    )
    cases = reading(data).cases
    assert len(cases) == len(people)
    table = count_cases(cases, by=["status", "sex", "exploitation"], area="MT", period=2024)
    frame = table.to_frame()
    for form, theirs in (("labour", "ForcedLabour"), ("sexual", "SexualExploitation")):
        chosen = frame[(frame["sex"] == "total") & (frame["exploitation"] == form)]
        assert chosen["value"].sum() == sum(theirs in forms for _, _, forms, _ in people)
    everybody = frame[(frame["sex"] == "total") & (frame["exploitation"] == "total")]
    assert everybody["value"].sum() == len(people)
