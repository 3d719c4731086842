"""Code lists compared with texts of sources."""

import ast
from pathlib import Path

import pytest

import thbstats.vocabulary
from thbstats.vocabulary import (
    ALL,
    AgeConcept,
    AgeGroup,
    CitizenshipGroup,
    Code,
    CooperationBody,
    CooperationKind,
    CountingUnit,
    Exploitation,
    MeasureOutcome,
    Movement,
    Offence,
    Overlap,
    ProtectionMeasure,
    RegisteringBody,
    Sex,
    Stage,
    VictimStatus,
)


def test_all_contains_every_code_list() -> None:
    folder = Path(thbstats.vocabulary.__file__).parent
    written = {
        node.name
        for path in folder.glob("[!_]*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Code" for base in node.bases)
    }
    assert written == {words.__name__ for words in ALL}
    others = {name for name in thbstats.vocabulary.__all__ if name not in written}
    assert others == {
        *("ALL", "BUNDLED", "Category", "Classification", "Code"),
        *(
            "age_bands",
            "bundled_classification",
            "code_list",
            "code_text",
            "dimension_text",
            "labels",
        ),
    }


@pytest.mark.parametrize(
    ("form", "sub_forms"),
    [
        ("total", "sexual labour other unknown"),
        ("sexual", "prostitution pornography live_web_cameras live_streamed_abuse other_sexual"),
        (
            "labour",
            "construction agriculture forestry manufacturing catering care cleaning domestic_work "
            "domestic_servitude entertainment fishing hospitality retail transportation "
            "other_labour",
        ),
        (
            "other",
            "forced_begging forced_criminality benefit_fraud organ_removal tissue_removal "
            "forced_marriage sham_marriage child_marriage forced_child_bearing illegal_adoption "
            "surrogacy selling_of_newborns forced_military other_other",
        ),
        ("unknown", ""),
    ],
)
def test_sub_forms_of_a_form(form: str, sub_forms: str) -> None:
    assert [str(child) for child in Exploitation(form).children] == sub_forms.split()


# COM(2018) 777, section II, names these sectors and forms.
@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("sexual", "pornography; live web cameras; live distant child sexual abuse"),
        (
            "labour",
            "construction; agriculture; forestry; manufacturing; catering industry; care services; "
            "cleaning services; domestic work; entertainment; fishing; hospitality; retail; "
            "transportation",
        ),
        (
            "other",
            "forced marriage; sham marriage; child marriage; forced child bearing; forced begging; "
            "forced criminality; petty crime; property crime; benefit fraud; organ removal; "
            "human tissue removal; selling of new-borns",
        ),
    ],
)
def test_forms_of_the_second_progress_report_are_codes(form: str, printed: str) -> None:
    parents = {text: Exploitation.parse(text).parent for text in printed.split("; ")}
    assert parents == dict.fromkeys(parents, form)


# UNODC GLOTIP (14 April 2025), NSO Malta's SDG 16.2.2 file, CTDC and Eurostat.
@pytest.mark.parametrize(
    ("words", "printed", "code"),
    [
        (Sex, "F", "female"),
        (Sex, "females", "female"),
        (Sex, "Both Sexes", "total"),
        (Sex, "Transgender/NonConforming", "other"),
        (AgeGroup, "0 to 17 years", "child"),
        (AgeGroup, "18 years or over", "adult"),
        (AgeGroup, "0 - 17", "child"),
        (AgeGroup, "18+", "adult"),
        (AgeGroup, "<18", "child"),
        (AgeGroup, "Minor", "child"),
        (Exploitation, "forced labour", "labour"),
        (Exploitation, "begging", "forced_begging"),
        (Exploitation, "Other forms of exploitation", "other"),
        (Exploitation, "All forms", "total"),
        (Exploitation, "Remote interactive services", "live_web_cameras"),
        (CitizenshipGroup, "Other EU", "other_eu"),
        (CitizenshipGroup, "Non-EU", "non_eu"),
        (CitizenshipGroup, "Nationals", "reporting_country"),
        (CitizenshipGroup, "third-country nationals", "non_eu"),
        (VictimStatus, "Detected trafficking victims", "detected"),
        (VictimStatus, "identified and presumed", "registered"),
        (Stage, "Persons brought into formal contact", "suspected"),
        (Stage, "Persons convicted", "convicted"),
        (Offence, "Offences of trafficking in persons", "trafficking"),
        (Offence, "knowing use of services of victims", "use_of_services"),
        (Movement, "within own member state", "internal"),
        (CooperationKind, "JITs", "joint_investigation_teams"),
        (MeasureOutcome, "issued", "granted"),
    ],
)
def test_texts_of_sources_are_read(words: type[Code], printed: str, code: str) -> None:
    assert words.parse(printed) == code


def test_own_nationals_and_other_eu_citizens_are_eu_citizens() -> None:
    assert [str(child) for child in CitizenshipGroup.EU.children] == [
        "reporting_country",
        "other_eu",
    ]
    assert [str(child) for child in CitizenshipGroup.TOTAL.children] == ["eu", "non_eu", "unknown"]


def test_registered_is_not_a_parent() -> None:
    assert all(status.parent is None for status in VictimStatus)
    assert "do not always add up" in VictimStatus.REGISTERED.note.replace("\n", " ")


def test_forced_begging_has_a_note_on_the_directive() -> None:
    assert Exploitation.FORCED_BEGGING.parent is Exploitation.OTHER
    assert "Article 2(3)" in Exploitation.FORCED_BEGGING.note
    assert "forced labour or services" in Exploitation.FORCED_BEGGING.note


def test_a_code_without_differences_has_no_note() -> None:
    assert Exploitation.SEXUAL.note == Sex.FEMALE.note == ""


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (Sex, "total female male other unknown"),
        (AgeGroup, "total child adult unknown"),
        (AgeConcept, "not_stated at_entry at_exploitation at_referral at_registration"),
        (VictimStatus, "registered identified presumed detected not_stated"),
        (CitizenshipGroup, "total eu reporting_country other_eu non_eu stateless unknown"),
        (Movement, "total internal cross_border unknown"),
        (
            RegisteringBody,
            "all police ngo immigration border_guard labour_inspection health other not_stated",
        ),
        (Stage, "recorded suspected investigated prosecuted convicted"),
        (Offence, "trafficking use_of_services"),
        (
            CountingUnit,
            "persons cases offences prosecutions convictions decisions judgments permits messages "
            "teams money not_stated",
        ),
        (
            ProtectionMeasure,
            "assistance referral reflection_period residence_permit international_protection "
            "compensation repatriation",
        ),
        (MeasureOutcome, "sought granted refused not_stated"),
        (CooperationBody, "europol eurojust"),
        (CooperationKind, "cases operational_messages joint_investigation_teams"),
        (Overlap, "exclusive overlapping not_stated"),
    ],
)
def test_codes_of_a_list_are_in_order(words: type[Code], codes: str) -> None:
    assert [str(member) for member in words] == codes.split()


def test_stages_have_the_order_of_criminal_justice() -> None:
    assert [stage.rank for stage in Stage] == [0, 1, 2, 3, 4]
    assert Stage.SUSPECTED.rank < Stage.PROSECUTED.rank < Stage.CONVICTED.rank
