import pytest

from thbstats import vocabulary
from thbstats.errors import InvalidValue, UnknownName
from thbstats.languages import LANGUAGES
from thbstats.vocabulary import ALL, Classification, Sex, code_list, labels


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_a_language_is_complete_and_not_english(language):
    english = {word: label for words in ALL for word, label in labels(words).items()}
    other = {word: label for words in ALL for word, label in labels(words, language).items()}
    same = {word for word in english if english[word] == other[word]}
    assert same <= {"total", "europol", "eurojust", "eu", "prostitution", "construction",
                    "agriculture", "police", "assistance", "persons", "messages", "cases",
                    "convictions", "compensation"}  # fmt: skip


def test_a_language_can_be_added_as_a_file(tmp_path):
    file = tmp_path / "nl.toml"
    file.write_text('[Sex]\nfemale = "Vrouwen"\n', encoding="utf-8")
    result = labels(Sex, file=file)
    assert (result["female"], result["male"]) == ("Vrouwen", "Male")
    for words in ALL:
        assert list(labels(words, "fr")) == list(words)
    assert labels(vocabulary.Stage, file=file) == labels(vocabulary.Stage)


def test_list_of_a_user_does_not_replace_one_of_the_library(tmp_path):
    file = tmp_path / "it.toml"
    file.write_text('[Sex]\nother = "Altro"\n', encoding="utf-8")
    own = code_list(Classification(name="sex", categories=["female", "male", "diverse"]))
    assert own.__name__ == Sex.__name__
    assert labels(Sex, file=file)["other"] == "Altro"
    with pytest.raises(UnknownName, match="'other'"):
        labels(own, file=file)


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ('[Sexx]\nfemale = "V"', UnknownName, "must be a code list.*'Sex'"),
        ('[Sex]\nfemal = "V"', UnknownName, "must be a code of the list.*'female'"),
        ("[Sex]\nfemale = 1", InvalidValue, "must be a text"),
        ("Sex = 1", InvalidValue, "a table of labels"),
        ("[Sex", InvalidValue, "must be a TOML file"),
    ],
)
def test_an_invalid_file_of_labels_raises(tmp_path, text, error, match):
    file = tmp_path / "nl.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=match):
        labels(Sex, file=file)


def test_an_unknown_language_raises_with_a_hint():
    with pytest.raises(UnknownName, match=r"must be a language with labels.*'fr'"):
        labels(Sex, "frr")
