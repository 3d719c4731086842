import pytest

from tests.rows import check_rows
from thbstats.claims import SCHEMA_VERSION, read_claims
from thbstats.errors import InvalidClaims, InvalidFile

HEAD = """
schema_version = 1
[report]
id = "made_up"
title = "A report"
published = 2018-12-03
"""
CLAIM = """
[[claim]]
id = "sexual"
section = "II.1"
paragraph = "paragraph 2"
kind = "count"
printed = "9 759"
subject = "victims"
category = { exploitation = "sexual" }
"""


def problems_of(text: str) -> list[str]:
    """Return the problems without their location, in the order of the text."""
    with pytest.raises(InvalidClaims) as caught:
        read_claims(text)
    first, *remainder = str(caught.value).split("\n")
    assert first.startswith("claims text has ")
    assert remainder == [str(problem) for problem in caught.value.problems]
    return [problem.message for problem in caught.value.problems]


def test_file_is_read_from_its_text_or_from_its_path(tmp_path):
    path = tmp_path / "made_up.toml"
    path.write_text(HEAD + CLAIM, encoding="utf-8")
    assert read_claims(path) == read_claims(str(path)) == read_claims(HEAD + CLAIM)
    assert read_claims(path).claim("sexual").count == 9759
    assert str(read_claims(path).published) == "2018-12-03"


def test_errors_name_the_file(tmp_path):
    path = tmp_path / "made_up.toml"
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"made_up\.toml has 1 problem"):
        read_claims(path)
    with pytest.raises(InvalidFile, match="that file has 1 problem"):
        read_claims(path, name="that file")


@pytest.mark.parametrize("version", [2, SCHEMA_VERSION + 1])
def test_newer_format_is_refused_before_anything_else_is_read(version):
    text = HEAD.replace("= 1", f"= {version}") + "[[claim]]\nunheard_of = 1\n"
    (problem,) = problems_of(text)
    name = "file: `schema_version`"
    assert problem.startswith(f"{name} must be at most 1")
    assert problem.endswith("Update thbstats")


@pytest.mark.parametrize("version", ["0", "true", '"1"', "1.0"])
def test_unknown_version_raises(version):
    with pytest.raises(InvalidFile, match="Use schema_version = 1"):
        read_claims(HEAD.replace("= 1", f"= {version}", 1) + CLAIM)


def test_all_problems_are_named_at_once_each_with_claim_field_value_and_hint():
    wrong = CLAIM.replace('"count"', '"cuont"').replace('"sexual" }', '"sxual" }')
    text = HEAD.replace("published", "publised") + wrong + CLAIM.replace('"sexual"\n', '"labour"\n')
    text = text.replace('id = "labour"', 'id = "labour"\nbases = "all"')
    result = problems_of(text)
    assert len(result) == 4
    assert result[0].startswith("report: `publised`")
    assert "Did you mean 'published'" in result[0]
    assert result[1].startswith("claim 'sexual': `kind`")
    assert "Did you mean 'count'" in result[1]
    assert result[2].startswith("claim 'sexual': `category.exploitation`")
    assert "Did you mean 'sexual'" in result[2]
    assert result[3].startswith("claim 'labour': `bases`")
    assert "Did you mean 'base'" in result[3]


def test_repeated_id_raises_even_if_another_claim_is_invalid():
    assert any(
        problem.startswith("claim 'sexual': `id` must be unique, but the claim in line 9")
        for problem in problems_of(HEAD + CLAIM + CLAIM.replace('"count"', '"cuont"'))
    )
    assert len(problems_of(HEAD + CLAIM + CLAIM)) == 1


def test_single_share_of_a_group_is_reported():
    (problem,) = problems_of(HEAD + CLAIM + 'makes = "forms"\n')
    assert problem.startswith("claim 'sexual': `makes`")


def test_file_of_another_shape_is_refused():
    def check(text, problem):
        assert any(problem in result for result in problems_of(text))

    rows = [
        (HEAD, "must contain at least one claim"),
        ("schema_version = 1\n" + CLAIM, "`report` must be set"),
        ("schema_version = 1\nclaim = 3\n", "must be a list of tables"),
        ("schema_version = 1\nclaims = []\n" + CLAIM, "`claims` must be a known field"),
        (HEAD.replace('"A report"', "7") + CLAIM, "report: `title`"),
        (HEAD.replace("2018-12-03", '"2018"') + CLAIM, "report: `published`"),
        (HEAD.replace('title = "A report"', "claims = []") + CLAIM, "report: `claims`"),
        (HEAD + CLAIM.replace('"sexual"\n', "5\n"), "`id`"),
        (HEAD + CLAIM.replace('"sexual"\n', "[5]\n"), "`id`"),
    ]
    check_rows(check, rows)


def test_file_with_everything_right_has_its_claims_in_order():
    other = CLAIM.replace('"sexual"\n', '"labour"\n').replace('"sexual" }', '"labour" }')
    assert [claim.id for claim in read_claims(HEAD + CLAIM + other).claims] == ["sexual", "labour"]
