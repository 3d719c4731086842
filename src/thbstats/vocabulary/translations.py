"""The labels of our words in other languages, which are data: one file a language."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from thbstats._mappings import FrozenDict
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.vocabulary._code import Code

__all__ = ["LANGUAGES", "labels"]

LANGUAGES = ("en", "fr", "de")
"""The languages that come with the library."""


def labels(
    words: type[Code], language: str = "en", *, file: str | PathLike[str] | None = None
) -> Mapping[str, str]:
    """Return the label of each word of a list in a language.

    Parameters
    ----------
    words : type of Code
        The list, such as `Sex`.
    language : str
        ``"en"``, ``"fr"`` or ``"de"``.
    file : path, optional
        Labels of another language in TOML: a table for each list, in it a line for each code, as
        in the files of the library. It goes before ``language``; a word that it lacks is said in
        English.

    Returns
    -------
    mapping of str to str
        By code, in the order of the list.

    Raises
    ------
    UnknownName
        If there is no such language, or the file names a list or word that does not exist.
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
    english = {str(word): word.label for word in words}
    if file is not None:
        return FrozenDict({**english, **_checked(Path(file)).get(words.__name__, {})})
    if language not in LANGUAGES:
        raise UnknownName(
            "no labels in this language",
            field="language",
            value=language,
            hint=f"{did_you_mean(language, LANGUAGES)} Or give file=... with your own",
        )
    if language == "en":
        return FrozenDict(english)
    # Loaded when somebody asks for them: what is imported by all should not cost all.
    import tomllib
    from importlib.resources import files

    found = files("thbstats.vocabulary").joinpath("translations", f"{language}.toml")
    return FrozenDict({**english, **tomllib.loads(found.read_text("utf-8"))[words.__name__]})


def _checked(file: Path) -> Mapping[str, Mapping[str, str]]:
    import tomllib

    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidValue(
            f"the labels cannot be read ({error})",
            field="file",
            value=str(file),
            hint="Write TOML in UTF-8: a table [Sex], and in it lines such as female = '...'",
        ) from error
    lists = {one.__name__: one for one in Code.__subclasses__()}
    for name, said in found.items():
        if name not in lists:
            hint = did_you_mean(name, lists)
            raise UnknownName("no such list of words", field=str(file), value=name, hint=hint)
        if not isinstance(said, dict):
            raise InvalidValue("a table of labels is needed", field=name, value=said)
        for code, label in said.items():
            if code not in list(lists[name]):
                hint = did_you_mean(code, lists[name])
                raise UnknownName("no such word", field=name, value=code, hint=hint)
            if not isinstance(label, str):
                raise InvalidValue("a label is a text", field=f"{name}.{code}", value=label)
    return found
