"""Classifications of further dimensions, compared with the lists of their sources."""

import re
from fractions import Fraction

import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.records import schema_of
from thbstats.tables import CountTable
from thbstats.vocabulary import ALL, BUNDLED, bundled_classification

LISTS = {codes.__name__ for codes in ALL}
DIMENSIONS = tuple(name for name in BUNDLED if bundled_classification(name).class_name not in LISTS)

# Columns of the k-anonymised data set of CTDC of 15 July 2021.
CTDC_MEANS = (
    "DebtBondage TakesEarnings RestrictsFinancialAccess Threats PsychologicalAbuse PhysicalAbuse "
    "SexualAbuse FalsePromises PsychoactiveSubstances RestrictsMovement RestrictsMedicalCare "
    "ExcessiveWorkingHours UsesChildren ThreatOfLawEnforcement WithholdsNecessities "
    "WithholdsDocuments Other"
)
CTDC_LABOUR = (
    "Agriculture Aquafarming Begging Construction DomesticWork Hospitality IllicitActivities "
    "Manufacturing MiningOrDrilling Peddling Transportation Other"
)
# Items of the columns of lists in the same file, with their category.
CTDC_ITEMS = {
    "means_of_control": {
        "Threats": "threats",
        "Threat of law enforcement": "threat_of_authorities",
        "Takes earnings": "earnings_confiscation",
        "Restricts movement": "movement_restriction",
        "Physical Abuse": "physical_abuse",
        "Withholds necessitie": "withholding_of_necessities",
        "Uses children": "use_of_children",
        "Other": "other",
    },
    "sector": {
        "Aquafarming": "fishing",
        "Domestic work": "domestic_work",
        "Hospitality": "hospitality",
        "Peddling": "street_trade",
        "Other": "other",
    },
    "purpose": {
        "Begging": "forced_begging",
        "Illicit activities": "forced_criminality",
        "Remote interactive services": "remote_interactive_services",
        "Slavery and similar practices": "slavery",
        "Other": "another_form",
    },
    "recruiter_relation": {
        "Intimate Partner": "intimate_partner",
        "Family/Relative": "family",
        "Friend/Acquaintance": "friend",
        "Other": "other",
    },
}
# Columns of the global synthetic data set of CTDC, which combine means of control.
CTDC_GROUPS = {
    "meansDebtBondageEarnings": "debt_bondage earnings_confiscation",
    "meansThreats": "threats threat_of_authorities threat_to_family use_of_children",
    "meansAbusePsyPhySex": "psychological_abuse physical_abuse sexual_abuse",
    "meansDenyBasicNeeds": "financial_restriction movement_restriction medical_restriction "
    "withholding_of_necessities",
    "meansFalsePromises": "",
    "meansDrugsAlcohol": "",
    "meansExcessiveWorkHours": "",
    "meansWithholdDocs": "",
}
# Lists of HTCDS: survey form at commit f4937f2, and field reference at 38195b9.
HTCDS = {
    "means_of_control": "PhysicalThreats ThreatsLawEnforcement ThreatensChildrenFamily DebtBondage "
    "FalsePromises PhysicalAbuse SexualAbuse TakesEarnings RestrictsFinancialAccess "
    "RestrictsMedicalCare WithholdsNecessities PsychologicalAbuse PsychoactiveSubstance "
    "ExcessiveWorkingHours WithholdsDocuments",
    "recruitment_method": "InternetSocialMediaOnlineAdvertisement EducationalFacility PublicArea "
    "Shelter Work Abduction Familial",
    "perpetrator_role": "TravellingPartner Transporter RecruiterOrIntermediary BrokerTravelAgent "
    "TransferredIndividual HarbouredIndividual SoldIndividual BoughtIndividual "
    "ReceivedIndividual ControlledIndividual Smuggler Abuser Kidnapper Exploiter",
    "purpose": "ForcedLabour SexualExploitation ForcedMarriage ForcedMilitaryService OrganRemoval "
    "ForcedBegging IllicitActivities IllegalAdoption Surrogacy Other Prostitution Pornography "
    "RemoteInteractiveServices PrivateSexualServices",
    "recruiter_relation": "Familial Acquainted Unaquainted",
    "identification_decision": "PossibleVictimOfTrafficking ActualVictimOfTrafficking "
    "NotAVictimOfTrafficking",
}


def test_every_dimension_fits_every_kind_of_table() -> None:
    for kind in ("victims", "justice", "protection", "cooperation"):
        schema = schema_of(kind, *map(bundled_classification, DIMENSIONS))
        assert set(DIMENSIONS) <= set(schema.names)


