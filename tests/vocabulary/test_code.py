import pickle
from collections.abc import Callable
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import check_rows
from thbstats.errors import UnknownName
from thbstats.vocabulary import ALL, AgeGroup, Code, Exploitation, Sex
from thbstats.vocabulary.category import plain_spelling

MEMBERS = tuple(chain.from_iterable(ALL))
SPELLINGS = [(m, text) for m in MEMBERS for text in (m.value, m.name, m.label, *m.synonyms)]

members = st.sampled_from(MEMBERS)


@pytest.mark.parametrize("words", ALL, ids=lambda words: words.__name__)
def test_spellings_are_unique_in_a_list(words: type[Code]) -> None:
    owners: dict[str, set[str]] = {}
    for member in words:
        for text in (member.value, member.label, *member.synonyms):
            owners.setdefault(plain_spelling(text), set()).add(member.value)
    assert {text: codes for text, codes in owners.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("words", ALL, ids=lambda words: words.__name__)
def test_every_list_defines_its_codes_in_its_docstring(words: type[Code]) -> None:
    assert words.__doc__
    assert words.__doc__ != Code.__doc__


@given(members)
def test_strings_are_accepted_for_members(member: Code) -> None:
    assert member == str(member) == f"{member}" == member.value
    assert {member: 1}[member.value] == 1
    assert type(member)(member.value) is member


@given(members)
def test_a_member_survives_pickling_as_the_same_object(member: Code) -> None:
    assert pickle.loads(pickle.dumps(member)) is member


@given(st.sampled_from(SPELLINGS), st.sampled_from([str.upper, str.lower, str.title, str]))
def test_case_is_ignored(spelling: tuple[Code, str], change: Callable[[str], str]) -> None:
    member, text = spelling
    assert type(member).parse(change(text)) is member


@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(["-", "_", " ", "  ", "\u2013", "\n"]),
    st.sampled_from(["", " ", "\t"]),
)
def test_spaces_hyphens_and_underscores_are_ignored(
    spelling: tuple[Code, str], separator: str, edge: str
) -> None:
    member, text = spelling
    written = edge + text.replace(" ", separator).replace("_", separator) + edge
    assert type(member).parse(written) is member


@given(members)
def test_codes_are_lower_case_names(member: Code) -> None:
    assert member.value == member.name.lower()
    assert member.value.isidentifier()


@given(members)
def test_every_member_has_a_label_that_starts_with_a_capital(member: Code) -> None:
    assert member.label[0].isupper()
    assert member.label == member.label.strip()


@given(members)
def test_every_chain_of_parents_ends_at_the_top(member: Code) -> None:
    seen = [member]
    while (parent := seen[-1].parent) is not None:
        assert parent not in seen
        assert seen[-1] in parent.children
        seen.append(parent)
    assert "total" not in type(member).__members__.values() or seen[-1] == "total"


@given(members)
def test_a_child_has_its_parent_in_the_same_list(member: Code) -> None:
    assert all(child.parent is member for child in member.children)


@pytest.mark.parametrize(
    "words", [words for words in ALL if "TOTAL" in words.__members__], ids=lambda w: w.__name__
)
def test_a_total_is_the_only_top_and_has_an_unknown_child(words: type[Code]) -> None:
    tops = [member.value for member in words if member.parent is None]
    assert tops == ["total"]
    assert "unknown" in words("total").children


@pytest.mark.parametrize(
    ("words", "text", "near"),
    [
        (Sex, "femal", "'female'"),
        (AgeGroup, "chld", "'child'"),
        (Exploitation, "Forced beging", "'forced_begging'"),
    ],
)
def test_an_unknown_code_raises_with_a_suggestion(words: type[Code], text: str, near: str) -> None:
    with pytest.raises(UnknownName) as caught:
        words.parse(text)
    message = str(caught.value)
    assert f"{text!r} must be a code of {words.__name__}" in message
    assert f"Did you mean {near}" in message
    assert message.count("'") <= 8


@pytest.mark.parametrize("codes", [Sex, AgeGroup])
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("women", "Use sex='female' with age='adult'; sex='female' alone includes all ages"),
        ("Girls", "Use sex='female' with age='child'; sex='female' alone includes all ages"),
        ("men", "Use sex='male' with age='adult'; sex='male' alone includes all ages"),
        ("boys", "Use sex='male' with age='child'; sex='male' alone includes all ages"),
    ],
)
def test_women_are_female_adults(codes: type[Code], text: str, hint: str) -> None:
    with pytest.raises(UnknownName) as caught:
        codes.parse(text)
    assert caught.value.hint == hint


def test_age_groups_are_read_by_everyday_names() -> None:
    assert {AgeGroup.parse(text) for text in ("minors", "children", "Minor")} == {AgeGroup.CHILD}
    assert AgeGroup.parse("adults") is AgeGroup.ADULT


def test_none_is_not_a_code() -> None:
    def check(words: type[Code], nothing: object) -> None:
        with pytest.raises(UnknownName):
            words.parse(nothing)

    check_rows(check, product(ALL, ["", " ", "-", "nan", None, float("nan"), 1]))


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_raises(text: str) -> None:
    known = {plain_spelling(x) for form in Exploitation for x in (form, form.label, *form.synonyms)}
    if plain_spelling(text) in known:
        assert Exploitation.parse(text) in Exploitation
    else:
        with pytest.raises(UnknownName) as caught:
            Exploitation.parse(text)
        assert caught.value.value == text
