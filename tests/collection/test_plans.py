import json
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.collection import Plan, plan_schema
from thbstats.collection.plans import PLANS
from thbstats.errors import InvalidFile, InvalidValue, UnknownName
from thbstats.vocabulary import bundled_classification

FOLDER = Path(thb.collection.__file__).parent / "documents"
DIRECTIVE = thb.collection.plan("article-19a")

# Law 228/2003, Article 13-bis, as compared by hand with Article 19a(2).
GAPS_OF_ITALY = {
    "a": ["register"],
    "c": ["prosecution_decision"],
    "d": ["charge_of_other_offence", "other"],
}

SMALL = {
    "schema_version": 1,
    "name": "own",
    "title": "Own plan",
    "act": "Own act",
    "source": {"title": "Own act"},
    "variables": [
        {
            "letter": "a",
            "name": "victims",
            "title": "Victims",
            "kind": "victims",
            "dimensions": ["sex", "citizenship"],
        }
    ],
    "categories": {"sex": ["female", "male"]},
}


def with_variable(**members):
    return {**SMALL, "variables": [{**SMALL["variables"][0], **members}]}


@pytest.mark.parametrize("name", PLANS)
def test_bundled_plan_is_valid_for_its_schema(name: str) -> None:
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    jsonschema.Draft7Validator(plan_schema()).validate(json.loads(json.dumps(content, default=str)))
    assert thb.collection.plan(name).name == name


def test_schema_rejects_what_the_reader_rejects() -> None:
    validator = jsonschema.Draft7Validator(plan_schema())
    assert validator.is_valid(SMALL)
    for content in (
        {**SMALL, "colour": 1},
        {**SMALL, "schema_version": 2},
        with_variable(kind="x"),
    ):
        assert not validator.is_valid(content)
        with pytest.raises((InvalidValue, UnknownName)):
            Plan.from_dict(content)


def test_article_19a_has_seven_sets_of_counts() -> None:
    assert [own.letter for own in DIRECTIVE.variables] == list("abcdefg")
    assert DIRECTIVE["a"].dimensions == ("register", "sex", "age", "citizenship", "exploitation")
    assert "exploitation" not in DIRECTIVE["e"].dimensions
    assert DIRECTIVE["e"].dimensions == ("sex", "age", "citizenship")
    assert DIRECTIVE["d"].unit == "decisions"
    assert DIRECTIVE["f"].unit == "judgments"
    assert DIRECTIVE["g"].stages == ("suspected", "prosecuted", "convicted")
    assert DIRECTIVE["g"].offences == ("use_of_services",)
    assert DIRECTIVE.due_days(2025) == (date(2026, 9, 30), date(2026, 12, 31))


def test_classifications_follow_letters_d_and_f_and_court_instances_do_not() -> None:
    for name, letter in (("prosecution_decision", "d"), ("court_judgment", "f")):
        classification = bundled_classification(name)
        assert f"Article 19a(2)({letter})" in classification.source
        assert all(own.is_verified for own in classification.categories)
        codes = {*classification.codes} - {"total"}
        assert codes == {*DIRECTIVE[letter].categories[name]}
    source = bundled_classification("court_instance").source
    assert source.startswith("Code list of thbstats. Article 19a")
    assert "does not name the court instance" in source


def test_italy_has_exactly_the_listed_gaps() -> None:
    found = DIRECTIVE.compare(thb.collection.plan("italy-13bis"))
    required = found.missing[found.missing["code"].isin(["variable", "dimension", "category"])]
    gaps = {key: own["item"].tolist() for key, own in required.groupby("letter")}
    assert gaps == GAPS_OF_ITALY
    others = found.frame[~found.frame["code"].isin(["variable", "dimension", "category"])]
    rows = others[["plan", "letter", "code", "item"]].to_numpy().tolist()
    assert rows == [
        ["article-19a", "e", "finality", "all"],
        ["article-19a", "f", "finality", "all"],
        ["article-19a", "", "due", "09-30"],
        ["italy-13bis", "d", "offence", "use_of_services"],
        ["italy-13bis", "e", "finality", "final"],
        ["italy-13bis", "f", "finality", "final"],
    ]


def test_a_plan_equals_itself_and_lists_variables_that_another_lacks() -> None:
    assert len(DIRECTIVE.compare(DIRECTIVE)) == 0
    found = DIRECTIVE.compare(thb.collection.plan("sdg-16.2.2"))
    variables = found.missing.loc[found.missing["code"] == "variable", "letter"]
    assert variables.tolist() == list("bcdefg")
    assert ["status", "registered"] in found.missing[["code", "item"]].to_numpy().tolist()
    assert "Requirements" in str(found)