def test_a_classification_states_in_its_source_what_was_not_compared() -> None:
    for name in DIMENSIONS:
        classification = bundled_classification(name)
        implicit = {"total", "unknown", "not_stated"}
        listed = [own for own in classification.categories if own.code not in implicit]
        if not all(own.is_verified for own in listed):
            stated = re.search(
                r"not compared|not be (?:compared|read)|not available", classification.source
            )
            assert stated, name


@pytest.mark.parametrize(
    ("name", "prefix", "columns", "elsewhere"),
    [
        ("means_of_control", "meansOfControl", CTDC_MEANS, ""),
        ("sector", "typeOfLabour", CTDC_LABOUR, "Begging IllicitActivities"),
        ("recruiter_relation", "recruiterRelation", "IntimatePartner Friend Family Other", ""),
    ],
)
def test_columns_of_ctdc_have_a_category(
    name: str, prefix: str, columns: str, elsewhere: str
) -> None:
    terms = bundled_classification(name).crosswalk("ctdc")
    missing = {column for column in columns.split() if prefix + column not in terms}
    assert missing == set(elsewhere.split())
    assert {prefix + column for column in missing} <= set(
        bundled_classification("purpose").crosswalk("ctdc")
    )


def test_items_of_ctdc_are_read_as_the_category_of_their_column() -> None:
    def check(name: str, text: str, code: str) -> None:
        schema = schema_of("victims", bundled_classification(name))
        record = schema.record(count=1, area="MT", period=2021, status="identified", **{name: text})
        assert getattr(record, name) == code

    rows = [(name, *item) for name, items in CTDC_ITEMS.items() for item in items.items()]
    check_rows(check, rows)


def test_combined_columns_of_ctdc_are_parents_of_the_single_means() -> None:
    classification = bundled_classification("means_of_control")
    terms = classification.crosswalk("ctdc")

    def check(column: str, parts: str) -> None:
        below = [own.code for own in classification.categories if own.parent == terms[column]]
        assert below == parts.split()

    check_rows(check, CTDC_GROUPS.items())


@pytest.mark.parametrize("name", HTCDS)
def test_values_of_htcds_have_a_category(name: str) -> None:
    terms = bundled_classification(name).crosswalk("htcds")
    assert set(HTCDS[name].split()) - set(terms) == set()


def test_sections_of_industry_are_the_notation_of_the_sectors() -> None:
    classification = bundled_classification("sector")
    terms = classification.crosswalk("htcds")
    letters = {term[0]: classification[code].notation for term, code in terms.items()}
    assert letters == {letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTU"}
    divided = [own for own in classification.categories if own.parent in terms.values()]
    assert all(own.notation.isdigit() for own in divided)


@pytest.mark.parametrize(
    ("source", "terms"),
    [
        ("glotip", "Sexual exploitation; Forced labour; Other forms of exploitation"),
        ("eurostat", "ICCS02041; ICCS02042; ICCS02043_02044"),
    ],
)
def test_purposes_of_a_source_are_distinct_categories_below_the_total(
    source: str, terms: str
) -> None:
    classification = bundled_classification("purpose")
    codes = [classification.crosswalk(source)[term] for term in terms.split("; ")]
    assert codes == ["sexual_exploitation", "forced_labour", "other_form"]
    assert {classification[code].parent for code in codes} == {"total"}


# House of Commons, written answer of 14 January 2010: referrals of 1 April to 31 December 2009.
NRM_2009 = {
    "reasonable_grounds": 301,
    "no_reasonable_grounds": 131,
    "suspended": 7,
    "withdrawn": 18,
    "presumed": 70,
}


def test_share_of_positive_decisions_is_that_of_the_published_table() -> None:
    schema = schema_of("victims", bundled_classification("identification_decision"))
    texts = {
        "reasonable_grounds": "Positive reasonable grounds",
        "no_reasonable_grounds": "Negative RG",
        "suspended": "Suspended",
        "withdrawn": "Withdrawn",
        "presumed": "No decision recorded",
    }
    records = [
        schema.record(
            count=count,
            area="GB",
            period="2009-04-01/2009-12-31",
            status="presumed",
            identification_decision=decision,
        )
        for decision, count in [
            ("total", 527),
            ("refused", 131),
            *((texts[code], count) for code, count in NRM_2009.items()),
        ]
    ]
    table = CountTable.from_records(records)
    result = thb.share(table, identification_decision="reasonable_grounds", base="all", area="GB",
                       period="2009-04-01/2009-12-31")  # fmt: skip
    assert result.value.lower == result.value.upper == Fraction(301, 527)
    refused = thb.share(table, identification_decision="refused", base="all", area="GB",
                        period="2009-04-01/2009-12-31")  # fmt: skip
    assert refused.value.lower == Fraction(131, 527)
