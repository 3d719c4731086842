"""Labels of code lists in other languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from os import PathLike
from pathlib import Path

from thbstats._mappings import FrozenDict
from thbstats.errors import InvalidValue, UnknownName, require_name
from thbstats.languages import LANGUAGES, Label, Message
from thbstats.vocabulary.classification import BUNDLED, bundled_classification
from thbstats.vocabulary.codes import Code, code_lists


def labels(
    codes: type[Code], language: str = "en", *, file: str | PathLike[str] | None = None
) -> Mapping[str, str]:
    """Return the labels of a code list in a language.

    Parameters
    ----------
    codes : type of Code
        The code list, such as `Sex`.
    language : str
        ``"en"``, ``"fr"`` or ``"de"``, or another language of the labels of a classification.
    file : path, optional
        TOML file with labels of another language: a table per code list and a line per code. It
        has priority over ``language``; codes without a label have the English label.

    Raises
    ------
    UnknownName
        If the language does not exist, or the file contains an unknown code list or code.
    InvalidValue
        If the file cannot be read as TOML.

    Examples
    --------
    >>> from thbstats.vocabulary import Sex
    >>> labels(Sex, "fr")["female"], labels(Sex, "de")["female"], labels(Sex)["female"]
    ('Femmes', 'Weiblich', 'Female')

    References
    ----------
    Directive 2011/36/EU in its French and German versions, where it has the term.
    """
    classification = codes.classification()
    if file is not None:
        own = _checked(Path(file), codes).get(codes.__name__, {})
        return FrozenDict({**classification.labels(), **own})
    known = {name for category in classification.categories for name in category.labels}
    languages = dict.fromkeys((*LANGUAGES, *sorted(known)))
    if language not in languages:
        hint, problem = f"Use {', '.join(map(repr, languages))}", "must be a language with labels"
        raise UnknownName(problem, field="language", value=language, hint=hint)
    return classification.labels(language)


def code_text(code: str, dimension: str = "") -> str:
    """Return a code in words, with the labels of the code lists in other languages.

    The labels are those of the dimension, if the library has it. Without a dimension, lists that
    label one code differently do not count.

    Examples
    --------
    >>> from thbstats.languages import Language
    >>> code_text("domestic_work"), Language.of("fr").text(code_text("domestic_work"))
    ('domestic work', 'travail domestique')
    """
    texts = _agreed().get(code, {})
    if dimension in BUNDLED and code not in ("total", "unknown", "not_stated"):
        own = bundled_classification(dimension)
        texts = _running(own[code].labels) if code in own.codes else texts
    return Label(code.replace("_", " "), texts)


_SHARED = (
    Message("other"), Message("unknown"), Message("total"), Message("not stated"), Message("area"),
    Message("period"), Message("by joint investigation team"), Message("justice"),
    Message("cooperation"), Message("lists"),
)  # fmt: skip
"""Codes and dimensions without a label of their own in one code list."""


@cache
def _agreed() -> Mapping[str, Mapping[str, str]]:
    """Return the labels in other languages by code, as in running text."""
    every: dict[str, list[Mapping[str, str]]] = {}
    for codes in code_lists():
        for category in codes.classification().categories:
            if category.labels and category.labels not in every.setdefault(category.code, []):
                every[category.code].append(category.labels)
    return {code: _running(own[0]) for code, own in every.items() if len(own) == 1}


def _running(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Return labels with a small first letter, except in German and for abbreviations."""
    return {
        language: text if language == "de" or text[1:2].isupper() else text[:1].lower() + text[1:]
        for language, text in texts.items()
    }


@cache
def dimension_text(name: str) -> str:
    """Return the name of a dimension in words, with its titles in other languages.

    Examples
    --------
    >>> dimension_text("exploitation"), dimension_text("sex").translations["de"]
    ('form of exploitation', 'Geschlecht')
    """
    lists = {codes._document: codes for codes in code_lists()}
    titles: Mapping[str, str] = {}
    if name in lists:
        titles = lists[name].classification().titles
    elif name in BUNDLED:
        titles = bundled_classification(name).titles
    words = "form of exploitation" if name == "exploitation" else name.replace("_", " ")
    return Label(words, _running(titles))


def _checked(file: Path, codes: type[Code]) -> Mapping[str, Mapping[str, str]]:
    try:
        result = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        hint = "Write a table [Sex] with lines such as female = '...'"
        problem = f"must be a TOML file in UTF-8 ({error})"
        raise InvalidValue(problem, field="file", value=str(file), hint=hint) from error
    # A list of a user with the name of one of the library does not replace it.
    known = (*Code.__subclasses__(), *code_lists(), codes)
    lists = {own.__name__: own for own in known}
    for name, texts in result.items():
        require_name(name, lists, "must be a code list", field=str(file))
        if not isinstance(texts, dict):
            raise InvalidValue("must be a table of labels", field=name, value=texts)
        for code, label in texts.items():
            require_name(code, lists[name], "must be a code of the list", field=name)
            if not isinstance(label, str):
                raise InvalidValue("must be a text", field=f"{name}.{code}", value=label)
    return result