def test_an_own_plan_is_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = (FOLDER / "sdg-16.2.2.toml").read_text("utf-8").replace("sdg-16.2.2", "own")
    path.write_text(text, "utf-8")
    own = thb.collection.plan(path)
    assert own.name == "own"
    assert own.to_frame()["dimension"].tolist() == ["sex", "age", "exploitation"]
    assert "form of exploitation" in str(own)
    path.write_text("name = ", "utf-8")
    with pytest.raises(InvalidFile, match="must be valid TOML"):
        thb.collection.plan(path)


def test_refusals_of_plans() -> None:
    def check(content, error, text):
        with pytest.raises(error, match=text):
            Plan.from_dict(content)

    twice = [SMALL["variables"][0]] * 2
    check_rows(
        check,
        [
            ([], InvalidValue, "must be a table"),
            ({**SMALL, "schema_version": 3}, InvalidValue, "schema_version"),
            ({**SMALL, "variables": []}, InvalidValue, "must have a variable"),
            ({**SMALL, "variables": "a"}, InvalidValue, "must be a list"),
            ({**SMALL, "variables": ["a"]}, InvalidValue, "must be a table"),
            ({**SMALL, "variables": twice}, InvalidValue, "must be unique"),
            ({**SMALL, "tables": "both"}, UnknownName, "must be a kind of table"),
            ({**SMALL, "frequency": "monthly"}, UnknownName, "annual"),
            ({**SMALL, "due": ["30 September"]}, InvalidValue, "09-30"),
            ({**SMALL, "due": "09-30"}, InvalidValue, "must be a list of texts"),
            ({**SMALL, "due": ["02-29"]}, InvalidValue, "`due` must be days"),
            ({**SMALL, "due": ["12-31", "09-30"]}, InvalidValue, "`due` must be in their order"),
            ({**SMALL, "source": "x"}, InvalidValue, "`source` must be a table"),
            ({**SMALL, "categories": {"hair": ["red"]}}, UnknownName, "of a dimension, got 'hair'"),
            (with_variable(categories={"sex": []}), InvalidValue, "`sex` must have a category"),
            (with_variable(categories={"sex": ["male", "total"]}), InvalidValue, "must be parts"),
            (with_variable(categories={"sex": ["male"] * 2}), InvalidValue, "`sex` must list each"),
            (with_variable(dimensions=["sex", "sex"]), InvalidValue, "`dimensions` must list each"),
            (with_variable(dimensions=["area"]), UnknownName, "must be a name of the list"),
            (
                with_variable(dimensions="sex"),
                InvalidValue,
                "variables.0: `dimensions` must be a l",
            ),
            (with_variable(derogations=["age"]), UnknownName, "`derogations` must be"),
            (with_variable(offences=[]), InvalidValue, "must have an offence"),
            (with_variable(name="../victims"), InvalidValue, "letters, digits, _ and - only"),
            ({**SMALL, "area": "Atlantis"}, UnknownName, "Atlantis"),
            ({**SMALL, "source": {"name": "x"}}, UnknownName, "`name` must be a key"),
            ({**SMALL, "categories": ["sex"]}, InvalidValue, "lists by dimension"),
            (with_variable(dimensions=["gender"]), UnknownName, "sex"),
            (with_variable(categories={"age": ["child"]}), UnknownName, "'age'"),
            (with_variable(categories={"sex": ["woman"]}), UnknownName, "female"),
            (with_variable(stages=["suspected"]), InvalidValue, "for justice only"),
            (with_variable(kind="justice"), InvalidValue, "for justice only"),
            (with_variable(finality="never"), UnknownName, "finality"),
            (with_variable(title=5), InvalidValue, "must be a text"),
            ({**SMALL, "note": ["a"]}, InvalidValue, "must be a text"),
            (with_variable(unit="people who"), UnknownName, "unit|CountingUnit"),
            (with_variable(offences=["theft"]), UnknownName, "offences"),
            (
                {key: own for key, own in SMALL.items() if key != "act"},
                InvalidValue,
                "`act` must be in the document",
            ),
        ],
    )
    with pytest.raises(UnknownName, match="italy-13bis"):
        thb.collection.plan("italy-13")
    with pytest.raises(UnknownName, match="must be a variable of article-19a"):
        DIRECTIVE["z"]
    with pytest.raises(InvalidValue, match="must have a last day"):
        DIRECTIVE.due_days("not stated")
