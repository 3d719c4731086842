"""Sentences as templates with parameters, for translation."""

import re
from collections.abc import Mapping
from typing import Self

from thbstats.errors import InvalidValue

__all__ = ["Message", "translated"]

_PARAMETER = re.compile(r"\{(\w+)\}")


class Message(str):
    """A sentence made of a template and its parameters: a plain ``str`` that remembers both.

    Parameters
    ----------
    template : str
        The sentence in English, with parameters in braces. It is the key of its translations.
    **parameters : str, Message, sequence of str or object
        What stands in the braces; several texts are joined by semicolons.

    Examples
    --------
    >>> text = Message("{n} of {total} countries stand behind the figure", n=26, total=28)
    >>> text
    '26 of 28 countries stand behind the figure'
    >>> text.template, text.parameters["n"]
    ('{n} of {total} countries stand behind the figure', '26')
    """

    template: str
    parameters: Mapping[str, str | tuple[str, ...]]

    def __new__(cls, template: str, /, **parameters: object) -> Self:
        """Return the sentence with its parameters filled in."""
        values = {name: _parameter(value) for name, value in parameters.items()}
        joined = {
            name: value if isinstance(value, str) else "; ".join(value)
            for name, value in values.items()
        }
        named = set(_PARAMETER.findall(template))
        if named - set(joined) or set(_PARAMETER.sub("", template)) & {"{", "}"}:
            raise InvalidValue(
                "the template does not fit its parameters",
                field="template",
                value=template,
                mend="Name in braces only " + (", ".join(joined) or "nothing"),
            )
        made = super().__new__(cls, _PARAMETER.sub(lambda found: joined[found[1]], template))
        made.template, made.parameters = template, values
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (type(self), self.template, dict(self.parameters))


def translated(texts: Mapping[str, str], text: str) -> str:
    """Return a text in another language, its parameters too where they are known.

    Parameters
    ----------
    texts : mapping of str to str
        Translations of templates and words; what is not in it stays in English.
    text : str or Message
        What to translate.

    Returns
    -------
    str
        A `Message` where the text was one.

    Raises
    ------
    InvalidValue
        If a translation names a parameter that the template does not have.

    Examples
    --------
    >>> german = {"{n} of {total} countries": "{n} von {total} Staaten"}
    >>> translated(german, Message("{n} of {total} countries", n=26, total=28))
    '26 von 28 Staaten'
    """
    if not isinstance(text, Message):
        return texts.get(text, text)
    parameters = {
        name: translated(texts, value)
        if isinstance(value, str)
        else tuple(translated(texts, part) for part in value)
        for name, value in text.parameters.items()
    }
    return Message(texts.get(text.template, text.template), **parameters)


def _parameter(value: object) -> str | tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(part if isinstance(part, str) else str(part) for part in value)
    return value if isinstance(value, str) else str(value)


def _made(kind: type[Message], template: str, parameters: dict[str, object]) -> Message:
    return kind(template, **parameters)
